import type * as KMS from '@aws-sdk/client-kms';
import { regionalArn } from '../../arn.ts';
import type { Call, Definition } from '../../service.ts';

export type Operations = Definition<typeof KMS>['operations'];

/** A grant: what its grantee may do with a key, beside what the policies say. */
export interface GrantRecord {
  id: string;
  token: string;
  name?: string;
  /** A user's, a role's or an account's ARN, or a service's name. */
  grantee: string;
  retirer?: string;
  /** The ARN of the account that made it. */
  issuer: string;
  /** `Decrypt` and so on. */
  operations: KMS.GrantOperation[];
  constraints?: KMS.GrantConstraints;
  created: Date;
}

export interface KeyRecord {
  id: string;
  arn: string;
  account: string;
  description: string;
  /** `AWS` for the keys that services have in each account, such as `alias/aws/s3`. */
  manager: KMS.KeyManagerType;
  multiRegion: boolean;
  created: Date;
  enabled: boolean;
  /** The key policy, as JSON. */
  policy: string;
  tags: Record<string, string>;
  grants: GrantRecord[];
  /** While it waits for its deletion. */
  deletion?: { due: Date; days: number };
  /** While it is rotated automatically: every so many days from then on. */
  rotation?: { days: number; from: Date };
  /** The rotations on demand, and those before automatic rotation was switched off. */
  rotated: { at: Date; type: KMS.RotationType }[];
  /** What its key material is derived from. Hexadecimal. */
  seed: string;
}

export interface AliasRecord {
  /** `alias/own` */
  name: string;
  arn: string;
  keyId: string;
  created: Date;
  updated: Date;
}

interface Place {
  account?: string;
  region?: string;
}

/** The keys of an account and Region, by id. Those whose time has come are gone. */
export function keys(call: Call, of?: Place): Map<string, KeyRecord> {
  const table = call.table<KeyRecord>('keys', of);
  for (const { id, deletion } of table.values()) {
    if (!deletion || deletion.due.getTime() > call.clock.now()) continue;
    table.delete(id);
    const all = aliases(call, of);
    for (const { name, keyId } of all.values()) if (keyId === id) all.delete(name);
  }
  return table;
}

/** The aliases of an account and Region, by name. */
export function aliases(call: Call, of?: Place): Map<string, AliasRecord> {
  return call.table('aliases', of);
}

/** What names a key: `path` is `key/<id>` or `alias/<name>`. */
export interface KeyReference {
  account: string;
  region: string;
  path: string;
}

/** Reads a key's id, its ARN, an alias's name or its ARN. */
export function parseKey(text: string, { account, region }: Place & Pick<Call, 'account' | 'region'>): KeyReference {
  const [, ofRegion, ofAccount, path] = /^arn:[^:]+:kms:([^:]*):(\d{12}):(.+)$/.exec(text) ?? [];
  if (path !== undefined) return { account: ofAccount!, region: ofRegion!, path };
  return { account, region, path: text.startsWith('alias/') ? text : `key/${text}` };
}

/** The ARN that a key's or an alias's name stands for. */
export function arnOf(text: string, call: Call): string {
  const { path, ...place } = parseKey(text, call);
  return regionalArn('kms', path, place);
}
