import * as S3 from '@aws-sdk/client-s3';
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
import { type Bucket, buckets } from './state.ts';

/** S3: bucket names are shared by all accounts and Regions, a bucket belongs to one account. */
export const s3 = service('s3', 's3', S3, {
  scope: 'global',
  operations: {
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
  },
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
