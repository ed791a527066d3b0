import { isDeepStrictEqual } from 'node:util';
import {
  type BucketLocationConstraint,
  CreateBucketCommand,
  GetBucketPolicyCommand,
  HeadBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  type S3ServiceException,
} from '@aws-sdk/client-s3';
import type { Readers } from './options.ts';
import { bucketName, type Place } from './place.ts';
import { folder } from './release.ts';

/** What is to be done with a bucket: create it, give it its settings, or nothing. */
export type BucketTask = 'create' | 'set' | 'none';

/**
 * What it takes until a release can be uploaded to a Region's bucket. Changes nothing. A bucket with a policy is finished:
 * the policy is the last that a new bucket gets, and the settings of other people's buckets are theirs.
 *
 * @throws Error for a bucket that is missing, of another account or Region, or open to others than the options say
 */
export async function inspectBucket(
  place: Place,
  { readers, createBuckets }: { readers: Readers; createBuckets: boolean },
): Promise<BucketTask> {
  const doing = `Checking ${bucketName(place)}`;
  if (!(await exists(place, doing))) {
    if (createBuckets) return 'create';
    throw new Error(`${doing}: it does not exist. Create it, or give --create-buckets`);
  }
  const policy = await readPolicy(place, doing);
  if (policy === undefined) {
    if (createBuckets) return 'set';
    if (readers.kind === 'account') return 'none';
    throw new Error(`${doing}: it has no policy, so no other account can read it. Give --create-buckets to set one`);
  }
  if (readers.kind !== 'account' && !isDeepStrictEqual(policy, policyOf(place, readers))) {
    throw new Error(
      `${doing}: it has a policy of its own. Leave out --public and --organization to keep it, or delete it and give --create-buckets`,
    );
  }
  return 'none';
}

/** Creates a bucket as `inspectBucket` found: versioned, encrypted, for TLS only, and readable as chosen. */
export async function settleBucket(place: Place, task: BucketTask, readers: Readers): Promise<void> {
  if (task === 'none') return;
  const { s3, bucket: Bucket, account: ExpectedBucketOwner, region } = place;
  const isOpen = readers.kind === 'everybody';
  const of = { Bucket, ExpectedBucketOwner };
  try {
    if (task === 'create') {
      // us-east-1 is the only Region that is not named: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
      const isFirst = region === 'us-east-1';
      const where = { LocationConstraint: region as BucketLocationConstraint };
      const CreateBucketConfiguration = isFirst ? undefined : where;
      await s3.send(
        new CreateBucketCommand({ Bucket, CreateBucketConfiguration, ObjectOwnership: 'BucketOwnerEnforced' }),
      );
    }
    await s3.send(new PutBucketVersioningCommand({ ...of, VersioningConfiguration: { Status: 'Enabled' } }));
    const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const } }];
    await s3.send(new PutBucketEncryptionCommand({ ...of, ServerSideEncryptionConfiguration: { Rules } }));
    // A policy for an organization is not public: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
    const PublicAccessBlockConfiguration = {
      ...{ BlockPublicAcls: true, IgnorePublicAcls: true },
      ...{ BlockPublicPolicy: !isOpen, RestrictPublicBuckets: !isOpen },
    };
    await s3.send(new PutPublicAccessBlockCommand({ ...of, PublicAccessBlockConfiguration }));
    await s3.send(new PutBucketPolicyCommand({ ...of, Policy: JSON.stringify(policyOf(place, readers)) }));
  } catch (cause) {
    const { message } = cause as Error;
    throw new Error(`Creating ${bucketName(place)}: ${message}. Run the same command again once that is solved`, {
      cause,
    });
  }
}

/** Who may do what: everybody nothing without TLS, and the readers read what is released. */
function policyOf({ bucket, partition }: Place, readers: Readers): object {
  const arn = `arn:${partition}:s3:::${bucket}`;
  const overTls = {
    Sid: 'OnlyOverTls',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [arn, `${arn}/*`],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
  const read = { Sid: 'Read', Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `${arn}/${folder}/*` };
  const Condition = readers.kind === 'organization' && { StringEquals: { 'aws:PrincipalOrgID': readers.id } };
  const Statement = readers.kind === 'account' ? [overTls] : [overTls, { ...read, ...(Condition && { Condition }) }];
  return { Version: '2012-10-17', Statement };
}

async function exists(place: Place, doing: string): Promise<boolean> {
  const { status, home, cause } = await lookAt(place);
  if (home !== undefined && home !== place.region) {
    throw new Error(`${doing}: it is in ${home}. Give another --bucket-prefix`, { cause });
  }
  if (status === 403) {
    const message = `${doing}: account ${place.account} may not use it, or another account owns it. Give another --bucket-prefix, or the right to list it`;
    throw new Error(message, { cause });
  }
  if (cause && status !== 404) throw new Error(`${doing}: ${cause.message}`, { cause });
  return status !== 404;
}

/** What HeadBucket tells of a bucket. Its answer has no body, so all that it says is its status, and the bucket's Region. */
async function lookAt({ s3, bucket, account }: Place): Promise<{ status?: number; home?: string; cause?: Error }> {
  try {
    const of = { Bucket: bucket, ExpectedBucketOwner: account };
    const { BucketRegion: home, $metadata } = await s3.send(new HeadBucketCommand(of));
    return { status: $metadata.httpStatusCode, home };
  } catch (error) {
    const cause = error as Partial<S3ServiceException> & Error;
    const home: string | undefined = cause.$response?.headers['x-amz-bucket-region'];
    return { status: cause.$metadata?.httpStatusCode, home, cause };
  }
}

async function readPolicy({ s3, bucket, account }: Place, doing: string): Promise<unknown> {
  try {
    const of = { Bucket: bucket, ExpectedBucketOwner: account };
    const { Policy = '' } = await s3.send(new GetBucketPolicyCommand(of));
    return JSON.parse(Policy);
  } catch (cause) {
    if ((cause as Error).name === 'NoSuchBucketPolicy') return undefined;
    throw new Error(`${doing}: reading its policy: ${(cause as Error).message}`, { cause });
  }
}
