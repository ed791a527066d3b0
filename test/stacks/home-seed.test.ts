import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeSecurityGroupsCommand } from '@aws-sdk/client-ec2';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateUserProfileCommand, DeleteUserProfileCommand, DescribeDomainCommand } from '@aws-sdk/client-sagemaker';
import { strToU8, zipSync } from 'fflate';
import { deployTemplate, removeStack, startCloud } from './cloud.ts';
import { logManagementEvents } from './management-events.ts';
import { artifacts } from './provider.ts';
import type { TestCloud } from './test-cloud.ts';

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startCloud();
  await logManagementEvents(cloud.clients);
});
afterAll(() => cloud.stop());

test('home-seed.yaml seeds the homes of new profiles, its example the existing ones, and both are deleted', async () => {
  const { ec2, s3, sagemaker } = cloud.clients;
  const bucket = 'studio-resources-starter';
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  for (const Key of ['new.zip', 'all.zip']) {
    const Body = zipSync({ 'README.md': strToU8(Key) });
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  }
  const studio = await deployTemplate(cloud, 'studio', 'examples/studio.yaml');
  const { DomainId, HomeEfsFileSystemId, HomeEfsFileSystemUid } = studio;
  const { SubnetIds } = await sagemaker.send(new DescribeDomainCommand({ DomainId }));
  const Filters = [{ Name: 'group-name', Values: [`security-group-for-outbound-nfs-${DomainId}`] }];
  const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
  const installed = await deployTemplate(cloud, 'home-seed', 'home-seed.yaml', {
    ArtifactBucket: artifacts.bucket,
    ArtifactPrefix: artifacts.prefix,
    DomainId: DomainId!,
    FileSystemId: HomeEfsFileSystemId!,
    SubnetIds: SubnetIds!.join(','),
    SecurityGroupIds: SecurityGroups!.map(({ GroupId }) => GroupId).join(','),
    Source: `s3://${bucket}/new.zip`,
    Destination: 'welcome',
  });
  expect(installed.HomeSeedServiceToken).toMatch(/:function:studio-resources-home-seed-d-/);

  await sagemaker.send(new CreateUserProfileCommand({ DomainId, UserProfileName: 'grace' }));
  const homes = join(cloud.files, HomeEfsFileSystemId!);
  const seeded = () =>
    (existsSync(homes) ? readdirSync(homes) : []).find((name) => existsSync(join(homes, name, 'welcome/README.md')));
  await cloud.until(seeded, 'the home of the new profile to be seeded');
  const graces = seeded()!;
  expect(graces).not.toBe(HomeEfsFileSystemUid);
  expect(readFileSync(join(homes, graces, 'welcome/README.md'), 'utf8')).toBe('new.zip');

  const Source = `s3://${bucket}/all.zip`;
  await deployTemplate(cloud, 'seeds', 'examples/home-seed.yaml', {
    DomainId: DomainId!,
    Source,
    DeleteUnchanged: 'true',
  });
  for (const uid of [graces, HomeEfsFileSystemUid!]) {
    expect(readFileSync(join(homes, uid, 'examples/README.md'), 'utf8')).toBe('all.zip');
  }
  await removeStack(cloud, 'seeds');
  expect(existsSync(join(homes, HomeEfsFileSystemUid!, 'examples'))).toBe(false);
  expect(existsSync(join(homes, graces, 'welcome/README.md'))).toBe(true);

  await removeStack(cloud, 'home-seed');
  await sagemaker.send(new DeleteUserProfileCommand({ DomainId, UserProfileName: 'grace' }));
  await removeStack(cloud, 'studio');
});
