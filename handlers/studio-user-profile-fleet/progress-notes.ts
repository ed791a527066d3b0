import { createHash } from 'node:crypto';
import type { Context } from '@studio-resources/core';
import type { ProgressNotes } from './plan.ts';
import { notesOf, profileId, requestCache } from './request-cache.ts';

/** Within so many milliseconds lists know what was made: many times what they have been seen to lag behind. */
export const visibleWithin = 60_000;

/** So many reasons are noted, so long: the waiter keeps them, and the log has all of them. */
const maxReasons = 60;
const maxReasonLength = 300;

/** What was noted of the request so far. */
export function progressNotes(DomainId: string, ctx: Context): ProgressNotes {
  const { done = [], changed = [], failed = {} } = notesOf(ctx);
  const [isDone, isChanged] = [new Set(done), new Set(changed)];
  const { created } = requestCache(ctx);
  return {
    isDone: (key) => isDone.has(keyHash(DomainId, key)),
    isNew: (key) =>
      Date.now() - (created.get(profileId(DomainId, key))?.at ?? Number.NEGATIVE_INFINITY) < visibleWithin,
    isChanged: (key) => isChanged.has(keyHash(DomainId, key)),
    failureOf: (key) => failed[keyHash(DomainId, key)],
  };
}

export function noteDone(DomainId: string, keys: readonly string[], ctx: Context): void {
  const notes = notesOf(ctx);
  notes.done = [...new Set([...(notes.done ?? []), ...keys.map((key) => keyHash(DomainId, key))])];
}

export function noteChanged(DomainId: string, keys: readonly string[], ctx: Context): void {
  notesOf(ctx).changed = keys.map((key) => keyHash(DomainId, key));
}

export function noteFailure(DomainId: string, key: string, reason: string, ctx: Context): void {
  const notes = notesOf(ctx);
  notes.failed ??= {};
  const isRoom = Object.keys(notes.failed).length < maxReasons;
  const short = reason.length > maxReasonLength ? `${reason.slice(0, maxReasonLength)}…` : reason;
  notes.failed[keyHash(DomainId, key)] = isRoom ? short : 'the log tells why';
}

/** Short, since a thousand of them are kept, and long enough that no two are the same. */
function keyHash(DomainId: string, key: string): string {
  return createHash('sha256').update(profileId(DomainId, key)).digest('base64url').slice(0, 8);
}
