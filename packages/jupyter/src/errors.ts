/** The server is not available now: it is starting or stopping, or the network failed. A retry can succeed. */
export class UnavailableError extends Error {
  override name = 'UnavailableError';
  /** The AWS SDK marks retryable errors with this property. */
  readonly $retryable = { throttling: false };
}

/** The server denies access, or refuses the operation. A retry does not help. */
export class RefusedError extends Error {
  override name = 'RefusedError';
}

/** The server replies what no Jupyter server does, or more than a limit. A retry does not help. */
export class InvalidReplyError extends Error {
  override name = 'InvalidReplyError';
}
