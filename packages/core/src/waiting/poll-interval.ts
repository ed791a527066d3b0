import type { Pace } from '../resource.ts';

/** For a resource that does not say how long it takes. */
export const defaultPace: Pace = { expectedSeconds: 10, pollIntervalSeconds: 2 };

/** How long a wait is worth an invocation of its own, in seconds, where a resource does not say. */
const INLINE = 10;

/** Looks are never further apart than this, in seconds, unless the resource's own `pollIntervalSeconds` is. */
const WIDEST = 30;

/** How much faster the looks draw together towards the usual time, and apart again once it is long past. */
const SLOPE = 14;

/** Until so many times the usual time, something is merely late. */
const LATE = 1.35;

/**
 * How long to wait until the next look, in seconds, `elapsed` seconds after the start. What fails at once is seen at
 * once. Then looks are few, and draw together as the usual time comes nearer. From then on it may be ready any moment:
 * one every `pollIntervalSeconds`, until it is so late that another minute no longer matters.
 */
export function pollDelay({ expectedSeconds, pollIntervalSeconds }: Pace, elapsed: number): number {
  const passed = elapsed / Math.max(expectedSeconds, 1);
  const away = passed < 1 ? 1 - passed : Math.max(0, passed - LATE);
  const spread = Math.min(pollIntervalSeconds * (1 + SLOPE * away), Math.max(pollIntervalSeconds, WIDEST));
  return Math.min(elapsed / 2 + 1, spread);
}

/** How long to look within the invocation, in seconds, before the waiter goes on. */
export function inlineSeconds({ inlineSeconds = INLINE }: Pace): number {
  return inlineSeconds;
}
