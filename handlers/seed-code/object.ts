import { createHash } from 'node:crypto';
import {
  DeleteObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  ListObjectVersionsCommand,
  PutObjectCommand,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import { type Context, isNotFound } from '@studio-resources/core';
import { parseS3Uri, s3 } from '@studio-resources/sagemaker/client/s3';
import { holderHash, ownershipTags } from '@studio-resources/sagemaker/ownership';
import { wrapErrors } from './bucket.ts';

/** The location of an object. Its key ends with the SHA-256 of its content and a hash of the resource that owns it. */
export interface ObjectLocation {
  Bucket: string;
  Key: string;
}

/** The launch role of SageMaker's Service Catalog products can only read objects with this tag. */
const provisioning = { Key: 'servicecatalog:provisioning', Value: 'true' };

const ending = /([0-9a-f]{64})-([0-9a-f]{8})\.zip$/;

/** The location of content. Two resources never share an object, so each can delete its own. */
export function locationOf(Bucket: string, prefix: string, content: Uint8Array, ctx: Context): ObjectLocation {
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { Bucket, Key: `${prefix}${sha256}-${holderHash(ctx, 8)}.zip` };
}

export function locationUri({ Bucket, Key }: ObjectLocation): string {
  return `s3://${Bucket}/${Key}`;
}

/** Parses a physical id; undefined when it is none. */
export function parseLocation(id: string): ObjectLocation | undefined {
  const place = parseS3Uri(id);
  return place && ending.test(place.Key) ? place : undefined;
}

/** The object's expected checksum, in S3's format. */
export function expectedChecksum({ Key }: ObjectLocation): string {
  return Buffer.from(ending.exec(Key)?.[1] ?? '', 'hex').toString('base64');
}

/** Uploads content. S3 verifies its checksum. */
export async function putObject(place: ObjectLocation, Body: Uint8Array, ctx: Context): Promise<void> {
  const tags = [provisioning, ...ownershipTags(ctx)].map(({ Key, Value }): [string, string] => [Key!, Value!]);
  const Tagging = new URLSearchParams(tags).toString();
  const command = new PutObjectCommand({
    ...place,
    Body,
    Tagging,
    ContentType: 'application/zip',
    ChecksumSHA256: expectedChecksum(place),
  });
  await wrapErrors(`Writing ${locationUri(place)}`, s3().send(command));
}

/** Describes the object, with its checksum. */
export function findObject(place: ObjectLocation): Promise<HeadObjectCommandOutput | undefined> {
  const call = s3().send(new HeadObjectCommand({ ...place, ChecksumMode: 'ENABLED' }));
  return wrapErrors(`Looking at ${locationUri(place)}`, undefinedIfNotFound(call));
}

/** The newest object of this stack and logical id under a prefix. */
export async function findLatest(Bucket: string, Prefix: string, ctx: Context): Promise<ObjectLocation | undefined> {
  let last: { Key: string; at: number } | undefined;
  const look = async () => {
    for await (const { Contents = [] } of paginateListObjectsV2({ client: s3() }, { Bucket, Prefix })) {
      for (const { Key = '', LastModified } of Contents) {
        const at = LastModified?.getTime() ?? 0;
        const isOwn = ending.exec(Key.slice(Prefix.length))?.[2] === holderHash(ctx, 8);
        if (isOwn && !(last && last.at > at)) last = { Key, at };
      }
    }
  };
  await wrapErrors(`Looking for what is under s3://${Bucket}/${Prefix}`, undefinedIfNotFound(look()));
  return last && { Bucket, Key: last.Key };
}

/** Whether an object has the ownership tags of this stack and logical id. True for a deleted one, which has no tags. */
export async function isOwned(place: ObjectLocation, ctx: Context): Promise<boolean> {
  const call = s3().send(new GetObjectTaggingCommand(place));
  const found = await wrapErrors(`Reading the tags of ${locationUri(place)}`, undefinedIfNotFound(call));
  const tags = new Map(found?.TagSet?.map(({ Key, Value }) => [Key, Value]));
  return found === undefined || ownershipTags(ctx).every(({ Key, Value }) => tags.get(Key) === Value);
}

/** Deletes an object with all its versions. */
export async function deleteObject(place: ObjectLocation): Promise<void> {
  const versions = await wrapErrors(
    `Looking for the versions of ${locationUri(place)}`,
    undefinedIfNotFound(listVersions(place)),
  );
  for (const VersionId of versions ?? []) {
    const call = s3().send(new DeleteObjectCommand({ ...place, VersionId }));
    await wrapErrors(`Deleting ${locationUri(place)}`, undefinedIfNotFound(call));
  }
}

/** The versions and delete markers of an object. In a bucket without versioning, the object's version id is `null`. */
async function listVersions({ Bucket, Key }: ObjectLocation): Promise<string[]> {
  const found: (string | undefined)[] = [];
  let markers: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
  while (markers) {
    const command: ListObjectVersionsCommand = new ListObjectVersionsCommand({ Bucket, Prefix: Key, ...markers });
    const {
      Versions = [],
      DeleteMarkers = [],
      IsTruncated,
      NextKeyMarker,
      NextVersionIdMarker,
    } = await s3().send(command);
    found.push(...[...Versions, ...DeleteMarkers].filter((one) => one.Key === Key).map(({ VersionId }) => VersionId));
    markers = IsTruncated ? { KeyMarker: NextKeyMarker, VersionIdMarker: NextVersionIdMarker } : undefined;
  }
  return found.filter((id) => id !== undefined);
}

/** Returns undefined when the object or the bucket does not exist. */
export async function undefinedIfNotFound<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
