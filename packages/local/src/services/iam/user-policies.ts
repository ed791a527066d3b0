import type * as IAM from '@aws-sdk/client-iam';
import type { Definition } from '../../service.ts';
import { attachPolicy, bound, detachPolicy, listAttachedPolicies } from './attachments.ts';
import { noSuchEntity } from './errors.ts';
import { deleteInlinePolicy, getInlinePolicy, listInlinePolicies, putInlinePolicy } from './inline-policies.ts';
import { page } from './lists.ts';
import { withoutTags, withTags } from './tags.ts';
import { getUser } from './users.ts';

/** What a user may do, and its tags. */
export const userPolicyOperations = {
  PutUserPolicy(input, call) {
    putInlinePolicy('user', getUser(input, call), input.PolicyName!, input.PolicyDocument!);
    return {};
  },
  GetUserPolicy(input, call) {
    const user = getUser(input, call);
    const document = getInlinePolicy('user', user, input.PolicyName!);
    return { UserName: user.name, PolicyName: input.PolicyName, PolicyDocument: document };
  },
  DeleteUserPolicy(input, call) {
    deleteInlinePolicy('user', getUser(input, call), input.PolicyName!);
    return {};
  },
  ListUserPolicies: (input, call) => listInlinePolicies(getUser(input, call), input),

  AttachUserPolicy(input, call) {
    attachPolicy('user', getUser(input, call), input.PolicyArn!, call);
    return {};
  },
  DetachUserPolicy(input, call) {
    detachPolicy(getUser(input, call), input.PolicyArn!);
    return {};
  },
  ListAttachedUserPolicies: (input, call) => listAttachedPolicies(getUser(input, call), input),

  PutUserPermissionsBoundary(input, call) {
    bound(getUser(input, call), input.PermissionsBoundary, call);
    return {};
  },
  DeleteUserPermissionsBoundary(input, call) {
    const user = getUser(input, call);
    if (!user.permissionsBoundary) throw noSuchEntity(`The user ${user.name} has no permissions boundary.`);
    bound(user, undefined, call);
    return {};
  },

  TagUser(input, call) {
    const user = getUser(input, call);
    user.tags = withTags(user.tags, input.Tags);
    return {};
  },
  UntagUser(input, call) {
    const user = getUser(input, call);
    user.tags = withoutTags(user.tags, input.TagKeys);
    return {};
  },
  ListUserTags(input, call) {
    const { items, more } = page(getUser(input, call).tags, ({ Key }) => Key, input);
    return { Tags: items, ...more };
  },
} satisfies Definition<typeof IAM>['operations'];
