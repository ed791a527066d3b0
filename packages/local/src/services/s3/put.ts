import type * as S3 from '@aws-sdk/client-s3';
import { AwsError } from '../../errors.ts';
import type { Call, Input } from '../../service.ts';
import { checkBody, etagOf } from './checksums.ts';
import { encrypt } from './encryption.ts';
import { checkTags, parseTags } from './object-tags.ts';
import {
  addVersion,
  type Bucket,
  findVersion,
  getBucket,
  newVersionId,
  type ObjectHeaders,
  type Operations,
  type Version,
} from './state.ts';

export const putOperations: Operations = {
  async PutObject(input, call) {
    const bucket = getBucket(call, input.Bucket);
    const key = input.Key ?? '';
    const body = bytesOf(input.Body);
    const checksums = checkBody(input, body);
    const { headers, dataKey } = await encrypt(input, bucket, key, call);
    const present = findVersion(call, bucket.name, key);
    if (input.IfNoneMatch === '*' && present) throw preconditionFailed('If-None-Match');
    if (input.IfMatch !== undefined && input.IfMatch !== present?.etag) throw preconditionFailed('If-Match');
    const version = store(call, bucket, key, {
      body,
      checksums,
      headers: { ...headersOf(input), ...headers },
      dataKey,
      tags: checkTags(parseTags(input.Tagging)),
    });
    return { ETag: version.etag, ...checksums, ...encryptionOf(version), VersionId: shownVersionId(bucket, version) };
  },
};

type Content = Pick<Version, 'body' | 'headers' | 'checksums' | 'tags' | 'dataKey'> & { etag?: string; parts?: number };

/** Creates an object's new version, and notifies its listeners. */
export function store(call: Call, bucket: Bucket, key: string, content: Content): Version {
  if (Buffer.byteLength(key) > 1024) throw new AwsError('KeyTooLongError', 'Your key is too long');
  const version: Version = {
    etag: etagOf(content.body),
    ...content,
    key,
    versionId: newVersionId(call, bucket),
    modified: new Date(call.clock.now()),
    deleteMarker: false,
  };
  addVersion(call, bucket, version);
  call.cloud.events.emit('objectCreated', { bucket: bucket.name, key, body: version.body });
  if (bucket.tellsEventBridge) publishObjectCreated(call, bucket, version);
  return version;
}

function publishObjectCreated(call: Call, bucket: Bucket, version: Version): void {
  const { name, account, region } = bucket;
  call.cloud.events.emit('event', {
    source: 'aws.s3',
    detailType: 'Object Created',
    account,
    region,
    resources: [`arn:aws:s3:::${name}`],
    detail: {
      version: '0',
      bucket: { name },
      object: {
        key: version.key,
        size: version.body.length,
        etag: version.etag.replaceAll('"', ''),
        'version-id': shownVersionId(bucket, version),
      },
      'request-id': call.requestId,
      requester: call.account,
      reason: call.operation,
    },
  });
}

/** What of a PutObject's input, or of one like it, stays with the object, but for its encryption. */
export function headersOf(input: ObjectHeaders): ObjectHeaders {
  return {
    CacheControl: input.CacheControl,
    ContentDisposition: input.ContentDisposition,
    ContentEncoding: input.ContentEncoding,
    ContentLanguage: input.ContentLanguage,
    ContentType: input.ContentType || 'binary/octet-stream',
    Expires: input.Expires,
    Metadata: input.Metadata,
    StorageClass: input.StorageClass,
    WebsiteRedirectLocation: input.WebsiteRedirectLocation,
  };
}

export function encryptionOf({ headers }: Version) {
  return { ServerSideEncryption: headers.ServerSideEncryption, SSEKMSKeyId: headers.SSEKMSKeyId };
}

/** A bucket without versioning does not speak of versions. */
export function shownVersionId(bucket: Bucket, version: Version): string | undefined {
  return bucket.versioning ? version.versionId : undefined;
}

/** A body as a caller within the cloud, or the wire, gives it. */
export function bytesOf(body: Input<typeof S3, 'PutObject'>['Body']): Uint8Array {
  if (body === undefined) return new Uint8Array();
  // The SDK takes streams as well; here they have been read to their end.
  return typeof body === 'string' ? new TextEncoder().encode(body) : (body as Uint8Array);
}

function preconditionFailed(Condition: string): AwsError {
  const message = 'At least one of the pre-conditions you specified did not hold';
  return new AwsError('PreconditionFailed', message, { status: 412, members: { Condition } });
}
