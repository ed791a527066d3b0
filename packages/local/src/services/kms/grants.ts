import { createHash } from 'node:crypto';
import type * as KMS from '@aws-sdk/client-kms';
import { AwsError } from '../../errors.ts';
import { findRoleByArn } from '../../iam/records.ts';
import { requestId } from '../../request-id.ts';
import type { Call } from '../../service.ts';
import { checkUsable, getKey, getKeyById } from './find-key.ts';
import { page } from './pages.ts';
import { type GrantRecord, type KeyRecord, keys, type Operations } from './records.ts';

export const grantOperations: Operations = {
  CreateGrant(input, call) {
    const {
      GranteePrincipal: grantee = '',
      RetiringPrincipal: retirer,
      Name: name,
      Operations: operations = [],
    } = input;
    const key = getKeyById(input.KeyId, call);
    checkUsable(key);
    for (const arn of [grantee, retirer ?? '']) checkPrincipal(arn, call);
    if (input.DryRun)
      throw new AwsError('DryRunOperationException', 'The request would have succeeded, but the DryRun option is set.');
    const asked = { name, grantee, retirer, operations, constraints: input.Constraints };
    // The same grant again, under the same name, is no other: CreateGrant's reference on Name.
    const same = key.grants.find((grant) => name !== undefined && sameGrant(grant, asked));
    const grant = same ?? { ...asked, ...newGrant(call) };
    if (!same) key.grants.push(grant);
    return { GrantId: grant.id, GrantToken: grant.token };
  },

  ListGrants({ KeyId, GrantId, GranteePrincipal, ...input }, call) {
    const { arn, grants } = getKeyById(KeyId, call);
    const asked = grants.filter(
      ({ id, grantee }) => (!GrantId || id === GrantId) && (!GranteePrincipal || grantee === GranteePrincipal),
    );
    return listed(
      asked.map((grant) => ({ grant, arn })),
      input,
    );
  },

  ListRetirableGrants({ RetiringPrincipal, ...input }, call) {
    const all = [...keys(call).values()].flatMap(({ arn, grants }) => grants.map((grant) => ({ grant, arn })));
    return listed(
      all.filter(({ grant }) => grant.retirer === RetiringPrincipal),
      input,
    );
  },

  RevokeGrant({ KeyId, GrantId }, call) {
    remove(getKeyById(KeyId, call), ({ id }) => id === GrantId);
    return {};
  },

  RetireGrant({ GrantToken, KeyId, GrantId }, call) {
    const key = KeyId === undefined ? findByToken(GrantToken, call) : getKeyById(KeyId, call);
    if (!key) throw new AwsError('InvalidGrantTokenException', 'The grant token is invalid.');
    remove(key, ({ id, token }) => id === GrantId || token === GrantToken);
    return {};
  },
};

/** What IAM must know to retire a grant: its key, and whether the caller may by the grant itself. */
export function retirableGrant({ GrantToken, KeyId, GrantId }: KMS.RetireGrantRequest, call: Call) {
  const key = KeyId === undefined ? findByToken(GrantToken, call) : getKey(KeyId, call);
  const grant = key?.grants.find(({ id, token }) => id === GrantId || token === GrantToken);
  return { key, grant };
}

/**
 * Whether a grant of the key lets one of these principals do it: `names` are the ARN of a user, a session and its
 * role, or a service's name. A grant's constraint names pairs of the encryption context.
 */
export function isGranted(
  key: KeyRecord,
  operation: string,
  names: readonly string[],
  context: Record<string, string>,
) {
  return key.grants.some(
    ({ grantee, operations, constraints }) =>
      names.includes(grantee) && operations.some((one) => one === operation) && fits(constraints, context),
  );
}

function fits(constraints: KMS.GrantConstraints | undefined, context: Record<string, string>): boolean {
  const { EncryptionContextSubset: subset, EncryptionContextEquals: equals } = constraints ?? {};
  const has = (pairs: Record<string, string>) => Object.entries(pairs).every(([key, value]) => context[key] === value);
  if (subset) return has(subset);
  return !equals || (has(equals) && Object.keys(context).length === Object.keys(equals).length);
}

function newGrant(call: Call): Pick<GrantRecord, 'id' | 'token' | 'issuer' | 'created'> {
  const digest = (what: string) =>
    createHash('sha256')
      .update(`${what} ${requestId(call.cloud.store)}`)
      .digest();
  const { principal } = call;
  return {
    id: digest('grant').toString('hex'),
    token: digest('grant token').toString('base64url'),
    issuer: principal.kind === 'service' ? principal.service : `arn:aws:iam::${principal.account}:root`,
    created: new Date(call.clock.now()),
  };
}

function sameGrant(grant: GrantRecord, asked: Partial<GrantRecord>): boolean {
  const shown = ({ name, grantee, retirer, operations, constraints }: Partial<GrantRecord>) =>
    JSON.stringify([name, grantee, retirer, operations, constraints]);
  return shown(grant) === shown(asked);
}

/** Throws InvalidArnException for a role that does not exist. */
function checkPrincipal(arn: string, { cloud }: Call): void {
  if (/^arn:[^:]+:iam::\d{12}:role\//.test(arn) && !findRoleByArn(cloud.store, arn)) {
    throw new AwsError('InvalidArnException', `ARN does not refer to a valid principal: ${arn}`);
  }
}

function findByToken(wanted: string | undefined, call: Call): KeyRecord | undefined {
  return [...keys(call).values()].find(({ grants }) => grants.some(({ token }) => token === wanted));
}

/** Throws NotFoundException. */
function remove(key: KeyRecord, isMeant: (grant: GrantRecord) => boolean): void {
  const grant = key.grants.find(isMeant);
  if (!grant) throw new AwsError('NotFoundException', 'Grant ID not found');
  key.grants = key.grants.filter((one) => one !== grant);
}

function listed(all: { grant: GrantRecord; arn: string }[], input: { Limit?: number; Marker?: string }) {
  const { items, more } = page(all, ({ grant }) => grant.id, input, 50);
  const Grants = items.map(({ grant, arn }) => ({
    KeyId: arn,
    GrantId: grant.id,
    Name: grant.name,
    CreationDate: grant.created,
    GranteePrincipal: grant.grantee,
    RetiringPrincipal: grant.retirer,
    IssuingAccount: grant.issuer,
    Operations: grant.operations,
    Constraints: grant.constraints,
  }));
  return { Grants, ...more };
}
