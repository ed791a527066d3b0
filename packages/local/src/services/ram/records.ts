import type * as RAM from '@aws-sdk/client-ram';
import { AwsError } from '../../errors.ts';
import { pageOf } from '../../pages.ts';
import { alphanumerics } from '../../random.ts';
import type { Call, Definition } from '../../service.ts';

export type Operations = Definition<typeof RAM>['operations'];

/** What a share has of a resource or a principal. */
export interface Association {
  entity: string;
  type: 'RESOURCE' | 'PRINCIPAL';
  status: RAM.ResourceShareAssociationStatus;
  created: Date;
  updated: Date;
  /** Of a principal outside of the organization: it was invited. */
  external: boolean;
}

export interface ShareRecord {
  arn: string;
  name: string;
  owner: string;
  allowExternalPrincipals: boolean;
  status: RAM.ResourceShareStatus;
  created: Date;
  updated: Date;
  tags: RAM.Tag[];
  permissionArns: string[];
  associations: Association[];
  /** The token and the request that made it. */
  clientToken?: string;
  request: string;
}

export interface InvitationRecord {
  arn: string;
  shareArn: string;
  shareName: string;
  sender: string;
  receiver: string;
  at: Date;
  status: RAM.ResourceShareInvitationStatus;
}

/** Shares and invitations are between accounts, within a Region. */
const between = { account: 'every' };

export const shares = (call: Call) => call.table<ShareRecord>('shares', between);
export const invitations = (call: Call) => call.table<InvitationRecord>('invitations', between);

export function unknownShare(arn: string | undefined): AwsError {
  return new AwsError('UnknownResourceException', `ResourceShare ${arn} could not be found.`);
}

/** A share of the caller's own. */
export function getOwnShare(arn: string | undefined, call: Call): ShareRecord {
  const share = shares(call).get(arn ?? '');
  if (share?.owner === call.account && share.status === 'ACTIVE') return share;
  throw unknownShare(arn);
}

/** The association by which an account has a share of another's, in whatever status that is. */
export function membershipOf(share: ShareRecord, account: string): Association | undefined {
  const principals = share.associations.filter(({ type }) => type === 'PRINCIPAL');
  const own = principals.findLast(({ entity }) => entity === account);
  return own && isLive(own) ? own : (principals.find((one) => isOrganization(one.entity) && isLive(one)) ?? own);
}

/** Does another account share it with this one, and has that taken effect? */
export function isVisibleTo(share: ShareRecord, account: string): boolean {
  if (share.owner === account) return false;
  return membershipOf(share, account)?.status === 'ASSOCIATED';
}

export function isLive({ status }: Association): boolean {
  return status === 'ASSOCIATED' || status === 'ASSOCIATING';
}

/** An organization or one of its units, as a principal. All accounts of the local cloud are in it, and in each unit. */
export function isOrganization(entity: string): boolean {
  return /^arn:[\w-]+:organizations::\d{12}:(organization\/o-[a-z0-9]{10,32}|ou\/o-[a-z0-9]{10,32}\/ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$/.test(
    entity,
  );
}

/** An id as RAM gives them: a UUID. */
export function uuid(call: Call): string {
  const digits = Buffer.from(alphanumerics(call.cloud.store, 32)).toString('hex');
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 16),
    digits.slice(16, 20),
    digits.slice(20, 32),
  ].join('-');
}

/** One page of at most `size`, 500 at the most. */
export function page<T>(items: T[], keyOf: (item: T) => string, token: string | undefined, size = 500) {
  const invalid = () => new AwsError('InvalidNextTokenException', 'The specified value for nextToken is not valid.');
  return pageOf(items, keyOf, { token, size }, invalid);
}
