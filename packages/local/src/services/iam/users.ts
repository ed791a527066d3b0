import type * as IAM from '@aws-sdk/client-iam';
import { AwsError } from '../../errors.ts';
import { accessKeys } from '../../iam/credentials.ts';
import { partitionOf } from '../../iam/partition.ts';
import { findUser, type UserRecord, usersOf } from '../../iam/records.ts';
import { uniqueId } from '../../iam/unique-id.ts';
import type { Call, Definition } from '../../service.ts';
import { checkBoundary, describeBoundary } from './attachments.ts';
import { alreadyExists, deleteConflict, noSuchUser } from './errors.ts';
import { page, under } from './lists.ts';
import { withTags } from './tags.ts';

export const userOperations = {
  CreateUser(input, call) {
    const { UserName: name = '', Path: path = '/' } = input;
    const { cloud, account, region, clock } = call;
    if (findUser(cloud.store, account, name)) throw alreadyExists(`User with name ${name}`);
    if (input.PermissionsBoundary !== undefined) checkBoundary(input.PermissionsBoundary, call);
    const user: UserRecord = {
      id: uniqueId(cloud.store, 'AIDA'),
      name,
      path,
      arn: `arn:${partitionOf(region)}:iam::${account}:user${path}${name}`,
      created: clock.now(),
      inlinePolicies: {},
      attachedPolicies: [],
      permissionsBoundary: input.PermissionsBoundary,
      tags: withTags([], input.Tags),
    };
    usersOf(cloud.store, account).set(name.toLowerCase(), user);
    return { User: describe(user) };
  },

  GetUser(input, call) {
    const { principal, account, clock } = call;
    // An account that asks for itself gets its root user.
    if (input.UserName === undefined && principal.kind === 'account') {
      const root = { Path: '/', UserName: '', UserId: account, Arn: principal.arn, CreateDate: new Date(clock.now()) };
      return { User: root };
    }
    return { User: describe(getUser(input, call)) };
  },

  ListUsers(input, { cloud, account }) {
    const users = under(usersOf(cloud.store, account).values(), input.PathPrefix);
    const { items, more } = page(users, ({ name }) => name, input);
    const listed = items.map((user) => {
      const { Tags: _, PermissionsBoundary: __, ...rest } = describe(user);
      return rest;
    });
    return { Users: listed, ...more };
  },

  DeleteUser(input, call) {
    const user = getUser(input, call);
    if (user.attachedPolicies.length > 0) throw deleteConflict('detach all policies');
    if (Object.keys(user.inlinePolicies).length > 0) throw deleteConflict('delete policies');
    if (accessKeysOf(user, call).length > 0) throw deleteConflict('delete access keys');
    usersOf(call.cloud.store, call.account).delete(user.name.toLowerCase());
    return {};
  },
} satisfies Definition<typeof IAM>['operations'];

/** The user that the input names, or the one that calls. Throws `NoSuchEntity`. */
export function getUser({ UserName: name }: { UserName?: string }, { cloud, account, principal }: Call): UserRecord {
  const wanted = name ?? (principal.kind === 'user' ? principal.userName : undefined);
  if (wanted === undefined) {
    throw new AwsError('ValidationError', 'Must specify userName when calling with non-User credentials');
  }
  const user = findUser(cloud.store, account, wanted);
  if (!user) throw noSuchUser(wanted);
  return user;
}

/** The long-lived access keys of a user. */
export function accessKeysOf(user: UserRecord, { cloud, account }: Call) {
  return [...accessKeys(cloud.store).values()].filter(
    ({ principal, sessionToken }) =>
      principal.kind === 'user' &&
      principal.account === account &&
      principal.userName === user.name &&
      sessionToken === undefined,
  );
}

function describe(user: UserRecord): IAM.User {
  return {
    Path: user.path,
    UserName: user.name,
    UserId: user.id,
    Arn: user.arn,
    CreateDate: new Date(user.created),
    PermissionsBoundary: describeBoundary(user),
    Tags: user.tags.length > 0 ? user.tags : undefined,
  };
}
