import type * as IAM from '@aws-sdk/client-iam';
import type { IdentityRecord } from '../../iam/records.ts';
import type { Call, Definition } from '../../service.ts';
import { attachPolicy, bound, detachPolicy, listAttachedPolicies } from './attachments.ts';
import { noSuchEntity } from './errors.ts';
import {
  deleteInlinePolicy,
  getInlinePolicy,
  type IdentityKind,
  listInlinePolicies,
  putInlinePolicy,
} from './inline-policies.ts';
import { page } from './lists.ts';
import { getOwnRole, getRole } from './roles.ts';
import { withoutTags, withTags } from './tags.ts';
import { getUser } from './users.ts';

/** What the requests about an identity's policies and tags take, besides its name. */
interface Input {
  PolicyName?: string;
  PolicyDocument?: string;
  PolicyArn?: string;
  PermissionsBoundary?: string;
  PathPrefix?: string;
  Marker?: string;
  MaxItems?: number;
  Tags?: IAM.Tag[];
  TagKeys?: string[];
}

type Find<Name> = (input: Name, call: Call) => IdentityRecord;

/** The operations on the policies and tags of one kind of identity. `findOwn` refuses those that only AWS changes. */
function operationsOn<Name>(kind: IdentityKind, find: Find<Name>, findOwn: Find<Name>) {
  type Request = Name & Input;
  return {
    putPolicy(input: Request, call: Call) {
      putInlinePolicy(kind, findOwn(input, call), input.PolicyName!, input.PolicyDocument!);
      return {};
    },
    getPolicy(input: Request, call: Call) {
      const { PolicyName } = input;
      return { PolicyName, PolicyDocument: getInlinePolicy(kind, find(input, call), PolicyName!) };
    },
    deletePolicy(input: Request, call: Call) {
      deleteInlinePolicy(kind, findOwn(input, call), input.PolicyName!);
      return {};
    },
    listPolicies: (input: Request, call: Call) => listInlinePolicies(find(input, call), input),

    attachPolicy(input: Request, call: Call) {
      attachPolicy(kind, findOwn(input, call), input.PolicyArn!, call);
      return {};
    },
    detachPolicy(input: Request, call: Call) {
      detachPolicy(findOwn(input, call), input.PolicyArn!);
      return {};
    },
    listAttachedPolicies: (input: Request, call: Call) => listAttachedPolicies(find(input, call), input),

    putBoundary(input: Request, call: Call) {
      bound(findOwn(input, call), input.PermissionsBoundary, call);
      return {};
    },
    deleteBoundary(input: Request, call: Call) {
      const identity = findOwn(input, call);
      if (!identity.permissionsBoundary) {
        throw noSuchEntity(`The ${kind} ${identity.name} has no permissions boundary.`);
      }
      bound(identity, undefined, call);
      return {};
    },

    tag(input: Request, call: Call) {
      const identity = findOwn(input, call);
      identity.tags = withTags(identity.tags, input.Tags);
      return {};
    },
    untag(input: Request, call: Call) {
      const identity = findOwn(input, call);
      identity.tags = withoutTags(identity.tags, input.TagKeys);
      return {};
    },
    listTags(input: Request, call: Call) {
      const { items, more } = page(find(input, call).tags, ({ Key }) => Key, input);
      return { Tags: items, ...more };
    },
  };
}

const role = operationsOn('role', getRole, getOwnRole);
const user = operationsOn('user', getUser, getUser);

/** The policies and tags of roles and of users. */
export const identityPolicyOperations = {
  PutRolePolicy: role.putPolicy,
  GetRolePolicy: (input, call) => ({ RoleName: getRole(input, call).name, ...role.getPolicy(input, call) }),
  DeleteRolePolicy: role.deletePolicy,
  ListRolePolicies: role.listPolicies,
  AttachRolePolicy: role.attachPolicy,
  DetachRolePolicy: role.detachPolicy,
  ListAttachedRolePolicies: role.listAttachedPolicies,
  PutRolePermissionsBoundary: role.putBoundary,
  DeleteRolePermissionsBoundary: role.deleteBoundary,
  TagRole: role.tag,
  UntagRole: role.untag,
  ListRoleTags: role.listTags,

  PutUserPolicy: user.putPolicy,
  GetUserPolicy: (input, call) => ({ UserName: getUser(input, call).name, ...user.getPolicy(input, call) }),
  DeleteUserPolicy: user.deletePolicy,
  ListUserPolicies: user.listPolicies,
  AttachUserPolicy: user.attachPolicy,
  DetachUserPolicy: user.detachPolicy,
  ListAttachedUserPolicies: user.listAttachedPolicies,
  PutUserPermissionsBoundary: user.putBoundary,
  DeleteUserPermissionsBoundary: user.deleteBoundary,
  TagUser: user.tag,
  UntagUser: user.untag,
  ListUserTags: user.listTags,
} satisfies Definition<typeof IAM>['operations'];
