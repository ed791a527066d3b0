import { SageMakerClient } from '@aws-sdk/client-sagemaker';

/**
 * How every client calls: many stacks at once share an account's control plane, so throttling is normal and is
 * answered by slowing down; a connection that hangs is given up long before the function's own end.
 */
export const clientConfig = {
  retryMode: 'adaptive',
  maxAttempts: 8,
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 30_000, throwOnRequestTimeout: true },
};

let client: SageMakerClient | undefined;
let clientWithoutRetries: SageMakerClient | undefined;

/** SageMaker's client, made at the first call: the environment decides where it points. */
export function sagemaker(): SageMakerClient {
  client ??= new SageMakerClient(clientConfig);
  return client;
}

/**
 * A client that calls once. SageMaker's create operations take no token that would make a repeated call harmless: after
 * an answer that was lost, only the ownership tags tell whether something was made.
 */
export function sagemakerWithoutRetries(): SageMakerClient {
  clientWithoutRetries ??= new SageMakerClient({ ...clientConfig, maxAttempts: 1 });
  return clientWithoutRetries;
}

/** The name of an error that an SDK client throws: the service's error code. */
export function codeOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

/** The answer, or undefined where the service says one of these codes: the thing that was asked for is not there. */
export async function ignoreErrors<T>(codes: readonly string[], call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (codes.includes(codeOf(error))) return undefined;
    throw error;
  }
}

const denials = ['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation'];

/**
 * Deletes a thing, or what is in it, unless the service answers with one of these codes. A right that depends on a
 * thing's tags ends with the thing: a call that is made again, after its first answer was lost or somebody else was
 * quicker, is denied. `isGone` then tells, also of what is on its way.
 */
export async function ignoreDeleteErrors(
  codes: readonly string[],
  deletion: Promise<unknown>,
  isGone: () => Promise<boolean>,
): Promise<void> {
  try {
    await ignoreErrors(codes, deletion);
  } catch (error) {
    if (!denials.includes(codeOf(error)) || !(await isGone())) throw error;
  }
}

/** The answer, or undefined where SageMaker knows no such thing. */
export function undefinedIfNotFound<T>(call: Promise<T>): Promise<T | undefined> {
  // A ValidationException is not listed: SageMaker also says so of things that are there, in another state.
  return ignoreErrors(['ResourceNotFound'], call);
}

/**
 * SageMaker is still at work on a thing, so a change has to wait. The runtime tries again, as after a call that was
 * throttled: nothing was done.
 */
export class BusyError extends Error {
  override readonly name = 'BusyError';
  /** The SDK's mark of an error that is worth another try. */
  readonly $retryable = { throttling: true };
}

/**
 * Starts a deletion, to be called again until the thing is gone. What is gone already is no error. `notNow` has further
 * codes by which SageMaker refuses for now.
 *
 * Throws BusyError when SageMaker refuses for now: something that uses it is still going away.
 */
export async function requestDeletion(
  what: string,
  run: () => Promise<unknown>,
  retryableCodes: readonly string[] = [],
): Promise<void> {
  try {
    await run();
  } catch (cause) {
    const code = codeOf(cause);
    if (code === 'ResourceNotFound') return;
    const isBusy = ['ConflictException', 'ResourceInUse', ...retryableCodes].includes(code);
    throw isBusy ? new BusyError(`Deleting ${what}`, { cause }) : new Error(`Deleting ${what}`, { cause });
  }
}

/** How many calls are made at once: enough to be quick, few enough not to be throttled at once. */
const maxConcurrency = 10;

/**
 * Does it for each item, a bounded number at a time. All are tried; then the first error, if any, is thrown: one that
 * waiting does not help before a BusyError.
 */
export async function mapConcurrent<T, R>(items: readonly T[], run: (item: T) => Promise<R>): Promise<R[]> {
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
  await Promise.all(Array.from({ length: Math.min(maxConcurrency, items.length) }, worker));
  if (errors.length > 0) throw errors.find((error) => !(error instanceof BusyError)) ?? errors[0];
  return results;
}
