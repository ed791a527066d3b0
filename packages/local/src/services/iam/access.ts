import type * as IAM from '@aws-sdk/client-iam';
import { partitionOf } from '../../iam/partition.ts';
import { findRole, findRoleByArn, findUser, policiesOf, usersOf } from '../../iam/records.ts';
import type { Access, Call, Definition } from '../../service.ts';
import { findInstanceProfile } from './instance-profile-records.ts';
import { serviceLinkedRoleArn } from './service-linked-roles.ts';

type Rule = (input: Record<string, unknown>, call: Call) => Access[];

/** The role's ARN has its path in it, which the input does not say. */
const onRole: Rule = ({ RoleName: name, Path: path = '/', ...input }, call) => {
  const role = call.operation === 'CreateRole' ? undefined : findRole(call.cloud.store, call.account, String(name));
  const resource = role?.arn ?? `${arnPrefix(call)}:role${path}${name}`;
  return [{ resource, context: contextOf(input, role?.permissionsBoundary) }];
};

/** A call that names no user is about the caller. */
const onUser: Rule = ({ UserName: name, Path: path = '/', ...input }, call) => {
  const { principal, cloud, account } = call;
  const own = principal.kind === 'user' ? principal.userName : undefined;
  const user = call.operation === 'CreateUser' ? undefined : findUser(cloud.store, account, String(name ?? own));
  const resource = user?.arn ?? (name === undefined ? principal.arn : `${arnPrefix(call)}:user${path}${name}`);
  return [{ resource, context: contextOf(input, user?.permissionsBoundary) }];
};

const onPolicy: Rule = ({ PolicyArn: arn, PolicyName: name, Path: path = '/' }, call) => [
  { resource: typeof arn === 'string' ? arn : `${arnPrefix(call)}:policy${path}${name}` },
];

const onServiceLinkedRole: Rule = ({ AWSServiceName: service }, call) => [
  {
    resource: serviceLinkedRoleArn(String(service), call) ?? `${arnPrefix(call)}:role/aws-service-role/${service}/*`,
    context: { 'iam:AWSServiceName': String(service) },
  },
];

const onDeletion: Rule = ({ DeletionTaskId: id }, call) => [
  {
    resource: `${arnPrefix(call)}:role${String(id)
      .replace(/^task/, '')
      .replace(/\/[^/]+$/, '')}`,
  },
];

/** A role that EC2 is to hand to its instances is passed to it. */
const onInstanceProfile: Rule = ({ InstanceProfileName: name, Path: path = '/', RoleName }, call) => {
  const creates = call.operation === 'CreateInstanceProfile';
  const profile = creates ? undefined : findInstanceProfile(String(name), call);
  const resource = profile?.arn ?? `${arnPrefix(call)}:instance-profile${path}${name}`;
  if (call.operation !== 'AddRoleToInstanceProfile') return [{ resource }];
  const role = findRole(call.cloud.store, call.account, String(RoleName))?.arn ?? `${arnPrefix(call)}:role/${RoleName}`;
  const context = { 'iam:PassedToService': 'ec2.amazonaws.com' };
  return [{ resource }, { action: 'iam:PassRole', resource: role, context }];
};

const rules: [Rule, string[]][] = [
  [
    onInstanceProfile,
    [
      ...['CreateInstanceProfile', 'GetInstanceProfile', 'DeleteInstanceProfile'],
      ...['AddRoleToInstanceProfile', 'RemoveRoleFromInstanceProfile'],
    ],
  ],
  [
    onRole,
    [
      ...['CreateRole', 'GetRole', 'UpdateRole', 'UpdateRoleDescription', 'UpdateAssumeRolePolicy', 'DeleteRole'],
      ...['PutRolePolicy', 'GetRolePolicy', 'DeleteRolePolicy', 'ListRolePolicies', 'DeleteServiceLinkedRole'],
      ...['AttachRolePolicy', 'DetachRolePolicy', 'ListAttachedRolePolicies', 'TagRole', 'UntagRole', 'ListRoleTags'],
      ...['PutRolePermissionsBoundary', 'DeleteRolePermissionsBoundary', 'ListInstanceProfilesForRole'],
    ],
  ],
  [
    onUser,
    [
      ...['CreateUser', 'GetUser', 'DeleteUser', 'TagUser', 'UntagUser', 'ListUserTags'],
      ...['PutUserPolicy', 'GetUserPolicy', 'DeleteUserPolicy', 'ListUserPolicies'],
      ...['AttachUserPolicy', 'DetachUserPolicy', 'ListAttachedUserPolicies'],
      ...['PutUserPermissionsBoundary', 'DeleteUserPermissionsBoundary'],
      ...['CreateAccessKey', 'ListAccessKeys', 'UpdateAccessKey', 'DeleteAccessKey'],
    ],
  ],
  [
    onPolicy,
    [
      ...['CreatePolicy', 'GetPolicy', 'DeletePolicy', 'TagPolicy', 'UntagPolicy', 'ListPolicyTags'],
      ...['CreatePolicyVersion', 'GetPolicyVersion', 'ListPolicyVersions', 'SetDefaultPolicyVersion'],
      ...['DeletePolicyVersion', 'ListEntitiesForPolicy'],
    ],
  ],
  [onServiceLinkedRole, ['CreateServiceLinkedRole']],
  [onDeletion, ['GetServiceLinkedRoleDeletionStatus']],
];

export const access = Object.fromEntries(
  rules.flatMap(([rule, operations]) => operations.map((operation) => [operation, rule])),
) as Definition<typeof IAM>['access'];

/** The tags of a role, a user or a policy. */
export function tagsOf(arn: string, { cloud, account }: Call): Record<string, string> | undefined {
  const { store } = cloud;
  const user = () => [...usersOf(store, account).values()].find((one) => one.arn === arn);
  const record = findRoleByArn(store, arn) ?? policiesOf(store, account).get(arn) ?? user();
  return record && Object.fromEntries(record.tags.map(({ Key, Value }) => [Key, Value]));
}

/** The condition keys about the policy that is attached, and about the boundary that is set or already there. */
function contextOf(input: Record<string, unknown>, boundary: string | undefined): Record<string, string> {
  const wanted = input.PermissionsBoundary ?? boundary;
  return {
    ...(typeof input.PolicyArn === 'string' && { 'iam:PolicyARN': input.PolicyArn }),
    ...(typeof wanted === 'string' && { 'iam:PermissionsBoundary': wanted }),
  };
}

function arnPrefix({ account, region }: Call): string {
  return `arn:${partitionOf(region)}:iam::${account}`;
}
