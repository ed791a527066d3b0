import {
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteSecurityGroupCommand,
  DeleteSubnetCommand,
  DeleteVpcCommand,
  DescribeSecurityGroupsCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateDomainCommand,
  type CreateDomainRequest,
  CreateUserProfileCommand,
  DeleteDomainCommand,
  DeleteUserProfileCommand,
  DescribeDomainCommand,
  DescribeUserProfileCommand,
  type UserSettings,
} from '@aws-sdk/client-sagemaker';
import type { Account } from './account.ts';
import { unless } from './answers.ts';

const gone = /^ResourceNotFound/;

/** A role that a service may assume, for the time of the run; its ARN. */
export async function createRole(account: Account, words: string, trust: object): Promise<string> {
  const { iam } = account.clients;
  const RoleName = account.name(words);
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  account.made(`role ${RoleName}`, () => iam.send(new DeleteRoleCommand({ RoleName })));
  return Role!.Arn!;
}

/** Gives a role of this run a policy with one statement. */
export async function grant(account: Account, words: string, statement: object): Promise<void> {
  const { iam } = account.clients;
  const policy = { RoleName: account.name(words), PolicyName: 'conform' };
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument }));
  account.made(`the policy of role ${policy.RoleName}`, () => iam.send(new DeleteRolePolicyCommand(policy)));
}

export function trustIn(Service: string, Condition?: object): object {
  return { Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole', ...(Condition && { Condition }) };
}

/** The role of the domain; its ARN. */
export function sharedRole(account: Account): Promise<string> {
  return account.once('role', () => createRole(account, 'execution', trustIn('sagemaker.amazonaws.com')));
}

export function sharedNetwork(account: Account): Promise<{ VpcId: string; SubnetId: string }> {
  return account.once('network', async () => {
    const { ec2 } = account.clients;
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.99.0.0/24' }));
    const VpcId = Vpc!.VpcId!;
    account.made(`VPC ${VpcId}`, async () => {
      await removeGroups(account, VpcId);
      await ec2.send(new DeleteVpcCommand({ VpcId }));
    });
    const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: '10.99.0.0/26' }));
    const SubnetId = Subnet!.SubnetId!;
    // The network interfaces of a deleted file system go a little later.
    account.made(`subnet ${SubnetId}`, () =>
      account.until(`subnet ${SubnetId} to be free`, async () => {
        try {
          return await ec2.send(new DeleteSubnetCommand({ SubnetId }));
        } catch (error) {
          if ((error as Error).name === 'DependencyViolation') return undefined;
          throw error;
        }
      }),
    );
    return { VpcId, SubnetId };
  });
}

/** A security group in the shared VPC; its id. */
export async function createGroup(account: Account, words: string): Promise<string> {
  const { ec2 } = account.clients;
  const { VpcId } = await sharedNetwork(account);
  const GroupName = account.name(words);
  const { GroupId } = await ec2.send(new CreateSecurityGroupCommand({ GroupName, Description: GroupName, VpcId }));
  account.made(`security group ${GroupName}`, () => ec2.send(new DeleteSecurityGroupCommand({ GroupId })));
  return GroupId!;
}

/** The security groups of a VPC that SageMaker has left: they name each other. */
async function removeGroups({ clients: { ec2 } }: Account, VpcId: string): Promise<void> {
  const groups = await nfsGroups(ec2, VpcId);
  for (const { GroupId, IpPermissions = [], IpPermissionsEgress = [] } of groups) {
    if (IpPermissions.length > 0) await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
    if (IpPermissionsEgress.length > 0) {
      await ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: IpPermissionsEgress }));
    }
  }
  for (const { GroupId } of groups) await ec2.send(new DeleteSecurityGroupCommand({ GroupId }));
}

/** The security groups that SageMaker has created for the domains in a VPC. */
export async function nfsGroups(ec2: Account['clients']['ec2'], VpcId: string) {
  const { SecurityGroups = [] } = await ec2.send(
    new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'vpc-id', Values: [VpcId] }] }),
  );
  return SecurityGroups.filter(({ GroupName }) => GroupName?.startsWith('security-group-for-'));
}

/** Creates a domain, without waiting for it; its id. */
export async function createDomain(account: Account, words: string, more: Partial<CreateDomainRequest> = {}) {
  const { VpcId, SubnetId } = await sharedNetwork(account);
  const ExecutionRole = await sharedRole(account);
  const { sagemaker } = account.clients;
  const DomainName = account.name(words);
  const request = new CreateDomainCommand({
    DomainName,
    AuthMode: 'IAM',
    VpcId,
    SubnetIds: [SubnetId],
    DefaultUserSettings: { ExecutionRole },
    ...more,
  });
  // SageMaker cannot assume a role in the first seconds after its creation.
  const { DomainArn = '', DomainId = DomainArn.split('/').pop()! } = await account.until(
    'the execution role to be usable',
    async () => {
      try {
        return await sagemaker.send(request);
      } catch (error) {
        if (/assume/i.test((error as Error).message)) return undefined;
        throw error;
      }
    },
  );
  account.made(`domain ${DomainId}`, () => removeDomain(account, DomainId));
  return DomainId;
}

export async function removeDomain(account: Account, DomainId: string): Promise<void> {
  const { sagemaker } = account.clients;
  const found = await unless(gone, sagemaker.send(new DescribeDomainCommand({ DomainId })));
  if (!found) return;
  if (found.Status === 'Pending') await inService(account, DomainId);
  await unless(
    gone,
    sagemaker.send(new DeleteDomainCommand({ DomainId, RetentionPolicy: { HomeEfsFileSystem: 'Delete' } })),
  );
  await account.until(`domain ${DomainId} to be deleted`, async () => {
    const still = await unless(gone, sagemaker.send(new DescribeDomainCommand({ DomainId })));
    if (still?.Status === 'Failed' || still?.Status === 'Delete_Failed') throw new Error(still.FailureReason);
    return still === undefined ? true : undefined;
  });
}

/** Waits until a domain, or an update of it, is done. */
export async function inService(account: Account, DomainId: string): Promise<void> {
  await account.until(`domain ${DomainId} to be in service`, async () => {
    const request = new DescribeDomainCommand({ DomainId });
    const { Status, FailureReason } = (await unless(gone, account.clients.sagemaker.send(request))) ?? {};
    if (/Failed/.test(Status ?? '')) throw new Error(`domain ${DomainId} is ${Status}: ${FailureReason}`);
    return Status === 'InService' ? true : undefined;
  });
}

/** A domain in service; its id. */
export function sharedDomain(account: Account): Promise<string> {
  return account.once('domain', async () => {
    const DomainId = await createDomain(account, 'shared');
    await inService(account, DomainId);
    return DomainId;
  });
}

/** A user profile in the shared domain, in service. */
export function sharedProfile(account: Account): Promise<{ DomainId: string; UserProfileName: string }> {
  return account.once('profile', () => createProfile(account, 'Shared'));
}

/** A user profile of that name in the shared domain, in service. */
export async function createProfile(account: Account, UserProfileName: string, UserSettings?: UserSettings) {
  const profile = await requestProfile(account, UserProfileName, UserSettings);
  await profileInService(account, profile);
  return profile;
}

/** Creates a user profile in the shared domain, without waiting for it. */
export async function requestProfile(account: Account, UserProfileName: string, UserSettings?: UserSettings) {
  const { sagemaker } = account.clients;
  const DomainId = await sharedDomain(account);
  const profile = { DomainId, UserProfileName };
  await sagemaker.send(new CreateUserProfileCommand({ ...profile, UserSettings }));
  account.made(`user profile ${UserProfileName}`, async () => {
    await unless(gone, sagemaker.send(new DeleteUserProfileCommand(profile)));
    await account.untilGone(`user profile ${UserProfileName}`, () =>
      sagemaker.send(new DescribeUserProfileCommand(profile)),
    );
  });
  return profile;
}

export async function profileInService(
  account: Account,
  profile: { DomainId: string; UserProfileName: string },
): Promise<UserSettings> {
  return account.until(`user profile ${profile.UserProfileName} to be in service`, async () => {
    const request = new DescribeUserProfileCommand(profile);
    const found = await unless(gone, account.clients.sagemaker.send(request));
    const { Status, FailureReason, UserSettings } = found ?? {};
    if (/Failed/.test(Status ?? '')) throw new Error(`user profile ${profile.UserProfileName}: ${FailureReason}`);
    return Status === 'InService' ? (UserSettings ?? {}) : undefined;
  });
}
