import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeSecurityGroupsCommand } from '@aws-sdk/client-ec2';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateUserProfileCommand, DeleteUserProfileCommand, DescribeDomainCommand } from '@aws-sdk/client-sagemaker';
import { strToU8, zipSync } from 'fflate';
import { deleteStack, deployStack } from '../../scripts/start/stack.ts';
import { eventually } from '../packages/local/lambda-cloud.ts';
import {
  blind,
  installProvider,
  logManagementEvents,
  readTemplate,
  reasons,
  startCloud,
  type TestCloud,
} from './cloud.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startCloud(['--files', directory()]);
  await installProvider(cloud.clients);
  await logManagementEvents(cloud.clients);
}, 120_000);
afterAll(() => cloud.stop());

async function deploy(name: string, template: string, parameters: Record<string, string>) {
  const text = await readTemplate(template);
  const ended = await deployStack(cloud.clients.cloudformation, blind, { name, template: text, parameters });
  expect(reasons(ended)).toEqual([]);
  const outputs = (ended.stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]);
  return { stack: ended.stack, outputs: Object.fromEntries(outputs) as Record<string, string> };
}

test('home-seed.yaml seeds the homes of new profiles, its example those that are there, and both go again', async () => {
  const { cloudformation, ec2, s3, sagemaker } = cloud.clients;
  const bucket = 'studio-resources-starter';
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  for (const Key of ['new.zip', 'all.zip']) {
    const Body = zipSync({ 'README.md': strToU8(Key) });
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  }
  const studio = await deploy('studio', 'examples/studio.yaml', {});
  const { DomainId, HomeEfsFileSystemId, HomeEfsFileSystemUid } = studio.outputs;
  const { SubnetIds } = await sagemaker.send(new DescribeDomainCommand({ DomainId }));
  const Filters = [{ Name: 'group-name', Values: [`security-group-for-outbound-nfs-${DomainId}`] }];
  const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
  const installed = await deploy('home-seed', 'home-seed.yaml', {
    ArtifactBucket: 'studio-resources-artifacts',
    ArtifactPrefix: 'test',
    DomainId: DomainId!,
    FileSystemId: HomeEfsFileSystemId!,
    SubnetIds: SubnetIds!.join(','),
    SecurityGroupIds: SecurityGroups!.map(({ GroupId }) => GroupId).join(','),
    Source: `s3://${bucket}/new.zip`,
    Destination: 'welcome',
  });
  expect(installed.outputs.HomeSeedServiceToken).toMatch(/:function:studio-resources-home-seed-d-/);

  await sagemaker.send(new CreateUserProfileCommand({ DomainId, UserProfileName: 'grace' }));
  const homes = join(directory(), HomeEfsFileSystemId!);
  const graces = await eventually(() => {
    const names = existsSync(homes) ? readdirSync(homes) : [];
    const [home] = names.filter((name) => existsSync(join(homes, name, 'welcome/README.md')));
    return home;
  });
  expect(graces).not.toBe(HomeEfsFileSystemUid);
  expect(readFileSync(join(homes, graces, 'welcome/README.md'), 'utf8')).toBe('new.zip');

  const Source = `s3://${bucket}/all.zip`;
  const seeds = await deploy('seeds', 'examples/home-seed.yaml', {
    DomainId: DomainId!,
    Source,
    DeleteUnchanged: 'true',
  });
  for (const uid of [graces, HomeEfsFileSystemUid!]) {
    expect(readFileSync(join(homes, uid, 'examples/README.md'), 'utf8')).toBe('all.zip');
  }
  expect(reasons(await deleteStack(cloudformation, blind, seeds.stack))).toEqual([]);
  expect(existsSync(join(homes, HomeEfsFileSystemUid!, 'examples'))).toBe(false);
  expect(existsSync(join(homes, graces, 'welcome/README.md'))).toBe(true);

  expect(reasons(await deleteStack(cloudformation, blind, installed.stack))).toEqual([]);
  await sagemaker.send(new DeleteUserProfileCommand({ DomainId, UserProfileName: 'grace' }));
  expect(reasons(await deleteStack(cloudformation, blind, studio.stack))).toEqual([]);
}, 240_000);
