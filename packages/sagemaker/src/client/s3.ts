import { S3Client } from '@aws-sdk/client-s3';
import { isTransient } from '@studio-resources/core';
import { calls } from './clients.ts';
import { codeOf } from './failures.ts';

let client: S3Client | undefined;

/** S3's client, made at the first call: the environment decides where it points. Buckets may be in another Region. */
export function s3(): S3Client {
  client ??= new S3Client({ ...calls, followRegionRedirects: true });
  return client;
}

/** Nothing is lost by trying again: the same content goes to the same place. */
class TryAgainError extends Error {
  /** The SDK's mark of an error that is worth another try. */
  readonly $retryable = { throttling: true };
}

/**
 * What a call of S3 gives. S3's own errors do not say what they are about, nor who grants the right to it: `granted`
 * does.
 *
 * @throws an Error that begins with `what`, and that the runtime tries again where that may help
 */
export async function tellingS3<T>(what: string, call: Promise<T>, granted: string): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    if (isTransient(cause)) throw new TryAgainError(what, { cause });
    const hint = /^(AccessDenied|Forbidden|403)$/.test(codeOf(cause)) ? `: ${granted}` : '';
    throw new Error(what + hint, { cause });
  }
}
