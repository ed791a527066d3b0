import { GetObjectCommand, type GetObjectCommandInput, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { isTransient } from '@studio-resources/core';
import { clientConfig, codeOf, mapConcurrent } from './client.ts';

let client: S3Client | undefined;

/**
 * S3's client, created at the first call, because the environment variables set its endpoint. Buckets may be in another
 * Region.
 */
export function s3(): S3Client {
  client ??= new S3Client({ ...clientConfig, followRegionRedirects: true });
  return client;
}

/** A retry is safe: it writes the same content to the same key. */
class RetryableError extends Error {
  /** The SDK marks retryable errors with this property. */
  readonly $retryable = { throttling: true };
}

/** What to do where there is none, by S3's error code. The message has the bucket and the key already. */
const absenceHints: ReadonlyMap<string, string> = new Map([
  ['NoSuchBucket', 'there is no such bucket; create it, or give the name of one that exists'],
  ['NoSuchKey', 'there is no object with that key in the bucket; upload it first, or correct the key'],
]);

/**
 * Awaits a call of S3 and adds context to its error: S3's own errors name neither the object nor, after AccessDenied,
 * who grants access. `accessHint` does.
 *
 * @throws an Error that begins with `what`, and that the runtime retries when S3's error is transient
 */
export async function wrapS3Errors<T>(what: string, call: Promise<T>, accessHint: string): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    if (isTransient(cause)) throw new RetryableError(what, { cause });
    const hint = isDenied(cause) ? accessHint : absenceHints.get(codeOf(cause));
    throw new Error(hint === undefined ? what : `${what}: ${hint}`, { cause });
  }
}

/** The response to a HEAD request has no body, so the SDK knows only its status. */
function isDenied(cause: unknown): boolean {
  const code = codeOf(cause);
  const { $metadata } = cause as { $metadata?: { httpStatusCode?: number } };
  return code === 'AccessDenied' || (/^Unknown/.test(code) && $metadata?.httpStatusCode === 403);
}

/** A file of a folder in S3. `name` is its path relative to the folder. */
export interface S3File {
  name: string;
  content: Uint8Array;
}

/** The limits of a read from S3, and who grants access, for the message after AccessDenied. */
export interface S3Limits {
  maxBytes: number;
  maxFiles: number;
  accessHint: string;
}

type ObjectKey = GetObjectCommandInput & { Bucket: string; Key: string };

/** Returns the bytes of an object. */
export async function readObject(where: ObjectKey, limits: S3Limits): Promise<Uint8Array> {
  const what = `Reading ${s3Uri(where)}`;
  const { Body, ContentLength = 0 } = await wrapS3Errors(
    what,
    s3().send(new GetObjectCommand(where)),
    limits.accessHint,
  );
  checkSize(what, ContentLength, limits);
  return wrapS3Errors(what, Body!.transformToByteArray(), limits.accessHint);
}

/** Returns all files of a folder. `Prefix` ends with a slash. */
export async function readFolder(Bucket: string, Prefix: string, limits: S3Limits): Promise<S3File[]> {
  const what = `Reading the folder ${s3Uri({ Bucket, Key: Prefix })}`;
  const { maxFiles } = limits;
  const found = await wrapS3Errors(what, listObjects(Bucket, Prefix, maxFiles), limits.accessHint);
  if (found.length === 0)
    throw new Error(`${what}: there is nothing in it; upload the files first, or correct the prefix`);
  if (found.length > maxFiles) throw new Error(`${what}: it has more than ${maxFiles} files`);
  checkSize(
    what,
    found.reduce((sum, { Size }) => sum + Size, 0),
    limits,
  );
  return mapConcurrent(found, async ({ Key, ETag }) => {
    const name = Key.slice(Prefix.length);
    if (name.startsWith('/') || name.split('/').includes('..')) {
      throw new Error(`${what}: ${Key} would be unpacked outside of its folder`);
    }
    return { name, content: await readObject({ Bucket, Key, IfMatch: ETag }, limits) };
  });
}

/** The URI of an object, as in error messages: `s3://bucket/key, version v1`. */
export function s3Uri({ Bucket, Key, VersionId }: { Bucket: string; Key: string; VersionId?: string }): string {
  return `s3://${Bucket}/${Key}${VersionId === undefined ? '' : `, version ${VersionId}`}`;
}

/** Parses the URI of an object; undefined when it is none. */
export function parseS3Uri(uri: string): { Bucket: string; Key: string } | undefined {
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(uri) ?? [];
  return Bucket !== undefined && Key !== undefined ? { Bucket, Key } : undefined;
}

/** Lists the objects of a folder, at most one page more than `maxFiles`. */
async function listObjects(Bucket: string, Prefix: string, maxFiles: number) {
  const found: { Key: string; ETag?: string; Size: number }[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3() }, { Bucket, Prefix })) {
    for (const { Key, ETag, Size = 0 } of Contents) {
      // The S3 console creates empty objects for folders.
      if (!Key!.endsWith('/')) found.push({ Key: Key!, ETag, Size });
    }
    if (found.length > maxFiles) break;
  }
  return found;
}

function checkSize(what: string, bytes: number, { maxBytes }: S3Limits): void {
  if (bytes > maxBytes) throw new Error(`${what}: it has ${bytes} bytes, and at most ${maxBytes} are allowed`);
}
