import { codeOf } from './failures.ts';
import { type Described, isInMotion } from './statuses.ts';

/**
 * SageMaker is still at work on a thing, so a change has to wait. The runtime tries again, as after a call that was
 * throttled: nothing was done.
 */
export class BusyError extends Error {
  override readonly name = 'BusyError';
  /** The SDK's mark of an error that is worth another try. */
  readonly $retryable = { throttling: true };
}

interface Dated extends Described {
  LastModifiedTime?: Date;
}

/**
 * Makes a change that SageMaker refuses while it is at work on the thing: by an earlier attempt, of which the answer was
 * lost, or for somebody else. `look` tells such a refusal from one that waiting would not help.
 *
 * Throws BusyError when it is worth another try, with SageMaker's refusal as its cause.
 */
export async function unlessBusy(
  what: string,
  before: Dated,
  change: () => Promise<unknown>,
  look: () => Promise<Dated | undefined>,
): Promise<void> {
  if (isInMotion(before.Status)) throw new BusyError(`${what}: it is ${before.Status}`);
  try {
    await change();
  } catch (cause) {
    if (codeOf(cause) !== 'ResourceInUse') throw cause;
    const now = await look();
    // It may have been changed, and be at rest again, since it was looked at.
    const isChanged = now?.LastModifiedTime?.getTime() !== before.LastModifiedTime?.getTime();
    if (!isInMotion(now?.Status) && !isChanged) throw cause;
    throw new BusyError(`${what}: it is ${now?.Status}`, { cause });
  }
}
