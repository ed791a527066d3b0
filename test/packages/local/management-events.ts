import { cloudtrail } from '../../../packages/local/src/services/cloudtrail/index.ts';
import { s3 } from '../../../packages/local/src/services/s3/index.ts';
import { account, type StackCloud } from './stack-cloud.ts';

/** Has a trail log the account's management events: EventBridge is told of no others. The cloud needs CloudTrail. */
export async function logManagementEvents(cloud: StackCloud): Promise<void> {
  const [Name, Bucket] = ['management-events', 'management-events'];
  await cloud.invoke(s3, 'CreateBucket', { Bucket });
  const Statement = {
    Effect: 'Allow',
    Principal: { Service: 'cloudtrail.amazonaws.com' },
    Action: ['s3:GetBucketAcl', 's3:PutObject'],
    Resource: [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/AWSLogs/${account}/*`],
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await cloud.invoke(s3, 'PutBucketPolicy', { Bucket, Policy });
  await cloud.invoke(cloudtrail, 'CreateTrail', { Name, S3BucketName: Bucket });
  await cloud.invoke(cloudtrail, 'StartLogging', { Name });
}
