import type * as IAM from '@aws-sdk/client-iam';
import { AwsError } from '../../errors.ts';
import { partitionOf } from '../../iam/partition.ts';
import { checkPolicy, invalidPrincipal } from '../../iam/policy-check.ts';
import { missingPrincipal } from '../../iam/principals.ts';
import { findRole, type RoleRecord, rolesOf } from '../../iam/records.ts';
import { uniqueId } from '../../iam/unique-id.ts';
import type { Call, Definition } from '../../service.ts';
import { checkBoundary, describeBoundary } from './attachments.ts';
import { alreadyExists, deleteConflict, limitExceeded, noSuchRole } from './errors.ts';
import { sizeOf } from './inline-policies.ts';
import { profilesWith } from './instance-profile-records.ts';
import { page, under } from './lists.ts';
import { withTags } from './tags.ts';

export const roleOperations = {
  CreateRole(input, call) {
    const { RoleName: name = '', Path: path = '/', AssumeRolePolicyDocument: trust = '' } = input;
    if (findRole(call.cloud.store, call.account, name)) throw alreadyExists(`Role with name ${name}`);
    checkTrust(trust, call);
    if (input.PermissionsBoundary !== undefined) checkBoundary(input.PermissionsBoundary, call);
    const role = createRole(call, {
      name,
      path,
      assumeRolePolicyDocument: trust,
      description: input.Description,
      maxSessionDuration: input.MaxSessionDuration ?? 3600,
      permissionsBoundary: input.PermissionsBoundary,
      tags: withTags([], input.Tags),
    });
    return { Role: describe(role) };
  },

  GetRole: (input, call) => ({ Role: { ...describe(getRole(input, call)), RoleLastUsed: {} } }),

  ListRoles(input, { cloud, account }) {
    const roles = under(rolesOf(cloud.store, account).values(), input.PathPrefix);
    const { items, more } = page(roles, ({ name }) => name, input);
    const listed = items.map((role) => {
      const { Tags: _, PermissionsBoundary: __, ...rest } = describe(role);
      return rest;
    });
    return { Roles: listed, ...more };
  },

  UpdateRole(input, call) {
    const role = getOwnRole(input, call);
    if (input.Description !== undefined) role.description = input.Description;
    if (input.MaxSessionDuration !== undefined) role.maxSessionDuration = input.MaxSessionDuration;
    return {};
  },

  UpdateRoleDescription(input, call) {
    const role = getOwnRole(input, call);
    role.description = input.Description;
    return { Role: describe(role) };
  },

  UpdateAssumeRolePolicy(input, call) {
    const role = getOwnRole(input, call);
    checkTrust(input.PolicyDocument!, call);
    role.assumeRolePolicyDocument = input.PolicyDocument!;
    return {};
  },

  DeleteRole(input, call) {
    const role = getOwnRole(input, call);
    if (role.attachedPolicies.length > 0) throw deleteConflict('detach all policies');
    if (Object.keys(role.inlinePolicies).length > 0) throw deleteConflict('delete policies');
    if (profilesWith(role, call).length > 0) throw deleteConflict('remove roles from instance profile');
    rolesOf(call.cloud.store, call.account).delete(role.name.toLowerCase());
    return {};
  },
} satisfies Definition<typeof IAM>['operations'];

/** Writes a role down. */
export function createRole(
  { cloud, account, region, clock }: Call,
  made: Omit<RoleRecord, 'id' | 'arn' | 'created' | 'inlinePolicies' | 'attachedPolicies'> & {
    attachedPolicies?: string[];
  },
): RoleRecord {
  const role: RoleRecord = {
    attachedPolicies: [],
    ...made,
    id: uniqueId(cloud.store, 'AROA'),
    arn: `arn:${partitionOf(region)}:iam::${account}:role${made.path}${made.name}`,
    created: clock.now(),
    inlinePolicies: {},
  };
  rolesOf(cloud.store, account).set(role.name.toLowerCase(), role);
  return role;
}

/** The role that the input names. Throws `NoSuchEntity`. */
export function getRole({ RoleName: name = '' }: { RoleName?: string }, { cloud, account }: Call): RoleRecord {
  const role = findRole(cloud.store, account, name);
  if (!role) throw noSuchRole(name);
  return role;
}

/** The same, for a change: throws `UnmodifiableEntity` for a role that belongs to a service. */
export function getOwnRole(input: { RoleName?: string }, call: Call): RoleRecord {
  const role = getRole(input, call);
  if (!role.path.startsWith('/aws-service-role/')) return role;
  const message = `Cannot perform the operation on the protected role '${role.name}' - this role is only modifiable by AWS`;
  throw new AwsError('UnmodifiableEntity', message);
}

export function describe(role: RoleRecord): IAM.Role {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: new Date(role.created),
    AssumeRolePolicyDocument: encodeURIComponent(role.assumeRolePolicyDocument),
    Description: role.description,
    MaxSessionDuration: role.maxSessionDuration,
    PermissionsBoundary: describeBoundary(role),
    Tags: role.tags.length > 0 ? role.tags : undefined,
  };
}

function checkTrust(document: string, { cloud }: Call): void {
  checkPolicy(document, 'trust');
  if (sizeOf(document) > 2048) throw limitExceeded('Cannot exceed quota for ACLSizePerRole: 2048');
  const missing = missingPrincipal(document, cloud.store);
  if (missing) throw invalidPrincipal(...missing);
}
