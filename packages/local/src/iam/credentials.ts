import type { Clock } from '../clock.ts';
import { AwsError } from '../errors.ts';
import type { Principal } from '../principal.ts';
import type { Store } from '../store.ts';
import { opaqueText, uniqueId } from './unique-id.ts';

/** Temporary credentials, as STS and Lambda hand them out. */
export interface Credentials {
  /** `ASIA` and 16 more characters. */
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  /** Virtual milliseconds since the epoch. */
  expiration: number;
}

/** What the cloud stores of an access key: its owner, and how long it is valid. */
export interface AccessKey {
  accessKeyId: string;
  secretAccessKey: string;
  principal: Principal;
  status: 'Active' | 'Inactive';
  /** Virtual milliseconds since the epoch. */
  created: number;
  /** Temporary credentials only. */
  sessionToken?: string;
  /** Temporary credentials only. */
  expiration?: number;
}

/** Every access key of every account, by its id: a request names nothing but the key. */
export function accessKeys(store: Store): Map<string, AccessKey> {
  return store.table('iam', { account: 'global', region: 'global' }, 'accessKeys');
}

/** Temporary credentials with which `principal` signs for `seconds` virtual seconds. */
export function issueCredentials(store: Store, clock: Clock, principal: Principal, seconds: number): Credentials {
  const credentials = {
    accessKeyId: uniqueId(store, 'ASIA', 20),
    secretAccessKey: opaqueText(store, 40),
    sessionToken: opaqueText(store, 356),
    expiration: clock.now() + seconds * 1000,
  };
  accessKeys(store).set(credentials.accessKeyId, {
    ...credentials,
    principal,
    status: 'Active',
    created: clock.now(),
  });
  return credentials;
}

/** A user's long-lived access key: `AKIA` and 16 more characters, until it is made inactive or deleted. */
export function issueAccessKey(store: Store, clock: Clock, principal: Principal): AccessKey {
  const key: AccessKey = {
    accessKeyId: uniqueId(store, 'AKIA', 20),
    secretAccessKey: opaqueText(store, 40),
    principal,
    status: 'Active',
    created: clock.now(),
  };
  accessKeys(store).set(key.accessKeyId, key);
  return key;
}

/**
 * Who signs with this access key; undefined for a key that is unknown, inactive, or comes with the wrong session token.
 *
 * Throws `ExpiredToken` once temporary credentials have run out. (JSON services call it `ExpiredTokenException`.)
 */
export function principalOf(
  store: Store,
  clock: Clock,
  accessKeyId: string,
  sessionToken?: string,
): Principal | undefined {
  const key = accessKeys(store).get(accessKeyId);
  if (!key || key.status === 'Inactive' || key.sessionToken !== sessionToken) return undefined;
  if (key.expiration !== undefined && key.expiration <= clock.now()) {
    throw new AwsError('ExpiredToken', 'The security token included in the request is expired', { status: 403 });
  }
  return key.principal;
}

/** The secret with which a signature by this access key must have been made; undefined for an unknown key. */
export function secretOf(store: Store, accessKeyId: string): string | undefined {
  return accessKeys(store).get(accessKeyId)?.secretAccessKey;
}
