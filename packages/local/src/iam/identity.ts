import type { Principal } from '../principal.ts';
import type { Store } from '../store.ts';
import { findManagedPolicy } from './managed/index.ts';
import { type Policy, type PolicyDocument, readPolicy } from './policy.ts';
import { findRole, findUser, type IdentityRecord, policiesOf } from './records.ts';
import type { Requester } from './requester.ts';

/** What a user or a role's session is allowed by its own policies, and what bounds that. */
export interface Identity {
  requester: Requester;
  /** `aws:PrincipalArn`: for a session, its role's. */
  principalArn: string;
  /** `aws:userid`: a user's id, or the role's id and the session's name. */
  userId: string;
  tags: Record<string, string>;
  policies: Policy[];
  boundary?: Policy;
  /** Session policies: the session may do only what one of them allows as well. */
  session?: Policy[];
}

/** Who has policies, or needs none. */
export type IdentityPrincipal = Exclude<Principal, { kind: 'service' }>;

/** The account itself may do everything, as far as it is up to its own policies. */
const allowAll = readPolicy({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: '*', Resource: '*' },
});

/** Reads the policies of a user or a role as they are now. One that has been deleted has none. */
export function identityOf(store: Store, principal: IdentityPrincipal): Identity {
  const { account, arn } = principal;
  if (principal.kind === 'account') {
    const requester = { account, name: arn };
    return { requester, principalArn: arn, userId: account, tags: {}, policies: [allowAll] };
  }
  const isRole = principal.kind === 'role';
  const record = isRole ? findRole(store, account, principal.roleName) : findUser(store, account, principal.userName);
  const session = isRole ? principal.session : undefined;
  const boundary = record?.permissionsBoundary;
  return {
    requester: { account, name: arn, ...(isRole && { roleArn: record?.arn }) },
    principalArn: record?.arn ?? arn,
    userId: isRole ? `${record?.id ?? 'AROA'}:${principal.sessionName}` : (record?.id ?? ''),
    tags: { ...Object.fromEntries(record?.tags.map(({ Key, Value }) => [Key, Value]) ?? []), ...session?.tags },
    policies: record ? policiesOfIdentity(store, account, record) : [],
    boundary: boundary === undefined ? undefined : managedPolicy(store, account, boundary),
    session: session?.policies?.map(readPolicy),
  };
}

function policiesOfIdentity(store: Store, account: string, record: IdentityRecord): Policy[] {
  const managed = record.attachedPolicies.map((arn) => managedPolicy(store, account, arn));
  return [...Object.values(record.inlinePolicies).map(readPolicy), ...managed.filter((policy) => policy !== undefined)];
}

function managedPolicy(store: Store, account: string, arn: string): Policy | undefined {
  const document = managedDocument(store, account, arn);
  return document === undefined ? undefined : readPolicy(document);
}

/** A managed policy, the account's own or one of AWS's, in its default version. */
export function managedDocument(store: Store, account: string, arn: string): string | PolicyDocument | undefined {
  const own = policiesOf(store, account).get(arn);
  const version = own?.versions.find(({ versionId }) => versionId === own.defaultVersionId);
  return version?.document ?? findManagedPolicy(arn)?.document;
}
