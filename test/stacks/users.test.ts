import { DescribeSecurityGroupsCommand } from '@aws-sdk/client-ec2';
import { CreateBucketCommand, PutBucketVersioningCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  CreateSpaceCommand,
  CreateUserProfileCommand,
  DeleteUserProfileCommand,
  DescribeSpaceCommand,
  DescribeUserProfileCommand,
  ListTagsCommand,
  paginateListUserProfiles,
} from '@aws-sdk/client-sagemaker';
import { account } from '../../scripts/start/clients.ts';
import { takeInventory } from '../../scripts/start/inventory.ts';
import { deleteStack, deployStack, type Ended } from '../../scripts/start/stack.ts';
import { blind, installProvider, readTemplate, reasons, startCloud, type TestCloud } from './cloud.ts';
import { studioUser } from './studio-user.ts';

const Bucket = 'studio-resources-members';
const policy = 'arn:aws:iam::aws:policy/AmazonSageMakerFullAccess';

let cloud: TestCloud;
let network: Record<string, string>;
let domain: Ended['stack'];
let DomainId: string;
let before: Map<string, string[]>;

beforeAll(async () => {
  cloud = await startCloud();
  await installProvider(cloud.clients);
  network = (await deploy('network', 'network', {})).outputs;
  const { VpcId = '', SubnetIds = '' } = network;
  const closed = { VpcId, SubnetIds, AppNetworkAccessType: 'VpcOnly', HomeEfsFileSystem: 'Delete' };
  const made = await deploy('domain', 'domain', { DomainName: 'shared', ...closed });
  domain = made.stack;
  DomainId = made.outputs.DomainId!;
  const { s3 } = cloud.clients;
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  before = await takeInventory(cloud.clients);
}, 180_000);

afterAll(() => cloud.stop());

async function attempt(template: string, name: string, parameters: Record<string, string>) {
  const deployment = { name, template: await readTemplate(`${template}.yaml`), parameters };
  return deployStack(cloud.clients.cloudformation, blind, deployment);
}

async function deploy(template: string, name: string, parameters: Record<string, string>) {
  const ended = await attempt(template, name, parameters);
  expect(reasons(ended)).toEqual([]);
  const outputs = (ended.stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]);
  return { stack: ended.stack, outputs: Object.fromEntries(outputs) as Record<string, string> };
}

async function remove(stack: Ended['stack']): Promise<void> {
  expect(reasons(await deleteStack(cloud.clients.cloudformation, blind, stack))).toEqual([]);
}

async function describeProfile(UserProfileName: string) {
  const { sagemaker } = cloud.clients;
  const profile = await sagemaker.send(new DescribeUserProfileCommand({ DomainId, UserProfileName }));
  const { Tags = [] } = await sagemaker.send(new ListTagsCommand({ ResourceArn: profile.UserProfileArn }));
  return { ...profile, tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])) };
}

async function profiles(): Promise<string[]> {
  const pages = paginateListUserProfiles({ client: cloud.clients.sagemaker }, { DomainIdEquals: DomainId });
  const all = (await Array.fromAsync(pages)).flatMap(({ UserProfiles = [] }) => UserProfiles);
  return all.map(({ UserProfileName }) => UserProfileName!).sort();
}

test('a user profile gets a role and a security group of its own, and gives them back', async () => {
  const parameters = { DomainId, UserProfileName: 'grace', CostCenter: '4711' };
  const plain = await deploy('user-profile', 'grace', parameters);
  expect(await describeProfile('grace')).toMatchObject({ Status: 'InService', tags: { CostCenter: '4711' } });
  const { ec2 } = cloud.clients;

  const own = await deploy('user-profile', 'grace', {
    ...parameters,
    VpcId: network.VpcId!,
    ManagedPolicyArns: policy,
    Team: 'vision',
  });
  expect(own.outputs).toMatchObject(plain.outputs);
  expect(own.outputs.ExecutionRoleArn).toMatch(/:role\/studio-grace-[0-9a-f]{12}$/);
  const { UserSettings, tags } = await describeProfile('grace');
  expect(UserSettings).toMatchObject({ ExecutionRole: own.outputs.ExecutionRoleArn });
  expect(tags).toMatchObject({ CostCenter: '4711', Team: 'vision' });
  const GroupIds = UserSettings!.SecurityGroups!;
  const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds }));
  const itself = [{ FromPort: 8192, ToPort: 65535, UserIdGroupPairs: [{ GroupId: GroupIds[0] }] }];
  expect(SecurityGroups).toMatchObject([{ GroupName: expect.any(String), IpPermissions: itself }]);

  await remove(own.stack);
  expect(await takeInventory(cloud.clients)).toEqual(before);
}, 60_000);

test('with the role that the domain makes, a user makes spaces of her own, which go with her if the template says so', async () => {
  const parameters = { DomainId, UserProfileName: 'ada' };
  const { stack } = await deploy('user-profile', 'ada', parameters);
  const { sagemaker, cloudformation } = cloud.clients;
  const space = { DomainId, SpaceName: 'thesis' };
  const ofOwner = (OwnerUserProfileName: string) =>
    new CreateSpaceCommand({
      ...space,
      OwnershipSettings: { OwnerUserProfileName },
      SpaceSharingSettings: { SharingType: 'Private' },
      Tags: [{ Key: 'sagemaker:created-by', Value: 'studio' }],
    });
  await sagemaker.send(new CreateUserProfileCommand({ DomainId, UserProfileName: 'other' }));
  const ada = await studioUser(cloud.endpoint, DomainId, 'ada');
  await expect(ada.send(ofOwner('other'))).rejects.toThrow('sagemaker:CreateSpace');
  await ada.send(ofOwner('ada'));
  const status = async () => (await sagemaker.send(new DescribeSpaceCommand(space)).catch(() => undefined))?.Status;
  while ((await status()) !== 'InService') await new Promise((resolve) => setTimeout(resolve, 50));
  const allowed = await deploy('user-profile', 'ada', { ...parameters, DeleteContents: 'All' });
  expect(allowed.stack.StackId).toBe(stack.StackId);
  await sagemaker.send(new DeleteUserProfileCommand({ DomainId, UserProfileName: 'other' }));
  while ((await profiles()).includes('other')) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(reasons(await deleteStack(cloudformation, blind, allowed.stack))).toEqual([]);
  expect(await takeInventory(cloud.clients)).toEqual(before);
}, 60_000);

test('a fleet is a few names, then a file, and tells who has no profile', async () => {
  const { s3, sagemaker } = cloud.clients;
  const parameters = { DomainId, CostCenter: '4711', IdleTimeoutInMinutes: '90' };
  const named = await deploy('user-fleet', 'fleet', { ...parameters, UserProfileName1: 'ana', UserProfileName3: 'bo' });
  expect(named.outputs).toEqual({ MemberCount: '2', FailedCount: '0', Failed: '[]' });
  expect(await profiles()).toEqual(['ana', 'bo']);
  expect(await describeProfile('ana')).toMatchObject({
    tags: { CostCenter: '4711' },
    UserSettings: {
      JupyterLabAppSettings: { AppLifecycleManagement: { IdleSettings: { IdleTimeoutInMinutes: 90 } } },
    },
  });

  await sagemaker.send(new CreateUserProfileCommand({ DomainId, UserProfileName: 'somebody' }));
  const Body = ['UserProfileName,Tag:Team', 'bo,vision', 'cy,', 'somebody,vision'].join('\n');
  const { VersionId = '' } = await s3.send(new PutObjectCommand({ Bucket, Key: 'team.csv', Body }));
  const file = { MembersS3Uri: `s3://${Bucket}/team.csv`, MembersS3VersionId: VersionId };
  const listed = await deploy('user-fleet', 'fleet', { ...parameters, ...file });
  expect(listed.outputs).toMatchObject({ MemberCount: '3', FailedCount: '1' });
  expect(listed.outputs.Failed).toContain('somebody');
  expect(await profiles()).toEqual(['bo', 'cy', 'somebody']);
  expect((await describeProfile('bo')).tags).toMatchObject({ CostCenter: '4711', Team: 'vision' });

  await remove(listed.stack);
  expect(await profiles()).toEqual(['somebody']);
}, 120_000);

test('in a domain of IAM Identity Center, a profile is that of a user there', async () => {
  const { VpcId = '', SubnetIds = '' } = network;
  const parameters = { VpcId, SubnetIds, AuthMode: 'SSO', HomeEfsFileSystem: 'Delete' };
  const central = await deploy('domain', 'central', { DomainName: 'central', ...parameters });
  const user = { DomainId: central.outputs.DomainId!, UserProfileName: 'ada' };
  const refused = await attempt('user-profile', 'nobody', user);
  expect(reasons(refused).join()).toContain('SingleSignOnUser');
  await remove(refused.stack);
  const ada = await deploy('user-profile', 'central-ada', { ...user, SingleSignOnUserName: 'ada@example.com' });
  const profile = await cloud.clients.sagemaker.send(new DescribeUserProfileCommand(user));
  expect(profile).toMatchObject({
    SingleSignOnUserIdentifier: 'UserName',
    SingleSignOnUserValue: 'ada@example.com',
  });
  await remove(ada.stack);
  await remove(central.stack);
}, 60_000);

test.each<[string, Record<string, string>, string]>([
  [
    'user-profile',
    { UserProfileName: 'x', ExecutionRoleArn: `arn:aws:iam::${account}:role/studio-x`, ManagedPolicyArns: policy },
    'ManagedPolicyArns are those of a role that is made',
  ],
  [
    'user-profile',
    { UserProfileName: 'x', PermissionsBoundaryArn: policy },
    'PermissionsBoundaryArn is that of a role that is made',
  ],
  ['user-profile', { UserProfileName: 'x', VpcId: 'default' }, 'VpcId failed to satisfy constraint: the id of a VPC'],
  ['user-fleet', {}, 'Users are either in a file'],
  ['user-fleet', { UserProfileName1: 'ana', MembersS3Uri: 's3://bucket/team.csv' }, 'Users are either in a file'],
  ['user-fleet', { UserProfileName1: 'ana', MembersS3VersionId: 'v1' }, 'MembersS3VersionId is a version of'],
  ['user-fleet', { MembersS3Uri: 's3://bucket/team.xlsx' }, 'MembersS3Uri failed to satisfy constraint'],
  ['user-fleet', { UserProfileName1: 'ana', IdleTimeoutInMinutes: '59' }, 'a number from 60 to 525600'],
])('%s with %j is refused before anything is created', async (template, parameters, reason) => {
  await expect(attempt(template, 'refused', { DomainId, ...parameters })).rejects.toThrow(reason);
});

test('the domain goes once its users are gone', async () => {
  const everything = { VpcId: network.VpcId!, SubnetIds: network.SubnetIds!, DeleteContents: 'All' };
  const closed = { AppNetworkAccessType: 'VpcOnly', HomeEfsFileSystem: 'Delete' };
  await deploy('domain', 'domain', { DomainName: 'shared', ...everything, ...closed });
  await remove(domain);
  const left = await takeInventory(cloud.clients);
  expect([...left.get('domains')!, ...left.get('user profiles')!, ...left.get('file systems')!]).toEqual([]);
}, 60_000);
