import { BusyError } from './busy.ts';
import { codeOf } from './failures.ts';

/**
 * Starts a deletion, to be called again until the thing is gone. What is gone already is no error. `notNow` has further
 * codes by which SageMaker refuses for now.
 *
 * Throws BusyError when SageMaker refuses for now: something that uses it is still going away.
 */
export async function startDeletion(
  what: string,
  run: () => Promise<unknown>,
  notNow: readonly string[] = [],
): Promise<void> {
  try {
    await run();
  } catch (cause) {
    const code = codeOf(cause);
    if (code === 'ResourceNotFound') return;
    const isBusy = ['ConflictException', 'ResourceInUse', ...notNow].includes(code);
    throw isBusy ? new BusyError(`Deleting ${what}`, { cause }) : new Error(`Deleting ${what}`, { cause });
  }
}
