import * as S3 from '@aws-sdk/client-s3';
import { service } from '../../service.ts';
import { access } from './access.ts';
import { bucketSettings } from './bucket-settings.ts';
import { bucketOperations } from './buckets.ts';
import { listOperations } from './listing.ts';
import { multipartOperations } from './multipart.ts';
import { objectOperations } from './objects.ts';
import { putOperations } from './put.ts';
import { buckets } from './state.ts';

/** S3: bucket names are shared by all accounts and Regions, a bucket belongs to one account. */
export const s3 = service('s3', 's3', S3, {
  scope: 'global',
  operations: {
    ...bucketOperations,
    ...bucketSettings,
    ...listOperations,
    ...putOperations,
    ...objectOperations,
    ...multipartOperations,
  },
  access,
  tagsOf(arn, call) {
    const bucket = buckets(call).get(arn.split(':::')[1]?.split('/')[0] ?? '');
    return bucket?.tags && Object.fromEntries(bucket.tags.map(({ Key = '', Value = '' }) => [Key, Value]));
  },
});
