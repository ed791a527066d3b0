import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { memberAdvice } from './named-members.ts';
import { passRoleAdvice } from './pass-role.ts';

/**
 * Every AWS client uses this configuration. Many stacks share an account's control plane, so throttling is normal: the
 * SDK slows down and retries. A connection that hangs is closed long before the function times out.
 */
export const clientConfig = {
  retryMode: 'adaptive',
  maxAttempts: 8,
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 30_000, throwOnRequestTimeout: true },
};

let client: SageMakerClient | undefined;
let clientWithoutRetries: SageMakerClient | undefined;

/** SageMaker's client, created at the first call, because the environment variables set its endpoint. */
export function sagemaker(): SageMakerClient {
  client ??= withAdvice(new SageMakerClient(clientConfig));
  return client;
}

/**
 * A client that does not retry. SageMaker's create operations take no idempotency token: after a lost response, only
 * the ownership tags tell whether a resource was created.
 */
export function sagemakerWithoutRetries(): SageMakerClient {
  clientWithoutRetries ??= withAdvice(new SageMakerClient({ ...clientConfig, maxAttempts: 1 }));
  return clientWithoutRetries;
}

function withAdvice(made: SageMakerClient): SageMakerClient {
  made.middlewareStack.use(passRoleAdvice);
  made.middlewareStack.use(memberAdvice);
  return made;
}

/** The service's error code: the SDK uses it as the name of the error. Empty for a value that is no Error. */
export function codeOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

/** Returns the response, or undefined when the service responds with one of these error codes. */
export async function ignoreErrors<T>(codes: readonly string[], call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (codes.includes(codeOf(error))) return undefined;
    throw error;
  }
}

/** Whether IAM refused the call. */
export function isDenial(error: unknown): boolean {
  return ['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation'].includes(codeOf(error));
}

/**
 * Deletes a resource, or something in it, and ignores these error codes. A permission that depends on the resource's
 * tags ends with the resource: a retry after a lost response, or after another deletion, gets AccessDenied. `isGone`
 * then tells whether the resource is gone or is being deleted.
 */
export async function ignoreDeleteErrors(
  codes: readonly string[],
  deletion: Promise<unknown>,
  isGone: () => Promise<boolean>,
): Promise<void> {
  try {
    await ignoreErrors(codes, deletion);
  } catch (error) {
    if (!isDenial(error) || !(await isGone())) throw error;
  }
}

/** Returns the response, or undefined when SageMaker responds with ResourceNotFound. */
export function undefinedIfNotFound<T>(call: Promise<T>): Promise<T | undefined> {
  // A ValidationException is not ignored: SageMaker also sends it for resources that exist in another state.
  return ignoreErrors(['ResourceNotFound'], call);
}

/**
 * Another operation on the resource is in progress, so the change has to wait. Nothing was changed. The runtime retries
 * as after throttling.
 */
export class BusyError extends Error {
  override readonly name = 'BusyError';
  /** The SDK marks retryable errors with this property. */
  readonly $retryable = { throttling: true };
}

/**
 * Calls a delete operation. Callers repeat it until the resource is gone; a resource that does not exist is no error.
 * `isGone` tells it after AccessDenied, since a permission that depends on the resource's tags ends with the resource.
 * `retryableCodes` are further error codes that mean "not now".
 *
 * Throws BusyError when SageMaker cannot delete the resource yet, because something that uses it is still being
 * deleted.
 */
export async function requestDeletion(
  what: string,
  run: () => Promise<unknown>,
  { isGone, retryableCodes = [] }: { isGone?: () => Promise<boolean>; retryableCodes?: readonly string[] } = {},
): Promise<void> {
  try {
    await run();
  } catch (cause) {
    const code = codeOf(cause);
    if (code === 'ResourceNotFound' || (isDenial(cause) && (await isGone?.()))) return;
    const isBusy = ['ConflictException', 'ResourceInUse', ...retryableCodes].includes(code);
    throw isBusy ? new BusyError(`Deleting ${what}`, { cause }) : new Error(`Deleting ${what}`, { cause });
  }
}

/** High enough to be fast, low enough not to be throttled immediately. */
const maxConcurrency = 10;

/**
 * Runs the function for each item, at most `maxConcurrency` at a time, and returns the results in the order of the
 * items. It tries all items and then throws the first error, if any. Permanent errors come before a BusyError.
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
