import { isThrottle, isTransient } from '@studio-resources/core';
import { BusyError } from '@studio-resources/sagemaker/client/client';

/** How many calls are made at once, at the beginning and at most. */
export const initialConcurrency = 4;
const maxConcurrency = 16;

/** A look is not to last: what is left after so many milliseconds is left for the next one. */
const maxDuration = 40_000;

/** So many throttles in a row, while calls are made one by one, say that the service wants to be left alone. */
const maxConsecutiveThrottles = 3;

/** What has come of some of the items; the others wait for the next look. */
export interface Batch<T> {
  done: T[];
  /** Those that another try does not help. */
  failed: { item: T; error: unknown }[];
  /** How many calls the service has borne at once. */
  concurrency: number;
}

/**
 * Runs it for each item, as many at once as the service bears: twice as few once it has throttled a call, one more once
 * as many have succeeded as are made at once. What was throttled, or met a hiccup, is left for the next look.
 *
 * `goesOn` is asked before each.
 */
export async function adaptiveConcurrency<T>(
  items: readonly T[],
  run: (item: T) => Promise<unknown>,
  {
    width: first = initialConcurrency,
    goesOn = () => true,
  }: { width?: number; goesOn?: (pass: Batch<T>) => boolean } = {},
): Promise<Batch<T>> {
  const pass: Batch<T> = { done: [], failed: [], concurrency: first };
  const running = new Set<Promise<void>>();
  const end = Date.now() + maxDuration;
  /** Calls that were under way when one of them was throttled all say the same: that counts once. */
  let halvings = 0;
  let refused = 0;

  const one = async (item: T) => {
    const halvingsBefore = halvings;
    try {
      await run(item);
      pass.done.push(item);
      pass.concurrency = Math.min(maxConcurrency, pass.concurrency + 1 / pass.concurrency);
      refused = 0;
    } catch (error) {
      if (!isTransient(error)) pass.failed.push({ item, error });
      else if (isThrottle(error) && !(error instanceof BusyError)) {
        if (pass.concurrency === 1) refused += 1;
        if (halvings === halvingsBefore) pass.concurrency = Math.max(1, pass.concurrency / 2);
        halvings = halvingsBefore + 1;
      }
    }
  };

  for (const item of items) {
    while (running.size >= Math.floor(pass.concurrency)) await Promise.race(running);
    if (refused >= maxConsecutiveThrottles || Date.now() > end || !goesOn(pass)) break;
    const call: Promise<void> = one(item).finally(() => running.delete(call));
    running.add(call);
  }
  await Promise.all(running);
  return pass;
}
