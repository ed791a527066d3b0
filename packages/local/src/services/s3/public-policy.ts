import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import type { Bucket } from './state.ts';

/**
 * Condition keys that make a statement for everybody one for some, if their values are fixed: "The meaning of public" in
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 */
const narrowing = new Set(
  [
    ...[
      'aws:PrincipalArn',
      'aws:PrincipalOrgID',
      'aws:SourceAccount',
      'aws:SourceArn',
      'aws:SourceIp',
      'aws:SourceOwner',
    ],
    ...['aws:SourceVpc', 'aws:SourceVpce', 'aws:userid', 's3:DataAccessPointAccount', 's3:DataAccessPointArn'],
    's3:x-amz-server-side-encryption-aws-kms-key-id',
  ].map((key) => key.toLowerCase()),
);

interface Statement {
  Effect: string;
  Principal?: string | Record<string, string | string[]>;
  Condition?: Record<string, Record<string, string | string[]>>;
}

/** Throws `AccessDenied` for a policy that opens a bucket to everybody while its block of public access excludes that. */
export function checkPublicPolicy(policy: string, bucket: Bucket, { principal }: Call): void {
  if (!bucket.publicAccessBlock?.BlockPublicPolicy) return;
  const { Statement: statements } = JSON.parse(policy) as { Statement: Statement | Statement[] };
  if (![statements].flat().some(isPublic)) return;
  const message = `User: ${principal.arn} is not authorized to perform: s3:PutBucketPolicy on resource: "arn:aws:s3:::${bucket.name}" because public policies are blocked by the BlockPublicPolicy block public access setting.`;
  throw new AwsError('AccessDenied', message, { status: 403 });
}

function isPublic({ Effect, Principal = {}, Condition = {} }: Statement): boolean {
  if (Effect !== 'Allow') return false;
  const principals = typeof Principal === 'string' ? [Principal] : Object.values(Principal).flat();
  if (!principals.includes('*')) return false;
  const conditions = Object.values(Condition).flatMap((keys) => Object.entries(keys));
  return !conditions.some(([key, values]) => narrowing.has(key.toLowerCase()) && [values].flat().every(isFixed));
}

/** Without wildcards and policy variables. */
function isFixed(value: string): boolean {
  return !/[*?]|\$\{/.test(value) && value !== '0.0.0.0/0';
}
