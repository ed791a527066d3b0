import { AwsError } from '../../errors.ts';
import { issueCredentials } from '../../iam/credentials.ts';
import { servicePrincipal } from '../../principal.ts';
import type { Cloud } from '../../service.ts';
import { presignedUrl } from '../../signing.ts';
import { objectAddress, running } from '../running.ts';

/** Seconds for which CloudFormation's presigned URLs are valid. */
const URL_VALID_SECONDS = 7200;

/** CloudFormation's own account, which no access key names: its buckets are in no customer's inventory. */
const OWNER = servicePrincipal('cloudformation.amazonaws.com', 'cloudformation');

/** The bucket of a Region in which CloudFormation takes answers of custom resources, or signals to a wait condition. */
export function cloudFormationBucket(kind: 'custom-resource-response' | 'waitcondition', region: string): string {
  return kind === 'waitcondition'
    ? `cloudformation-${kind}-${region}`
    : `cloudformation-${kind}-${region.replaceAll('-', '')}`;
}

/** A presigned URL for one PUT into CloudFormation's bucket, which is created when it is first needed. */
export async function putUrl(cloud: Cloud, region: string, bucket: string, key: string): Promise<string> {
  await makeBucket(cloud, region, bucket);
  return presignedUrl({
    method: 'PUT',
    origin: cloud.endpoint,
    path: `/${bucket}/${encodeURIComponent(key)}`,
    service: 's3',
    region,
    ...issueCredentials(cloud.store, cloud.clock, OWNER, URL_VALID_SECONDS),
    at: cloud.clock.now(),
    expires: URL_VALID_SECONDS,
  });
}

/** Calls `take` with the first object that is put there. The returned function stops waiting. */
export function awaitObject(cloud: Cloud, bucket: string, key: string, take: (body: Uint8Array) => void): () => void {
  const { objectWaiters: awaited } = running(cloud);
  const address = objectAddress(bucket, key);
  awaited.set(address, take);
  return () => {
    if (awaited.get(address) === take) awaited.delete(address);
  };
}

async function makeBucket(cloud: Cloud, region: string, bucket: string): Promise<void> {
  const call = (operation: string, input: Record<string, unknown>) =>
    cloud.call({ service: 's3', operation, input: { Bucket: bucket, ...input }, principal: OWNER, region });
  const CreateBucketConfiguration = region === 'us-east-1' ? undefined : { LocationConstraint: region };
  try {
    await call('HeadBucket', {});
  } catch (error) {
    if (!(error instanceof AwsError) || !/^(NotFound|NoSuchBucket)$/.test(error.name)) throw error;
    await call('CreateBucket', { CreateBucketConfiguration }).catch(ignoreAlreadyOwned);
  }
}

/** Two resources may create the bucket concurrently. */
function ignoreAlreadyOwned(error: unknown): void {
  if (!(error instanceof AwsError) || error.name !== 'BucketAlreadyOwnedByYou') throw error;
}
