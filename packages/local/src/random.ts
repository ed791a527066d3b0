import { createHash } from 'node:crypto';
import type { Store } from './store.ts';

const lettersAndDigits = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** An id such as `vpc-0` and 16 more hexadecimal digits, as EC2 and EFS give them; never twice from one store. */
export function hexId(store: Store, prefix: string): string {
  return `${prefix}-0${digest(store).toString('hex').slice(0, 16)}`;
}

/** `length` (at most 32) lower-case letters and digits that look random, and are the same in every equal run. */
export function alphanumerics(store: Store, length: number): string {
  return Array.from(digest(store).subarray(0, length), (byte) => lettersAndDigits[byte % 36]).join('');
}

/** A number between `low` and `high`, spread evenly. */
export function between(store: Store, [low, high]: readonly [number, number]): number {
  return low + (digest(store).readUInt32BE(0) / 0xffffffff) * (high - low);
}

function digest(store: Store): Buffer {
  return createHash('sha256').update(`random ${store.next()}`).digest();
}
