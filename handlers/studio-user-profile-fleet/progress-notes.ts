import { createHash } from 'node:crypto';
import type { Context } from '@studio-resources/core';
import type { ProgressNotes } from './plan.ts';
import { notesOf, profileId, requestCache } from './request-cache.ts';

/** Lists show a new profile within so many milliseconds: several times the longest delay that was observed. */
export const visibleWithin = 60_000;

/**
 * Limits of the stored failure reasons, because they are part of the waiter's state. The log has all of them in full.
 */
const maxReasons = 60;
const maxReasonLength = 300;

/** What is stored about the request so far. */
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
  notes.failed[keyHash(DomainId, key)] = isRoom ? short : 'see the log';
}

/** Short, because the state holds up to a thousand of them, and long enough to be unique. */
function keyHash(DomainId: string, key: string): string {
  return createHash('sha256').update(profileId(DomainId, key)).digest('base64url').slice(0, 8);
}
