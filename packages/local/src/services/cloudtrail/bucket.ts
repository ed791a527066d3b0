import { AwsError } from '../../errors.ts';
import { evaluateResourcePolicy } from '../../iam/evaluate.ts';
import { readPolicy } from '../../iam/policy.ts';
import { servicePrincipal } from '../../principal.ts';
import type { Call } from '../../service.ts';
import { s3 } from '../s3/index.ts';

const name = 'cloudtrail.amazonaws.com';

interface Destination {
  S3BucketName?: string;
  S3KeyPrefix?: string;
}

/**
 * Checks that CloudTrail may look at the bucket and write its logs there, and puts the folder there that they go to, as
 * AWS does. The bucket's policy alone can allow it, also to a trail of the bucket's own account.
 */
export async function openBucket({ S3BucketName = '', S3KeyPrefix }: Destination, trail: string, call: Call) {
  const Bucket = S3BucketName;
  const principal = servicePrincipal(name, call.account, trail);
  const insufficient = (cause?: unknown) =>
    Object.assign(
      new AwsError(
        'InsufficientS3BucketPolicyException',
        `Incorrect S3 bucket policy is detected for bucket: ${Bucket}`,
      ),
      { cause },
    );
  const { Policy = '' } = await call.invoke(s3, 'GetBucketPolicy', { Bucket }, principal).catch((cause) => {
    if (!(cause instanceof AwsError)) throw cause;
    if (cause.name !== 'NoSuchBucket') throw insufficient(cause);
    throw new AwsError('S3BucketDoesNotExistException', `S3 bucket ${Bucket} does not exist!`);
  });
  const folder = `${S3KeyPrefix ? `${S3KeyPrefix}/` : ''}AWSLogs/${call.account}/CloudTrail/`;
  const bucketArn = `arn:${trail.split(':')[1]}:s3:::${Bucket}`;
  for (const [action, resource] of [
    ['s3:GetBucketAcl', bucketArn],
    ['s3:PutObject', `${bucketArn}/${folder}`],
  ] as const) {
    const context = {
      'aws:PrincipalIsAWSService': 'true',
      'aws:PrincipalServiceName': name,
      'aws:SecureTransport': 'true',
      'aws:SourceAccount': call.account,
      'aws:SourceArn': trail,
      ...(action === 's3:PutObject' && { 's3:x-amz-acl': 'bucket-owner-full-control' }),
    };
    const requester = { account: call.account, name, isService: true };
    const decision = evaluateResourcePolicy(readPolicy(Policy), { action, resource, context, principal: requester });
    if (decision === 'explicit deny' || decision === 'implicit deny') throw insufficient();
  }
  await call.invoke(s3, 'PutObject', { Bucket, Key: folder, Body: new Uint8Array() }, principal);
}
