import { S3Client } from '@aws-sdk/client-s3';
import { calls } from './clients.ts';
import { codeOf } from './failures.ts';

let client: S3Client | undefined;

/** S3's client, made at the first call: the environment decides where it points. A bucket may be in another Region. */
export function s3(): S3Client {
  client ??= new S3Client({ ...calls, followRegionRedirects: true });
  return client;
}

/** An error of a call that changed nothing, or that changes nothing when it is made again. */
class TryAgainError extends Error {
  /** The SDK's mark of an error that is worth another try. */
  readonly $retryable = { throttling: true };
}

/** Gives what a call gives, and begins its error with `what`. */
export type Telling = <T>(what: string, call: Promise<T>) => Promise<T>;

/**
 * Makes S3's errors say what they are about, and who grants the right to it: `parameter` is that of the provider's
 * which names the buckets. Errors that are `isTransient` become such that the runtime tries again.
 */
export function tellingOf(parameter: string, isTransient: (error: unknown) => boolean): Telling {
  return async (what, call) => {
    try {
      return await call;
    } catch (cause) {
      if (isTransient(cause)) throw new TryAgainError(what, { cause });
      const hint = /^(AccessDenied|Forbidden|403)$/.test(codeOf(cause))
        ? `: the provider's parameter ${parameter} has to name the bucket, and the bucket's policy has to allow it`
        : '';
      throw new Error(what + hint, { cause });
    }
  };
}
