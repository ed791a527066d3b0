import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { despiteConflicts } from './conflict.ts';
import { inBase64, releaseFile } from './file.ts';
import { bucketName, type Place } from './place.ts';
import { folder, type Release } from './release.ts';
import { templateUrl } from './urls.ts';
import { isLater } from './version.ts';

/** The object that names a Region's latest version, and its ETag. */
interface Latest {
  version: string;
  etag: string;
}

/** The one object of a bucket that changes. */
export const latestKey = `${folder}/latest.json`;

/** The latest version in a Region; undefined before the first. */
export async function readLatest(place: Place): Promise<Latest | undefined> {
  const { s3, bucket: Bucket, account: ExpectedBucketOwner } = place;
  try {
    const { Body, ETag = '' } = await s3.send(new GetObjectCommand({ Bucket, Key: latestKey, ExpectedBucketOwner }));
    const { version } = JSON.parse(await Body!.transformToString()) as { version: string };
    return { version, etag: ETag };
  } catch (cause) {
    if ((cause as Error).name === 'NoSuchKey') return undefined;
    throw new Error(`Reading ${latestKey} in ${bucketName(place)}: ${(cause as Error).message}`, { cause });
  }
}

/**
 * Makes this release a Region's latest, unless a later one is. Gives the version that is the latest then.
 *
 * @throws Error where another run has changed it meanwhile
 */
export function moveLatest(place: Place, release: Release): Promise<string> {
  return despiteConflicts(() => moveOnce(place, release));
}

async function moveOnce(place: Place, release: Release): Promise<string> {
  const { s3, bucket: Bucket, account: ExpectedBucketOwner } = place;
  const present = await readLatest(place);
  if (present && !isLater(release.version, present.version)) return present.version;
  const { version, commit, prefix, manifest } = release;
  const latest = {
    ...{ version, commit, template: templateUrl(place, release, 'provider.yaml') },
    manifest: { key: `${prefix}/${manifest.path}`, sha256: manifest.sha256 },
  };
  const file = releaseFile('latest.json', new TextEncoder().encode(`${JSON.stringify(latest, undefined, 2)}\n`));
  const command = new PutObjectCommand({
    ...{ Bucket, Key: latestKey, ExpectedBucketOwner, Body: file.body, ContentType: file.contentType },
    ...{ CacheControl: 'no-cache', ChecksumSHA256: inBase64(file) },
    ...(present ? { IfMatch: present.etag } : { IfNoneMatch: '*' }),
  });
  try {
    await s3.send(command);
    return version;
  } catch (cause) {
    const message = `Moving ${latestKey} in ${bucketName(place)}: ${(cause as Error).message}; run the same command again to resume`;
    throw new Error(message, { cause });
  }
}
