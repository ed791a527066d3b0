import { createHash } from 'node:crypto';
import { GetObjectCommand, HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { ask } from '../ask.ts';

/** A zip as it is in the bucket. */
export interface ReleasedZip {
  key: string;
  /** As Lambda's CodeSha256 is written: base64. Undefined where the bucket has no such zip. */
  sha256: string | undefined;
}

/** The zips of the release that a stack is installed from. */
export interface Release {
  /** `1.4.0`; undefined where the prefix has no manifest. */
  version: string | undefined;
  /** The zip of a handler by its name: `studio-domain`. Throws UnansweredError where it cannot be read. */
  zipOf(name: string): Promise<ReleasedZip>;
}

interface Manifest {
  version: string;
  files: readonly { path: string; CodeSha256?: string }[];
}

/** In a bucket that the caller may not list, S3 says `403` of what is not there: that is not told. */
const missing = /^(NoSuchKey|NotFound)/;

/** Reads the manifest of a release, or looks at its zips where it has none. */
export async function readRelease(
  s3: S3Client,
  { bucket, prefix }: { bucket: string; prefix: string },
): Promise<Release> {
  const read = (Key: string) => s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
  const file = await ask('s3:GetObject', read(`${prefix}/manifest.json`), missing);
  const manifest = file && (JSON.parse(await file.Body!.transformToString()) as Manifest);
  return {
    version: manifest?.version,
    async zipOf(name) {
      // A release has the digest of a zip in its name, or not.
      const named = new RegExp(`^${name}(-[0-9a-f]{16})?\\.zip$`);
      const entry = manifest?.files.find(({ path }) => named.test(path));
      if (entry?.CodeSha256) return { key: `${prefix}/${entry.path}`, sha256: entry.CodeSha256 };
      const key = `${prefix}/${name}.zip`;
      return { key, sha256: await digestOf(s3, bucket, key) };
    },
  };
}

/** S3's own checksum of the whole object where it has one, or that of what it sends. */
async function digestOf(s3: S3Client, Bucket: string, Key: string): Promise<string | undefined> {
  const head = new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' });
  const known = await ask('s3:GetObject', s3.send(head), missing);
  if (!known) return undefined;
  // The checksum of an upload in parts is one of their checksums.
  if (known.ChecksumSHA256 && known.ChecksumType !== 'COMPOSITE') return known.ChecksumSHA256;
  const object = await ask('s3:GetObject', s3.send(new GetObjectCommand({ Bucket, Key })), missing);
  return (
    object &&
    createHash('sha256')
      .update(await object.Body!.transformToByteArray())
      .digest('base64')
  );
}
