import { CreateTrailCommand, StartLoggingCommand } from '@aws-sdk/client-cloudtrail';
import { CreateBucketCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { account, type Clients } from '../../scripts/start/clients.ts';

/**
 * Has a trail log the account's management events, as a well-kept account has one: EventBridge gets events
 * about calls from CloudTrail.
 */
export async function logManagementEvents({ cloudtrail, s3 }: Clients): Promise<void> {
  const Name = 'management-events';
  const Bucket = 'studio-resources-trail';
  await s3.send(new CreateBucketCommand({ Bucket }));
  const Statement = {
    Effect: 'Allow',
    Principal: { Service: 'cloudtrail.amazonaws.com' },
    Action: ['s3:GetBucketAcl', 's3:PutObject'],
    Resource: [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/AWSLogs/${account}/*`],
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
  await cloudtrail.send(new CreateTrailCommand({ Name, S3BucketName: Bucket }));
  await cloudtrail.send(new StartLoggingCommand({ Name }));
}
