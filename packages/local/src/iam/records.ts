import type { Store } from '../store.ts';

export interface TagRecord {
  Key: string;
  Value: string;
}

/** What users and roles have in common: who they are, and what they may do. */
export interface IdentityRecord {
  /** `AROA` or `AIDA` and 17 more characters. */
  id: string;
  name: string;
  /** Begins and ends with a slash. */
  path: string;
  arn: string;
  /** Virtual milliseconds since the epoch. */
  created: number;
  /** Inline policies by name, as JSON. */
  inlinePolicies: Record<string, string>;
  /** ARNs, in order of attachment. */
  attachedPolicies: string[];
  /** The ARN of a managed policy. */
  permissionsBoundary?: string;
  tags: TagRecord[];
}

export interface RoleRecord extends IdentityRecord {
  /** The trust policy, as JSON. */
  assumeRolePolicyDocument: string;
  description?: string;
  /** Seconds. */
  maxSessionDuration: number;
}

export type UserRecord = IdentityRecord;

export interface PolicyVersionRecord {
  /** `v1`, `v2` and so on. */
  versionId: string;
  document: string;
  created: number;
}

export interface PolicyRecord {
  id: string;
  name: string;
  path: string;
  arn: string;
  description?: string;
  created: number;
  updated: number;
  /** The number of the newest version ever made. */
  lastVersion: number;
  defaultVersionId: string;
  versions: PolicyVersionRecord[];
  tags: TagRecord[];
}

/** The account's roles, by name in lower case: no two names differ in case only. */
export function rolesOf(store: Store, account: string): Map<string, RoleRecord> {
  return store.table('iam', { account, region: 'global' }, 'roles');
}

/** The account's users, by name in lower case. */
export function usersOf(store: Store, account: string): Map<string, UserRecord> {
  return store.table('iam', { account, region: 'global' }, 'users');
}

/** The account's own managed policies, by ARN. */
export function policiesOf(store: Store, account: string): Map<string, PolicyRecord> {
  return store.table('iam', { account, region: 'global' }, 'policies');
}

export function findRole(store: Store, account: string, name: string): RoleRecord | undefined {
  return rolesOf(store, account).get(name.toLowerCase());
}

export function findUser(store: Store, account: string, name: string): UserRecord | undefined {
  return usersOf(store, account).get(name.toLowerCase());
}

/** The role of that ARN, in whichever account; undefined too when the path is another. */
export function findRoleByArn(store: Store, arn: string): RoleRecord | undefined {
  const [, account, name] = /^arn:[^:]+:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
  const role = account && name ? findRole(store, account, name) : undefined;
  return role?.arn === arn ? role : undefined;
}
