import type * as S3 from '@aws-sdk/client-s3';
import { AwsError } from '../../errors.ts';
import type { Call, Input } from '../../service.ts';
import { pickChecksums, summedUp } from './checksums.ts';
import { decrypt, encrypt } from './encryption.ts';
import { checkTags, parseTags } from './object-tags.ts';
import { encryptionOf, headersOf, shownVersionId, store } from './put.ts';
import {
  addVersion,
  type Bucket,
  findVersion,
  getBucket,
  getVersion,
  newVersionId,
  type Operations,
  objects,
  type Version,
} from './state.ts';

export const objectOperations: Operations = {
  async GetObject(input, call) {
    const version = getVersion(call, input);
    await decrypt(version, getBucket(call, input.Bucket), call);
    checkConditions(input, version);
    const range = rangeOf(input.Range, version.body.length);
    if (!range) return { ...described(call, input, version), Body: version.body };
    const Body = version.body.subarray(range.from, range.to + 1);
    const ContentRange = `bytes ${range.from}-${range.to}/${version.body.length}`;
    // A checksum is of the whole object.
    const { ChecksumMode: _, ...withoutChecksums } = input;
    return { ...described(call, withoutChecksums, version), ContentLength: Body.length, ContentRange, Body };
  },

  HeadObject(input, call) {
    const bucket = getBucket(call, input.Bucket);
    const version = findVersion(call, bucket.name, input.Key ?? '', input.VersionId);
    if (!version) throw new AwsError('NotFound', 'Not Found', { status: 404 });
    checkConditions(input, version);
    return described(call, input, version);
  },

  DeleteObject({ Bucket, Key = '', VersionId }, call) {
    const {
      DeleteMarker,
      DeleteMarkerVersionId,
      VersionId: deleted,
    } = remove(call, getBucket(call, Bucket), Key, VersionId);
    return { DeleteMarker, VersionId: DeleteMarkerVersionId ?? deleted };
  },

  DeleteObjects({ Bucket, Delete }, call) {
    const bucket = getBucket(call, Bucket);
    const keys = Delete?.Objects ?? [];
    if (keys.length > 1000) {
      throw new AwsError('MalformedXML', 'The request must contain no more than 1000 object identifiers.');
    }
    const deleted = keys.map(({ Key = '', VersionId }) => ({ Key, ...remove(call, bucket, Key, VersionId) }));
    return Delete?.Quiet ? {} : { Deleted: deleted };
  },

  async CopyObject(input, call) {
    const from = copySourceOf(input.CopySource);
    const source = getVersion(call, from);
    await decrypt(source, getBucket(call, from.Bucket), call);
    checkSource(input, source);
    const bucket = getBucket(call, input.Bucket);
    const same = input.CopySource?.replace(/^\//, '') === `${input.Bucket}/${input.Key}`;
    if (same && input.MetadataDirective !== 'REPLACE' && !input.StorageClass && !input.ServerSideEncryption) {
      const message =
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.";
      throw new AwsError('InvalidRequest', message);
    }
    const { headers, dataKey } = await encrypt(input, bucket, input.Key ?? '', call);
    const version = store(call, bucket, input.Key ?? '', {
      body: source.body,
      checksums: input.ChecksumAlgorithm ? summedUp(input.ChecksumAlgorithm, source.body) : source.checksums,
      // A copy is encrypted as it is asked for, or as its own bucket says, not as its source.
      headers: { ...(input.MetadataDirective === 'REPLACE' ? headersOf(input) : source.headers), ...headers },
      dataKey,
      tags: input.TaggingDirective === 'REPLACE' ? checkTags(parseTags(input.Tagging)) : source.tags,
    });
    return {
      CopyObjectResult: { ETag: version.etag, LastModified: version.modified, ...pickChecksums(version.checksums) },
      CopySourceVersionId: source.versionId === 'null' ? undefined : source.versionId,
      VersionId: shownVersionId(bucket, version),
      ...encryptionOf(version),
    };
  },

  GetObjectAttributes(input, call) {
    const bucket = getBucket(call, input.Bucket);
    const version = getVersion(call, input);
    const Checksum = { ...pickChecksums(version.checksums), ChecksumType: 'FULL_OBJECT' as const };
    const all = {
      ETag: version.etag.replaceAll('"', ''),
      Checksum: Object.keys(version.checksums).length > 0 ? Checksum : undefined,
      ObjectParts: version.parts ? { TotalPartsCount: version.parts } : undefined,
      ObjectSize: version.body.length,
      StorageClass: version.headers.StorageClass ?? 'STANDARD',
    };
    const asked = Object.entries(all).filter(([name]) => input.ObjectAttributes?.some((one) => one === name));
    return { ...Object.fromEntries(asked), LastModified: version.modified, VersionId: shownVersionId(bucket, version) };
  },
};

/** The bucket, key and version of `bucket/key?versionId=…`, percent-encoded or not. */
export function copySourceOf(source = ''): { Bucket: string; Key: string; VersionId?: string } {
  const [, Bucket, Key, VersionId] = /^\/?([^/]+)\/(.+?)(?:\?versionId=(.+))?$/.exec(source) ?? [];
  if (!Bucket || !Key) {
    const message = 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey';
    throw new AwsError('InvalidArgument', message);
  }
  return { Bucket, Key: decodeURIComponent(Key), VersionId };
}

function described(
  call: Call,
  input: Pick<Input<typeof S3, 'GetObject'>, 'Bucket' | 'ChecksumMode'>,
  version: Version,
) {
  return {
    ...version.headers,
    AcceptRanges: 'bytes',
    ContentLength: version.body.length,
    ETag: version.etag,
    LastModified: version.modified,
    VersionId: shownVersionId(getBucket(call, input.Bucket), version),
    TagCount: version.tags.length || undefined,
    PartsCount: version.parts,
    ...(input.ChecksumMode === 'ENABLED' && pickChecksums(version.checksums)),
  };
}

function checkConditions(input: { IfMatch?: string; IfNoneMatch?: string }, version: Version): void {
  if (input.IfMatch !== undefined && input.IfMatch !== version.etag) {
    const message = 'At least one of the pre-conditions you specified did not hold';
    throw new AwsError('PreconditionFailed', message, { status: 412, members: { Condition: 'If-Match' } });
  }
  if (input.IfNoneMatch === version.etag) throw new AwsError('NotModified', 'Not Modified', { status: 304 });
}

/** A copy is made only of what the caller means. */
function checkSource(input: S3.CopyObjectRequest, source: Version): void {
  const isOther = input.CopySourceIfMatch !== undefined && input.CopySourceIfMatch !== source.etag;
  if (!isOther && input.CopySourceIfNoneMatch !== source.etag) return;
  const Condition = isOther ? 'x-amz-copy-source-If-Match' : 'x-amz-copy-source-If-None-Match';
  const message = 'At least one of the pre-conditions you specified did not hold';
  throw new AwsError('PreconditionFailed', message, { status: 412, members: { Condition } });
}

/** The first and last byte of `bytes=0-99`, `bytes=100-` or `bytes=-100`; undefined where the whole is asked for. */
function rangeOf(range: string | undefined, length: number): { from: number; to: number } | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? [];
  if (first === undefined || last === undefined || first + last === '') return undefined;
  const from = first === '' ? Math.max(0, length - Number(last)) : Number(first);
  const to = first === '' || last === '' ? length - 1 : Math.min(Number(last), length - 1);
  if (from > to) throw new AwsError('InvalidRange', 'The requested range is not satisfiable', { status: 416 });
  return { from, to };
}

/** Deletes as the bucket's versioning says: permanently, or by a delete marker. */
function remove(call: Call, bucket: Bucket, key: string, versionId: string | undefined): S3.DeletedObject {
  const table = objects(call, bucket.name);
  const versions = table.get(key) ?? [];
  if (versionId === undefined && bucket.versioning) {
    const id = newVersionId(call, bucket);
    addVersion(call, bucket, { ...deleteMarker, key, versionId: id, modified: new Date(call.clock.now()) });
    return { DeleteMarker: true, DeleteMarkerVersionId: id };
  }
  const id = versionId ?? 'null';
  const removed = versions.find((one) => one.versionId === id);
  const rest = versions.filter((one) => one !== removed);
  if (rest.length > 0) table.set(key, rest);
  else table.delete(key);
  return { VersionId: versionId, DeleteMarker: removed?.deleteMarker || undefined };
}

const deleteMarker = { deleteMarker: true, body: new Uint8Array(), etag: '', headers: {}, checksums: {}, tags: [] };
