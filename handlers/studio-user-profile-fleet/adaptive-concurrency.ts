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
    concurrency: first = initialConcurrency,
    shouldContinue = () => true,
  }: { concurrency?: number; shouldContinue?: (batch: Batch<T>) => boolean } = {},
): Promise<Batch<T>> {
  const batch: Batch<T> = { done: [], failed: [], concurrency: first };
  const running = new Set<Promise<void>>();
  const end = Date.now() + maxDuration;
  /** Calls that were in flight when one of them was throttled are throttled for the same reason. That counts once. */
  let halvings = 0;
  let consecutiveThrottles = 0;

  const one = async (item: T) => {
    const halvingsBefore = halvings;
    try {
      await run(item);
      batch.done.push(item);
      batch.concurrency = Math.min(maxConcurrency, batch.concurrency + 1 / batch.concurrency);
      consecutiveThrottles = 0;
    } catch (error) {
      if (!isTransient(error)) batch.failed.push({ item, error });
      else if (isThrottle(error) && !(error instanceof BusyError)) {
        if (batch.concurrency === 1) consecutiveThrottles += 1;
        if (halvings === halvingsBefore) batch.concurrency = Math.max(1, batch.concurrency / 2);
        halvings = halvingsBefore + 1;
      }
    }
  };

  for (const item of items) {
    while (running.size >= Math.floor(batch.concurrency)) await Promise.race(running);
    if (consecutiveThrottles >= maxConsecutiveThrottles || Date.now() > end || !shouldContinue(batch)) break;
    const call: Promise<void> = one(item).finally(() => running.delete(call));
    running.add(call);
  }
  await Promise.all(running);
  return batch;
}
