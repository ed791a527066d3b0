import type { Log } from '@studio-resources/core';
import { codeOf } from './failures.ts';

/**
 * Starts a deletion, to be called again until the thing is gone. What is gone already is no error, and neither is what
 * SageMaker refuses for now: something that uses it is still going away. `notNow` has further codes that say so.
 */
export async function startDeletion(
  what: string,
  run: () => Promise<unknown>,
  log: Log,
  notNow: readonly string[] = [],
): Promise<void> {
  try {
    await run();
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ResourceNotFound') return;
    if (!['ConflictException', 'ResourceInUse', ...notNow].includes(code)) {
      throw new Error(`Deleting ${what}`, { cause: error });
    }
    log.warn(`SageMaker does not delete ${what} now`, { error });
  }
}
