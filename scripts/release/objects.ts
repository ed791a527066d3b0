import { HeadObjectCommand, PutObjectCommand, paginateListObjectsV2, S3ServiceException } from '@aws-sdk/client-s3';
import { inBase64, type ReleaseFile } from './file.ts';
import { bucketName, type Place } from './place.ts';
import type { Release } from './release.ts';

/**
 * Which files of a release a Region has already, by their paths.
 *
 * @throws Error where an object below the release's prefix is none of its files, or has other bytes: the version exists
 */
export async function findPresent(place: Place, release: Release): Promise<Set<string>> {
  const { s3, bucket: Bucket, account: ExpectedBucketOwner } = place;
  const { prefix, files, manifest } = release;
  const byPath = new Map([...files, manifest].map((file) => [file.path, file]));
  const present = new Set<string>();
  const pages = paginateListObjectsV2({ client: s3 }, { Bucket, ExpectedBucketOwner, Prefix: `${prefix}/` });
  try {
    for await (const { Contents = [] } of pages) {
      for (const { Key = '' } of Contents) {
        const file = byPath.get(Key.slice(prefix.length + 1));
        if (!file || (await checksumOf(place, Key)) !== inBase64(file)) throw taken(place, Key, release);
        present.add(file.path);
      }
    }
  } catch (cause) {
    if (!(cause instanceof S3ServiceException)) throw cause;
    throw new Error(`Reading what is in ${bucketName(place)}: ${cause.message}`, { cause });
  }
  return present;
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
  try {
    await s3.send(command).catch((error: Error) => {
      // Someone else was faster, perhaps an attempt of this one whose answer was lost.
      if (error.name !== 'PreconditionFailed') throw error;
    });
    if ((await checksumOf(place, Key)) !== inBase64(file)) throw taken(place, Key, release);
  } catch (cause) {
    if (!(cause instanceof S3ServiceException)) throw cause;
    const doing = `Uploading ${file.path} to ${Bucket} (${region})`;
    throw new Error(`${doing}: ${cause.message}; run the same command again to resume`, { cause });
  }
}

async function checksumOf(
  { s3, bucket, account: ExpectedBucketOwner }: Place,
  Key: string,
): Promise<string | undefined> {
  const input = { Bucket: bucket, Key, ExpectedBucketOwner, ChecksumMode: 'ENABLED' as const };
  return (await s3.send(new HeadObjectCommand(input))).ChecksumSHA256;
}

function taken(place: Place, key: string, { version }: Release): Error {
  return new Error(
    `Comparing ${key} in ${bucketName(place)}: it has other bytes than this release. Version ${version} exists; release another version`,
  );
}
