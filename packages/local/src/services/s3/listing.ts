import type { ObjectVersion } from '@aws-sdk/client-s3';
import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';

import { getBucket, type Operations, objects, ownerId, type Version } from './state.ts';

export const listOperations: Operations = {
  ListObjectsV2(input, call) {
    const after = input.ContinuationToken ? fromToken(input.ContinuationToken) : input.StartAfter;
    const page = list(latest(call, input.Bucket), { ...input, after });
    const encode = encoderOf(input.EncodingType);
    return {
      ...summary(call, page, input, encode),
      KeyCount: page.versions.length + page.prefixes.length,
      ContinuationToken: input.ContinuationToken,
      NextContinuationToken: page.next && toToken(page.next),
      StartAfter: input.StartAfter && encode(input.StartAfter),
    };
  },

  ListObjects(input, call) {
    const page = list(latest(call, input.Bucket), { ...input, after: input.Marker });
    const encode = encoderOf(input.EncodingType);
    return {
      ...summary(call, page, { ...input, FetchOwner: true }, encode),
      Marker: encode(input.Marker ?? ''),
      // Without a delimiter, clients go on from the last key.
      NextMarker: input.Delimiter && page.next ? encode(page.next) : undefined,
    };
  },

  ListObjectVersions(input, call) {
    const bucket = getBucket(call, input.Bucket);
    const table = objects(call, bucket.name);
    const page = list([...table.values()].flat().filter(isAfter(input)), input);
    const encode = encoderOf(input.EncodingType);
    const last = page.versions.at(-1);
    const entryOf = (one: Version): ObjectVersion => ({
      Key: encode(one.key),
      VersionId: one.versionId,
      IsLatest: table.get(one.key)?.[0] === one,
      LastModified: one.modified,
      Owner: { ID: ownerId(call) },
      ...(!one.deleteMarker && { ETag: one.etag, Size: one.body.length, StorageClass: 'STANDARD' }),
    });
    return {
      Name: bucket.name,
      Prefix: encode(input.Prefix ?? ''),
      Delimiter: input.Delimiter && encode(input.Delimiter),
      MaxKeys: page.max,
      EncodingType: input.EncodingType,
      KeyMarker: encode(input.KeyMarker ?? ''),
      VersionIdMarker: input.VersionIdMarker,
      IsTruncated: page.next !== undefined,
      NextKeyMarker: page.next && encode(page.next),
      NextVersionIdMarker: page.next === last?.key ? last?.versionId : undefined,
      CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: encode(prefix) })),
      Versions: page.versions.filter((one) => !one.deleteMarker).map((one) => entryOf(one)),
      DeleteMarkers: page.versions.filter((one) => one.deleteMarker).map((one) => entryOf(one)),
    };
  },
};

interface Page {
  versions: Version[];
  prefixes: string[];
  max: number;
  /** The last key or prefix of a page that is not the last. */
  next?: string;
}

/** One page of keys in order, those that share a prefix up to the delimiter as one entry. */
function list(
  all: Version[],
  {
    Prefix = '',
    Delimiter,
    MaxKeys = 1000,
    after,
  }: { Prefix?: string; Delimiter?: string; MaxKeys?: number; after?: string },
): Page {
  if (MaxKeys < 0)
    throw new AwsError('InvalidArgument', 'Argument maxKeys must be an integer between 0 and 2147483647');
  const max = Math.min(MaxKeys, 1000);
  const page: Page = { versions: [], prefixes: [], max };
  const sorted = all
    .filter(({ key }) => key.startsWith(Prefix))
    .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
  let last = '';
  for (const version of sorted) {
    const end = Delimiter ? version.key.indexOf(Delimiter, Prefix.length) : -1;
    const prefix = end < 0 ? undefined : version.key.slice(0, end + Delimiter!.length);
    const entry = prefix ?? version.key;
    if (after !== undefined && (!isBefore(after, entry) || (prefix !== undefined && after.startsWith(prefix))))
      continue;
    if (prefix !== undefined && page.prefixes.at(-1) === prefix) continue;
    if (page.versions.length + page.prefixes.length === max) {
      if (max > 0) page.next = last;
      break;
    }
    if (prefix === undefined) page.versions.push(version);
    else page.prefixes.push(prefix);
    last = entry;
  }
  return page;
}

/** Keys are ordered by their UTF-8 bytes. */
function isBefore(a: string, b: string): boolean {
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
}

function latest(call: Call, name: string | undefined): Version[] {
  const bucket = getBucket(call, name);
  return [...objects(call, bucket.name).values()].map(([newest]) => newest!).filter((one) => !one.deleteMarker);
}

function summary(
  call: Call,
  page: Page,
  input: { Bucket?: string; Prefix?: string; Delimiter?: string; EncodingType?: 'url'; FetchOwner?: boolean },
  encode: (text: string) => string,
) {
  return {
    Name: input.Bucket,
    Prefix: encode(input.Prefix ?? ''),
    Delimiter: input.Delimiter && encode(input.Delimiter),
    MaxKeys: page.max,
    EncodingType: input.EncodingType,
    IsTruncated: page.next !== undefined,
    Contents: page.versions.map((one) => ({
      Key: encode(one.key),
      LastModified: one.modified,
      ETag: one.etag,
      Size: one.body.length,
      StorageClass: one.headers.StorageClass ?? ('STANDARD' as const),
      Owner: input.FetchOwner ? { ID: ownerId(call) } : undefined,
    })),
    CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  };
}

/** Whether a version comes after the last one of the page before, which its key and its id name. */
function isAfter({ KeyMarker, VersionIdMarker }: { KeyMarker?: string; VersionIdMarker?: string }) {
  let passed = false;
  return ({ key, versionId }: Version): boolean => {
    if (KeyMarker === undefined || isBefore(KeyMarker, key)) return true;
    if (key !== KeyMarker || VersionIdMarker === undefined) return false;
    // Versions of a key come one after the other, the newest first.
    const after = passed;
    passed ||= versionId === VersionIdMarker;
    return after;
  };
}

function encoderOf(type: string | undefined): (text: string) => string {
  if (type !== 'url') return (text) => text;
  return (text) => encodeURIComponent(text).replaceAll('%2F', '/');
}

function toToken(key: string): string {
  return Buffer.from(key).toString('base64');
}

function fromToken(token: string): string {
  return Buffer.from(token, 'base64').toString();
}
