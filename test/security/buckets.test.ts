import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeSecurityGroupsCommand } from '@aws-sdk/client-ec2';
import {
  CreateBucketCommand,
  DeletePublicAccessBlockCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { DescribeDomainCommand } from '@aws-sdk/client-sagemaker';
import { strToU8, zipSync } from 'fflate';
import { deployTemplate, removeStack, startCloud } from '../stacks/cloud.ts';
import { artifacts } from '../stacks/provider.ts';
import type { TestCloud } from '../stacks/test-cloud.ts';
import { assumedRole } from './assumed-role.ts';

/** The default of SeedCodeBuckets, MembersBuckets, SetupBuckets and SourceBuckets matches it. */
const evil = 'studio-resources-evil';
const script = 'touch stolen';
const scriptKey = `${createHash('sha256').update(script).digest('hex')}.sh`;

let cloud: TestCloud;
let studio: Record<string, string>;
let attacker: S3Client;

beforeAll(async () => {
  cloud = await startCloud();
  studio = await deployTemplate(cloud, 'studio', 'examples/studio.yaml');
  attacker = cloud.as('666666666666').clients.s3;
  await attacker.send(new CreateBucketCommand({ Bucket: evil }));
  await attacker.send(new DeletePublicAccessBlockCommand({ Bucket: evil }));
  const resources = [`arn:aws:s3:::${evil}`, `arn:aws:s3:::${evil}/*`];
  const Statement = { Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: resources };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await attacker.send(new PutBucketPolicyCommand({ Bucket: evil, Policy }));
  const zip = zipSync({ 'README.md': strToU8('evil') });
  const objects = {
    'code.zip': zip,
    'folder/a.txt': 'evil',
    'members.csv': 'UserProfileName\nmallory\n',
    [scriptKey]: script,
  };
  for (const [Key, Body] of Object.entries(objects))
    await attacker.send(new PutObjectCommand({ Bucket: evil, Key, Body }));
});
afterAll(() => cloud.stop());

/** Deploys a stack of one resource, which has to fail; the reasons. */
async function attack(type: string, token: string, properties: Record<string, unknown>): Promise<string> {
  const Properties = { ServiceToken: { 'Fn::ImportValue': token }, ...properties };
  const template = JSON.stringify({ Resources: { Attack: { Type: `Custom::${type}`, Properties } } });
  const { failures } = await cloud.deploy('attack', { template });
  await removeStack(cloud, 'attack');
  return failures.join('\n');
}

const refused = (action: string) =>
  expect.stringMatching(new RegExp(`not authorized to perform: s3:${action}|Access ?Denied|Forbidden`));

test.each([
  ['SourceKey', 'code.zip'],
  ['SourcePrefix', 'folder/'],
])('SeedCode reads no %s from a bucket of another account', async (property, value) => {
  const own = 'studio-resources-own';
  await cloud.clients.s3.send(new CreateBucketCommand({ Bucket: own })).catch(() => {});
  const source = { SourceBucket: evil, [property]: value };
  const failures = await attack('SeedCode', 'SeedCodeServiceToken', { ...source, DestinationBucket: own });
  expect(failures).toEqual(refused('GetObject'));
  expect(failures).toContain('the bucket has to belong to this account');
});

test('SeedCode writes nothing into a bucket of another account', async () => {
  const source = { SourceBucket: artifacts.bucket, SourceKey: `${artifacts.prefix}/seed-code.zip` };
  const failures = await attack('SeedCode', 'SeedCodeServiceToken', { ...source, DestinationBucket: evil });
  expect(failures).toContain('the bucket has to belong to this account');
  const { KeyCount } = await attacker.send(new ListObjectsV2Command({ Bucket: evil }));
  expect(KeyCount).toBe(4);
});

test('StudioUserProfileFleet reads no members from a bucket of another account', async () => {
  const MembersS3Uri = `s3://${evil}/members.csv`;
  const properties = { DomainId: studio.DomainId, MembersS3Uri };
  const failures = await attack('StudioUserProfileFleet', 'StudioUserProfileFleetServiceToken', properties);
  expect(failures).toEqual(refused('GetObject'));
  expect(failures).toContain('the bucket has to belong to this account');
});

test('StudioSetup reads no commands from a bucket of another account', async () => {
  const CommandsS3Uri = `s3://${evil}/${scriptKey}`;
  const { DomainId, UserProfileName } = studio;
  const properties = { DomainId, UserProfileName, CommandsS3Uri, StartApp: true };
  const failures = await attack('StudioSetup', 'StudioSetupServiceToken', properties);
  expect(failures).toEqual(refused('GetObject'));
  expect(failures).toContain('the bucket has to belong to this account');
});

test('HomeSeed puts nothing into homes from a bucket of another account', async () => {
  const { ec2, sagemaker } = cloud.clients;
  const { DomainId = '', HomeEfsFileSystemId = '' } = studio;
  const { SubnetIds } = await sagemaker.send(new DescribeDomainCommand({ DomainId }));
  const Filters = [{ Name: 'group-name', Values: [`security-group-for-outbound-nfs-${DomainId}`] }];
  const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
  await deployTemplate(cloud, 'home-seed', 'home-seed.yaml', {
    ...{ ArtifactBucket: artifacts.bucket, ArtifactPrefix: artifacts.prefix, DomainId },
    FileSystemId: HomeEfsFileSystemId,
    SubnetIds: SubnetIds!.join(','),
    SecurityGroupIds: SecurityGroups!.map(({ GroupId }) => GroupId).join(','),
  });
  const properties = { DomainId, Source: `s3://${evil}/code.zip` };
  const failures = await attack('HomeSeed', `HomeSeedServiceToken-${DomainId}`, properties);
  expect(failures).toEqual(refused('GetObject'));
  const written = readdirSync(join(cloud.files, HomeEfsFileSystemId), { recursive: true });
  expect(written.map(String).filter((path) => path.endsWith('README.md'))).toEqual([]);
  await removeStack(cloud, 'home-seed');
});

test.each(['aws:ResourceAccount', 's3:ResourceAccount'])('%s tells buckets of another account apart', async (key) => {
  const own = `studio-resources-${key.slice(0, 3).replace(':', '-')}own`;
  await cloud.clients.s3.send(new CreateBucketCommand({ Bucket: own }));
  const Condition = { StringEquals: { [key]: '${aws:PrincipalAccount}' } };
  const { clients } = await assumedRole(cloud, `reader-${own}`, [{ Action: 's3:ListBucket', Condition }]);
  await clients.s3.send(new ListObjectsV2Command({ Bucket: own }));
  const denied = { name: 'AccessDenied', message: expect.stringContaining('s3:ListBucket') };
  await expect(clients.s3.send(new ListObjectsV2Command({ Bucket: evil }))).rejects.toMatchObject(denied);
});
