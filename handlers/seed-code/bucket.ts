import { wrapS3Errors } from '@studio-resources/sagemaker/client/s3';

/** Who grants the right to a bucket. */
export const accessHint =
  "the provider's parameter SeedCodeBuckets has to name the bucket, and the bucket's policy has to allow it";

/** What a call gives, or an error that begins with `what`. */
export function wrapErrors<T>(what: string, call: Promise<T>): Promise<T> {
  return wrapS3Errors(what, call, accessHint);
}
