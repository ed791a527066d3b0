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
  type UserProfileStatus,
} from '@aws-sdk/client-sagemaker';
import { account } from '../../scripts/start/clients.ts';
import { takeInventory } from '../../scripts/start/inventory.ts';
import { deployTemplate, readTemplate, removeStack, startCloud } from './cloud.ts';
import { studioUser } from './studio-user.ts';
import type { TestCloud } from './test-cloud.ts';

const Bucket = 'studio-resources-members';
const policy = 'arn:aws:iam::aws:policy/AmazonSageMakerFullAccess';

let cloud: TestCloud;
let network: Record<string, string>;
let DomainId: string;
let before: Map<string, string[]>;

beforeAll(async () => {
  cloud = await startCloud();
  network = await deployTemplate(cloud, 'network', 'network.yaml');
  DomainId = (await deployTemplate(cloud, 'domain', 'domain.yaml', shared())).DomainId!;
  const { s3 } = cloud.clients;
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  before = await takeInventory(cloud.clients);
});

afterAll(() => cloud.stop());

/** The parameters of the domain. */
function shared(): Record<string, string> {
  const { VpcId = '', SubnetIds = '' } = network;
  const closed = { VpcId, SubnetIds, AppNetworkAccessType: 'VpcOnly', HomeEfsFileSystem: 'Delete' };
  return { DomainName: 'shared', ...closed };
}

async function describeProfile(UserProfileName: string) {
  const { sagemaker } = cloud.clients;
  const profile = await sagemaker.send(new DescribeUserProfileCommand({ DomainId, UserProfileName }));
  const { Tags = [] } = await sagemaker.send(new ListTagsCommand({ ResourceArn: profile.UserProfileArn }));
  return { ...profile, tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])) };
}

async function profiles(status?: UserProfileStatus): Promise<string[]> {
  const pages = paginateListUserProfiles({ client: cloud.clients.sagemaker }, { DomainIdEquals: DomainId });
  const all = (await Array.fromAsync(pages)).flatMap(({ UserProfiles = [] }) => UserProfiles);
  const wanted = all.filter(({ Status }) => status === undefined || Status === status);
  return wanted.map(({ UserProfileName }) => UserProfileName!).sort();
}

test('a user profile gets a role and a security group of its own, which are deleted with it', async () => {
  const parameters = { DomainId, UserProfileName: 'grace', CostCenter: '4711' };
  const plain = await deployTemplate(cloud, 'grace', 'user-profile.yaml', parameters);
  expect(await describeProfile('grace')).toMatchObject({ Status: 'InService', tags: { CostCenter: '4711' } });
  const { ec2 } = cloud.clients;

  const own = await deployTemplate(cloud, 'grace', 'user-profile.yaml', {
    ...parameters,
    VpcId: network.VpcId!,
    ManagedPolicyArns: policy,
    Team: 'vision',
  });
  expect(own).toMatchObject(plain);
  expect(own.ExecutionRoleArn).toMatch(/:role\/studio-grace-[0-9a-f]{12}$/);
  const { UserSettings, tags } = await describeProfile('grace');
  expect(UserSettings).toMatchObject({ ExecutionRole: own.ExecutionRoleArn });
  expect(tags).toMatchObject({ CostCenter: '4711', Team: 'vision' });
  const GroupIds = UserSettings!.SecurityGroups!;
  const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds }));
  const itself = [{ FromPort: 8192, ToPort: 65535, UserIdGroupPairs: [{ GroupId: GroupIds[0] }] }];
  expect(SecurityGroups).toMatchObject([{ GroupName: expect.any(String), IpPermissions: itself }]);

  await removeStack(cloud, 'grace');
  expect(await takeInventory(cloud.clients)).toEqual(before);
});

test('with the domain’s role, a user creates spaces of her own, which are deleted with her if the template says so', async () => {
  const parameters = { DomainId, UserProfileName: 'ada' };
  const template = await readTemplate('user-profile.yaml');
  const { id } = await cloud.deploy('ada', { template, parameters });
  const { sagemaker } = cloud.clients;
  const space = { DomainId, SpaceName: 'thesis' };
  const ofOwner = (OwnerUserProfileName: string) =>
    new CreateSpaceCommand({
      ...space,
      OwnershipSettings: { OwnerUserProfileName },
      SpaceSharingSettings: { SharingType: 'Private' },
      Tags: [{ Key: 'sagemaker:created-by', Value: 'studio' }],
    });
  await sagemaker.send(new CreateUserProfileCommand({ DomainId, UserProfileName: 'other' }));
  await cloud.until(async () => (await profiles('InService')).includes('other'), 'the other profile to be in service');
  const ada = await studioUser(cloud, DomainId, 'ada');
  await expect(ada.send(ofOwner('other'))).rejects.toThrow('sagemaker:CreateSpace');
  await ada.send(ofOwner('ada'));
  const status = async () => (await sagemaker.send(new DescribeSpaceCommand(space)).catch(() => undefined))?.Status;
  await cloud.until(async () => (await status()) === 'InService', 'the space to be in service');
  const allowed = await cloud.deploy('ada', { template, parameters: { ...parameters, DeleteContents: 'All' } });
  expect(allowed).toMatchObject({ id, status: 'UPDATE_COMPLETE', failures: [] });
  await sagemaker.send(new DeleteUserProfileCommand({ DomainId, UserProfileName: 'other' }));
  await cloud.until(async () => !(await profiles()).includes('other'), 'the other profile to be gone');
  await removeStack(cloud, 'ada');
  expect(await takeInventory(cloud.clients)).toEqual(before);
});

test('a fleet is a few names, then a file, and reports who has no profile', async () => {
  const { s3, sagemaker } = cloud.clients;
  const parameters = { DomainId, CostCenter: '4711', IdleTimeoutInMinutes: '90' };
  const names = { UserProfileName1: 'ana', UserProfileName3: 'bo' };
  const named = await deployTemplate(cloud, 'fleet', 'user-fleet.yaml', { ...parameters, ...names });
  expect(named).toEqual({ MemberCount: '2', FailedCount: '0', Failed: '[]' });
  expect(await profiles()).toEqual(['ana', 'bo']);
  expect(await describeProfile('ana')).toMatchObject({
    tags: { CostCenter: '4711' },
    UserSettings: {
      JupyterLabAppSettings: { AppLifecycleManagement: { IdleSettings: { IdleTimeoutInMinutes: 90 } } },
    },
  });

  await sagemaker.send(new CreateUserProfileCommand({ DomainId, UserProfileName: 'dee' }));
  const Body = ['UserProfileName,Tag:Team', 'bo,vision', 'cy,', 'dee,vision'].join('\n');
  const { VersionId = '' } = await s3.send(new PutObjectCommand({ Bucket, Key: 'team.csv', Body }));
  const file = { MembersS3Uri: `s3://${Bucket}/team.csv`, MembersS3VersionId: VersionId };
  const listed = await deployTemplate(cloud, 'fleet', 'user-fleet.yaml', { ...parameters, ...file });
  expect(listed).toMatchObject({ MemberCount: '3', FailedCount: '1' });
  expect(listed.Failed).toContain('dee');
  expect(await profiles()).toEqual(['bo', 'cy', 'dee']);
  expect((await describeProfile('bo')).tags).toMatchObject({ CostCenter: '4711', Team: 'vision' });

  await removeStack(cloud, 'fleet');
  expect(await profiles()).toEqual(['dee']);
});

test('in a domain of IAM Identity Center, a profile belongs to a user there', async () => {
  const { VpcId = '', SubnetIds = '' } = network;
  const parameters = { VpcId, SubnetIds, AuthMode: 'SSO', HomeEfsFileSystem: 'Delete' };
  const central = await deployTemplate(cloud, 'central', 'domain.yaml', { DomainName: 'central', ...parameters });
  const user = { DomainId: central.DomainId!, UserProfileName: 'ada' };
  const template = await readTemplate('user-profile.yaml');
  const refused = await cloud.deploy('refused', { template, parameters: user });
  expect(refused.failures.join()).toContain('SingleSignOnUser');
  await removeStack(cloud, 'refused');
  await deployTemplate(cloud, 'central-ada', 'user-profile.yaml', { ...user, SingleSignOnUserName: 'ada@example.com' });
  const profile = await cloud.clients.sagemaker.send(new DescribeUserProfileCommand(user));
  expect(profile).toMatchObject({
    SingleSignOnUserIdentifier: 'UserName',
    SingleSignOnUserValue: 'ada@example.com',
  });
  await removeStack(cloud, 'central-ada');
  await removeStack(cloud, 'central');
});

test.each<[string, Record<string, string>, string]>([
  [
    'user-profile',
    { UserProfileName: 'x', ExecutionRoleArn: `arn:aws:iam::${account}:role/studio-x`, ManagedPolicyArns: policy },
    'ManagedPolicyArns are for a role that the stack creates',
  ],
  [
    'user-profile',
    { UserProfileName: 'x', PermissionsBoundaryArn: policy },
    'PermissionsBoundaryArn is for a role that the stack creates',
  ],
  ['user-profile', { UserProfileName: 'x', VpcId: 'default' }, 'VpcId failed to satisfy constraint: the id of a VPC'],
  ['user-fleet', {}, 'Users are either in a file'],
  ['user-fleet', { UserProfileName1: 'ana', MembersS3Uri: 's3://bucket/team.csv' }, 'Users are either in a file'],
  ['user-fleet', { UserProfileName1: 'ana', MembersS3VersionId: 'v1' }, 'MembersS3VersionId is a version of'],
  ['user-fleet', { MembersS3Uri: 's3://bucket/team.xlsx' }, 'MembersS3Uri failed to satisfy constraint'],
  ['user-fleet', { UserProfileName1: 'ana', IdleTimeoutInMinutes: '59' }, 'a number from 60 to 525600'],
])('%s with %j is refused before anything is created', async (template, parameters, reason) => {
  const deployment = {
    template: await readTemplate(`${template}.yaml`),
    parameters: { DomainId, ...parameters },
  };
  await expect(cloud.deploy('refused', deployment)).rejects.toThrow(reason);
});

test('the domain is deleted after its users', async () => {
  await deployTemplate(cloud, 'domain', 'domain.yaml', { ...shared(), DeleteContents: 'All' });
  await removeStack(cloud, 'domain');
  const left = await takeInventory(cloud.clients);
  expect([...left.get('domains')!, ...left.get('user profiles')!, ...left.get('file systems')!]).toEqual([]);
});
