const throttles = new Set([
  'BandwidthLimitExceeded',
  'EC2ThrottledException',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
]);

const serviceFaults = new Set([
  'InternalError',
  'InternalFailure',
  'InternalServerError',
  'InternalServerException',
  'RequestTimeout',
  'RequestTimeoutException',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'TimeoutError',
]);

const networkCodes = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

const alreadyExists = /AlreadyExists(Exception)?$|^ResourceInUse(Exception)?$/;
const notFound = /NotFound(Exception|Fault)?$|^NoSuch\w+$/;

/** What may be told from an error of an SDK client or of Node. */
interface Facts {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $retryable?: { readonly throttling?: boolean };
}

/** Did the service turn the call away because of too many? Then it did nothing. Looks into causes as well. */
export function isThrottle(error: unknown): boolean {
  return anyInChain(
    error,
    ({ name, $metadata, $retryable }) =>
      throttles.has(String(name)) || $metadata?.httpStatusCode === 429 || $retryable?.throttling === true,
  );
}

/** Is the same call worth another try: a throttle, a fault of the service, of the network, a timeout? */
export function isTransient(error: unknown): boolean {
  return (
    isThrottle(error) ||
    anyInChain(
      error,
      ({ name, code, $metadata, $retryable }) =>
        serviceFaults.has(String(name)) ||
        networkCodes.has(String(code)) ||
        ($metadata?.httpStatusCode ?? 0) >= 500 ||
        $retryable !== undefined,
    )
  );
}

/** Does the service say that there is one already? */
export function isAlreadyExists(error: unknown): boolean {
  return anyInChain(error, ({ name }) => alreadyExists.test(String(name)));
}

/** Does the service say that what was asked for does not exist? */
export function isNotFound(error: unknown): boolean {
  return anyInChain(error, ({ name, $metadata }) => notFound.test(String(name)) || $metadata?.httpStatusCode === 404);
}

/** Does it hold of the error, or of what caused it? */
function anyInChain(error: unknown, holds: (facts: Facts) => boolean, depth = 0): boolean {
  if (typeof error !== 'object' || error === null || depth > 10) return false;
  const facts: Facts = error;
  return holds(facts) || anyInChain(facts.cause, holds, depth + 1);
}
