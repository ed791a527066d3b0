import * as S3 from '@aws-sdk/client-s3';
import { AwsError } from '../../errors.ts';
import { type Call, service } from '../../service.ts';
import { access } from './access.ts';
import { aclOperations } from './acl.ts';
import { bucketSettings } from './bucket-settings.ts';
import { bucketOperations } from './buckets.ts';
import { corsOperations } from './cors.ts';
import { listOperations } from './listing.ts';
import { loggingOperations } from './logging.ts';
import { multipartOperations } from './multipart.ts';
import { objectTagOperations } from './object-tags.ts';
import { objectOperations } from './objects.ts';
import { putOperations } from './put.ts';
import { type Bucket, buckets, type Operations } from './state.ts';

const operations: Operations = {
  ...bucketOperations,
  ...bucketSettings,
  ...aclOperations,
  ...corsOperations,
  ...loggingOperations,
  ...listOperations,
  ...putOperations,
  ...objectOperations,
  ...objectTagOperations,
  ...multipartOperations,
};

/**
 * The operations, each of which is refused where the caller expects another account to own the bucket:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
 */
const forOwner = Object.fromEntries(
  Object.entries(operations as Record<string, Operation>).map(([name, perform]): [string, Operation] => [
    name,
    (input, call) => {
      const { Bucket = '', ExpectedBucketOwner } = input;
      const owner = buckets(call).get(Bucket)?.account;
      if (ExpectedBucketOwner !== undefined && owner !== undefined && owner !== ExpectedBucketOwner) {
        throw new AwsError('AccessDenied', 'Access Denied', { status: 403 });
      }
      return perform(input, call);
    },
  ]),
) as Operations;

type Operation = (input: { Bucket?: string; ExpectedBucketOwner?: string }, call: Call) => object;

/** S3: bucket names are shared by all accounts and Regions, a bucket belongs to one account. */
export const s3 = service('s3', 's3', S3, {
  scope: 'global',
  operations: forOwner,
  access,
  tagsOf(arn, call) {
    const tags = findBucket(arn, call)?.tags;
    return tags && Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
  },
  accountOf: (arn, call) => findBucket(arn, call)?.account,
  resourcePolicy(arn, call) {
    const bucket = findBucket(arn, call);
    return bucket?.policy === undefined ? undefined : { document: bucket.policy, account: bucket.account };
  },
});

/** The bucket of `arn:aws:s3:::bucket` or `arn:aws:s3:::bucket/key`. */
function findBucket(arn: string, call: Call): Bucket | undefined {
  return buckets(call).get(arn.split(':::')[1]?.split('/')[0] ?? '');
}
