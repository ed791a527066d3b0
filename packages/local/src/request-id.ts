import { createHash } from 'node:crypto';
import type { Store } from './store.ts';

/** A UUID that this store has not given before, and gives again when a run repeats. */
export function requestId(store: Store): string {
  const hex = createHash('sha256').update(`request ${store.next()}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
