import { createHash } from 'node:crypto';
import type { Store } from '../store.ts';

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** An id as IAM gives it, such as `AROA` and 17 more capitals and digits; never twice from one store. */
export function uniqueId(store: Store, prefix: string, length = 21): string {
  return prefix + letters(store, length - prefix.length);
}

/** Base64 that looks random, and is the same in every run that asks in the same order. */
export function opaqueText(store: Store, length: number): string {
  let text = '';
  for (let block = digest(store); text.length < length; block = digest(store)) text += block.toString('base64url');
  return text.slice(0, length).replaceAll('-', '+').replaceAll('_', '/');
}

function letters(store: Store, length: number): string {
  return Array.from(digest(store).subarray(0, length), (byte) => base32[byte % 32]).join('');
}

function digest(store: Store): Buffer {
  return createHash('sha256').update(`iam ${store.next()}`).digest();
}
