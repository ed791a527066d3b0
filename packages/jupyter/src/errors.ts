/** The server cannot be talked to now: it is starting, or on its way down, or the network failed. */
export class UnavailableError extends Error {
  override name = 'UnavailableError';
  /** The AWS SDK's mark of an error that is worth another try. */
  readonly $retryable = { throttling: false };
}

/** The server does not let us in, or not do this. */
export class RefusedError extends Error {
  override name = 'RefusedError';
}
