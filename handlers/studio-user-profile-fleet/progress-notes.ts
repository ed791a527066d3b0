import { createHash } from 'node:crypto';
import type { Context } from '@studio-resources/core';
import type { SoFar } from './plan.ts';
import { memoryOf, notesOf, placeOf } from './request-cache.ts';

/** Within so many milliseconds lists know what was made: many times what they have been seen to lag behind. */
export const visibleWithin = 60_000;

/** So many reasons are noted, so long: the waiter keeps them, and the log has all of them. */
const mostReasons = 60;
const longestReason = 300;

/** What was noted of the request so far. */
export function soFar(DomainId: string, ctx: Context): SoFar {
  const { done = [], changed = [], failed = {} } = notesOf(ctx);
  const [isDone, isChanged] = [new Set(done), new Set(changed)];
  const { made } = memoryOf(ctx);
  return {
    isDone: (key) => isDone.has(markOf(DomainId, key)),
    isNew: (key) => Date.now() - (made.get(placeOf(DomainId, key))?.at ?? Number.NEGATIVE_INFINITY) < visibleWithin,
    isChanged: (key) => isChanged.has(markOf(DomainId, key)),
    failureOf: (key) => failed[markOf(DomainId, key)],
  };
}

export function noteDone(DomainId: string, keys: readonly string[], ctx: Context): void {
  const notes = notesOf(ctx);
  notes.done = [...new Set([...(notes.done ?? []), ...keys.map((key) => markOf(DomainId, key))])];
}

export function noteChanged(DomainId: string, keys: readonly string[], ctx: Context): void {
  notesOf(ctx).changed = keys.map((key) => markOf(DomainId, key));
}

export function noteFailure(DomainId: string, key: string, reason: string, ctx: Context): void {
  const notes = notesOf(ctx);
  notes.failed ??= {};
  const isRoom = Object.keys(notes.failed).length < mostReasons;
  const short = reason.length > longestReason ? `${reason.slice(0, longestReason)}…` : reason;
  notes.failed[markOf(DomainId, key)] = isRoom ? short : 'the log tells why';
}

/** Short, since a thousand of them are kept, and long enough that no two are the same. */
function markOf(DomainId: string, key: string): string {
  return createHash('sha256').update(placeOf(DomainId, key)).digest('base64url').slice(0, 8);
}
