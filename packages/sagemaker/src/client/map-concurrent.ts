import { BusyError } from './busy.ts';

/** How many calls are made at once: enough to be quick, few enough not to be throttled at once. */
const limit = 10;

/**
 * Does it for each item, a bounded number at a time. All are tried; then the first error, if any, is thrown: one that
 * waiting does not help before a BusyError.
 */
export async function sideBySide<T, R>(items: readonly T[], run: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const errors: unknown[] = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) {
      try {
        results[index] = await run(item);
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  if (errors.length > 0) throw errors.find((error) => !(error instanceof BusyError)) ?? errors[0];
  return results;
}
