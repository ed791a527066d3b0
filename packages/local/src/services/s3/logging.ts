import { AwsError } from '../../errors.ts';
import { buckets, getBucket, type Operations } from './state.ts';

/** Where a bucket's requests are logged is kept and given back. No log is written here. */
export const loggingOperations: Operations = {
  PutBucketLogging({ Bucket, BucketLoggingStatus }, call) {
    const bucket = getBucket(call, Bucket);
    const { LoggingEnabled: logging } = BucketLoggingStatus ?? {};
    const target = buckets(call).get(logging?.TargetBucket ?? '');
    if (logging && !target) throw invalidTarget('The target bucket for logging does not exist');
    if (target && target.account !== bucket.account) {
      throw invalidTarget('The owner for the bucket to be logged and the target bucket must be the same.');
    }
    if (target && target.region !== bucket.region) {
      const message =
        'Cross-location logging is not allowed. Buckets in one geographic location cannot log information to a bucket in another location.';
      throw new AwsError('CrossLocationLoggingProhibited', message, { status: 403 });
    }
    bucket.logging = logging;
    return {};
  },
  GetBucketLogging: ({ Bucket }, call) => ({ LoggingEnabled: getBucket(call, Bucket).logging }),
};

function invalidTarget(message: string): AwsError {
  return new AwsError('InvalidTargetBucketForLogging', message);
}
