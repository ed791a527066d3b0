/**
 * SageMaker is still at work on a thing, so a change has to wait. The runtime tries again, as after a call that was
 * throttled: nothing was done.
 */
export class BusyError extends Error {
  override readonly name = 'BusyError';
  /** The SDK's mark of an error that is worth another try. */
  readonly $retryable = { throttling: true };
}
