import type * as IAM from '@aws-sdk/client-iam';
import type { Definition } from '../../service.ts';
import { attachPolicy, bound, detachPolicy, listAttachedPolicies } from './attachments.ts';
import { noSuchEntity } from './errors.ts';
import { deleteInlinePolicy, getInlinePolicy, listInlinePolicies, putInlinePolicy } from './inline-policies.ts';
import { page } from './lists.ts';
import { getOwnRole, getRole } from './roles.ts';
import { withoutTags, withTags } from './tags.ts';

/** What a role may do, and its tags. */
export const rolePolicyOperations = {
  PutRolePolicy(input, call) {
    putInlinePolicy('role', getOwnRole(input, call), input.PolicyName!, input.PolicyDocument!);
    return {};
  },
  GetRolePolicy(input, call) {
    const role = getRole(input, call);
    const document = getInlinePolicy('role', role, input.PolicyName!);
    return { RoleName: role.name, PolicyName: input.PolicyName, PolicyDocument: document };
  },
  DeleteRolePolicy(input, call) {
    deleteInlinePolicy('role', getOwnRole(input, call), input.PolicyName!);
    return {};
  },
  ListRolePolicies: (input, call) => listInlinePolicies(getRole(input, call), input),

  AttachRolePolicy(input, call) {
    attachPolicy('role', getOwnRole(input, call), input.PolicyArn!, call);
    return {};
  },
  DetachRolePolicy(input, call) {
    detachPolicy(getOwnRole(input, call), input.PolicyArn!);
    return {};
  },
  ListAttachedRolePolicies: (input, call) => listAttachedPolicies(getRole(input, call), input),

  PutRolePermissionsBoundary(input, call) {
    bound(getOwnRole(input, call), input.PermissionsBoundary, call);
    return {};
  },
  DeleteRolePermissionsBoundary(input, call) {
    const role = getOwnRole(input, call);
    if (!role.permissionsBoundary) throw noSuchEntity(`The role ${role.name} has no permissions boundary.`);
    bound(role, undefined, call);
    return {};
  },

  TagRole(input, call) {
    const role = getOwnRole(input, call);
    role.tags = withTags(role.tags, input.Tags);
    return {};
  },
  UntagRole(input, call) {
    const role = getOwnRole(input, call);
    role.tags = withoutTags(role.tags, input.TagKeys);
    return {};
  },
  ListRoleTags(input, call) {
    const { items, more } = page(getRole(input, call).tags, ({ Key }) => Key, input);
    return { Tags: items, ...more };
  },
} satisfies Definition<typeof IAM>['operations'];
