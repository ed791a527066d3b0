import { wrapS3Errors } from '@studio-resources/sagemaker/client/s3';

/** Who grants access to a bucket, for the message after AccessDenied. */
export const accessHint =
  "the provider's parameter SeedCodeBuckets has to name the bucket, and the bucket's policy has to allow it";

/** Adds context to S3's errors: the message begins with `what`. */
export function wrapErrors<T>(what: string, call: Promise<T>): Promise<T> {
  return wrapS3Errors(what, call, accessHint);
}
