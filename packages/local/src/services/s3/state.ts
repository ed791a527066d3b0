import type * as S3 from '@aws-sdk/client-s3';
import { AwsError } from '../../errors.ts';
import { alphanumerics } from '../../random.ts';
import { type Call, type Definition, type Input, scopeOf } from '../../service.ts';

export type Operations = Definition<typeof S3>['operations'];

export interface Bucket {
  name: string;
  account: string;
  region: string;
  created: Date;
  /** Undefined as long as it was never set. */
  versioning?: 'Enabled' | 'Suspended';
  tags?: S3.Tag[];
  policy?: string;
  encryption: S3.ServerSideEncryptionConfiguration;
  publicAccessBlock?: S3.PublicAccessBlockConfiguration;
  ownership?: S3.OwnershipControls;
  lifecycle?: S3.LifecycleRule[];
  /** What its ACL grants, the owner's full control included. */
  grants?: S3.Grant[];
  cors?: S3.CORSRule[];
  logging?: S3.LoggingEnabled;
  /** Its objects' creations are events of EventBridge. */
  tellsEventBridge?: boolean;
}

/** What a client says of an object when it puts it, and gets back with it. */
export type ObjectHeaders = Pick<
  Input<typeof S3, 'PutObject'>,
  | 'CacheControl'
  | 'ContentDisposition'
  | 'ContentEncoding'
  | 'ContentLanguage'
  | 'ContentType'
  | 'Expires'
  | 'Metadata'
  | 'ServerSideEncryption'
  | 'SSEKMSKeyId'
  | 'StorageClass'
  | 'WebsiteRedirectLocation'
>;

/** One version of an object, or a marker that it was deleted. */
export interface Version {
  key: string;
  /** `null` in a bucket without versioning. */
  versionId: string;
  modified: Date;
  deleteMarker: boolean;
  body: Uint8Array;
  /** In quotes, as on the wire. */
  etag: string;
  headers: ObjectHeaders;
  checksums: Record<string, string>;
  tags: S3.Tag[];
  /** Encrypted with the customer's key that encrypts the object. */
  dataKey?: Uint8Array;
  parts?: number;
}

export function buckets(call: Call): Map<string, Bucket> {
  return call.table('buckets');
}

/** The Region of a bucket, which S3 tells to who may not see the bucket as well; undefined where there is none. */
export function regionOfBucket({ cloud, account, region }: Pick<Call, 'cloud' | 'account' | 'region'>, name: string) {
  const scope = scopeOf({ scope: 'global' }, { account, region });
  return cloud.store.table<Bucket>('s3', scope, 'buckets').get(name)?.region;
}

/** A bucket's objects: every key with its versions, the newest first. */
export function objects(call: Call, bucket: string): Map<string, Version[]> {
  return call.table(`objects:${bucket}`);
}

/**
 * The bucket of that name. Throws `NoSuchBucket`, and `AccessDenied` for another account's, unless it has a policy: the
 * call has then been authorised by it.
 */
export function getBucket(call: Call, name: string | undefined): Bucket {
  const bucket = buckets(call).get(name ?? '');
  if (!bucket) {
    throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', {
      status: 404,
      members: { BucketName: name },
    });
  }
  if (bucket.account !== call.account && bucket.policy === undefined) {
    throw new AwsError('AccessDenied', 'Access Denied', { status: 403 });
  }
  return bucket;
}

/** The version that is asked for, or else the newest; undefined where there is none, or only a delete marker. */
export function findVersion(call: Call, bucket: string, key: string, versionId?: string): Version | undefined {
  const versions = objects(call, bucket).get(key) ?? [];
  const version = versionId === undefined ? versions[0] : versions.find((one) => one.versionId === versionId);
  return version?.deleteMarker ? undefined : version;
}

/** As `findVersion`, but throws `NoSuchKey` or `NoSuchVersion`. */
export function getVersion(call: Call, input: { Bucket?: string; Key?: string; VersionId?: string }): Version {
  const bucket = getBucket(call, input.Bucket);
  const version = findVersion(call, bucket.name, input.Key ?? '', input.VersionId);
  if (version) return version;
  const members = { Key: input.Key, ...(input.VersionId && { VersionId: input.VersionId }) };
  if (input.VersionId)
    throw new AwsError('NoSuchVersion', 'The specified version does not exist.', { status: 404, members });
  throw new AwsError('NoSuchKey', 'The specified key does not exist.', { status: 404, members });
}

/** Puts a version on top of the others, in place of one with the same id. */
export function addVersion(call: Call, bucket: Bucket, version: Version): void {
  const table = objects(call, bucket.name);
  const older = (table.get(version.key) ?? []).filter(({ versionId }) => versionId !== version.versionId);
  table.set(version.key, [version, ...older]);
}

/** The id that a new version gets, by the bucket's versioning. */
export function newVersionId(call: Call, bucket: Bucket): string {
  return bucket.versioning === 'Enabled' ? alphanumerics(call.cloud.store, 32) : 'null';
}

/** The canonical user id of the caller's account: 64 hexadecimal digits. */
export function ownerId(call: Call): string {
  return call.account.padStart(64, '0');
}
