import { wrapS3Errors } from '@studio-resources/sagemaker/client/s3';

/** Who grants access to a bucket, for the message after AccessDenied. */
export const accessHint =
  "the bucket has to belong to this account, the provider's parameter SeedCodeBuckets has to name it, or it has to be the provider's ArtifactBucket, and its policy must not deny it";

/** Adds context to S3's errors: the message begins with `what`. */
export function wrapErrors<T>(what: string, call: Promise<T>): Promise<T> {
  return wrapS3Errors(what, call, accessHint);
}
