import { HeadObjectCommand, PutObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { despiteConflicts } from './conflict.ts';
import { inBase64, type ReleaseFile } from './file.ts';
import { bucketName, type Place } from './place.ts';
import type { Release } from './release.ts';

/**
 * Which files of a release a Region has already, by their paths.
 *
 * @throws Error where an object below the release's prefix is none of its files, or has other bytes: the version exists
 */
export async function findPresent(place: Place, release: Release): Promise<Set<string>> {
  const { prefix, files, manifest } = release;
  const byKey = new Map([...files, manifest].map((file) => [`${prefix}/${file.path}`, file]));
  const present = new Set<string>();
  for (const key of await keysBelow(place, `${prefix}/`)) {
    const file = byKey.get(key);
    if (!file || (await checksumOf(place, key)) !== inBase64(file)) throw taken(place, key, release);
    present.add(file.path);
  }
  return present;
}

async function keysBelow(place: Place, Prefix: string): Promise<string[]> {
  const { s3, bucket: Bucket, account: ExpectedBucketOwner } = place;
  const keys: string[] = [];
  try {
    const pages = paginateListObjectsV2({ client: s3 }, { Bucket, ExpectedBucketOwner, Prefix });
    for await (const { Contents = [] } of pages) keys.push(...Contents.map(({ Key = '' }) => Key));
    return keys;
  } catch (cause) {
    throw new Error(`Listing what is in ${bucketName(place)}: ${(cause as Error).message}`, { cause });
  }
}

/**
 * Uploads a file, unless it is there with the same bytes. S3 refuses what is not what was sent, or what would overwrite
 * another object; its checksum of what it has is compared again.
 *
 * @throws Error where the upload fails, or the object is there with other bytes
 */
export async function upload(place: Place, release: Release, file: ReleaseFile): Promise<void> {
  const { s3, bucket: Bucket, account: ExpectedBucketOwner, region } = place;
  const Key = `${release.prefix}/${file.path}`;
  const command = new PutObjectCommand({
    ...{ Bucket, Key, ExpectedBucketOwner, Body: file.body, ContentType: file.contentType },
    ...{ ChecksumSHA256: inBase64(file), IfNoneMatch: '*' },
  });
  await despiteConflicts(() => s3.send(command)).catch((cause: Error) => {
    // Another upload was faster, perhaps an attempt of this one whose answer was lost.
    if (cause.name === 'PreconditionFailed') return;
    const doing = `Uploading ${file.path} to ${Bucket} (${region})`;
    throw new Error(`${doing}: ${cause.message}; run the same command again to resume`, { cause });
  });
  if ((await checksumOf(place, Key)) !== inBase64(file)) throw taken(place, Key, release);
}

async function checksumOf(place: Place, Key: string): Promise<string | undefined> {
  const { s3, bucket: Bucket, account: ExpectedBucketOwner } = place;
  const input = { Bucket, Key, ExpectedBucketOwner, ChecksumMode: 'ENABLED' as const };
  const { ChecksumSHA256 } = await s3.send(new HeadObjectCommand(input)).catch((cause: Error) => {
    const doing = `Reading the checksum of ${Key} in ${bucketName(place)}`;
    throw new Error(`${doing}: ${cause.message}; run the same command again to resume`, { cause });
  });
  return ChecksumSHA256;
}

function taken(place: Place, key: string, { version }: Release): Error {
  return new Error(
    `Comparing ${key} in ${bucketName(place)}: it has other bytes than this release. Version ${version} exists; release another version`,
  );
}
