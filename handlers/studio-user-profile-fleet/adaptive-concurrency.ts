import { isThrottle, isTransient } from '@studio-resources/core';
import { BusyError } from '@studio-resources/sagemaker/client/client';

/** The number of concurrent calls, at the start and at most. */
export const initialConcurrency = 4;
const maxConcurrency = 16;

/** A reconcile must not take long: what remains after so many milliseconds is left for the next one. */
const maxDuration = 40_000;

/** After so many throttled calls in a row, one at a time, the rest is left for the next reconcile. */
const maxConsecutiveThrottles = 3;

/** The result for some of the items. The others are left for the next reconcile. */
export interface Batch<T> {
  done: T[];
  /** Items with permanent errors. */
  failed: { item: T; error: unknown }[];
  /** The number of concurrent calls that the service has accepted. */
  concurrency: number;
}

/**
 * Calls `run` for each item, with as many concurrent calls as the service accepts: it halves the number when a call is
 * throttled, and adds one when as many calls have succeeded. Items with a transient error are left for the next
 * reconcile.
 *
 * It calls `shouldContinue` before each item.
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
  /** Calls that were in flight when one of them was throttled are throttled for the same reason. That counts once. */
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
