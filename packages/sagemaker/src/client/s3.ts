import { GetObjectCommand, type GetObjectCommandInput, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { isTransient } from '@studio-resources/core';
import { clientConfig, codeOf, mapConcurrent } from './client.ts';

let client: S3Client | undefined;

/** S3's client, made at the first call: the environment decides where it points. Buckets may be in another Region. */
export function s3(): S3Client {
  client ??= new S3Client({ ...clientConfig, followRegionRedirects: true });
  return client;
}

/** Nothing is lost by trying again: the same content goes to the same place. */
class RetryableError extends Error {
  /** The SDK's mark of an error that is worth another try. */
  readonly $retryable = { throttling: true };
}

/**
 * What a call of S3 gives. S3's own errors do not say what they are about, nor who grants the right to it: `accessHint`
 * does.
 *
 * @throws an Error that begins with `what`, and that the runtime tries again where that may help
 */
export async function wrapS3Errors<T>(what: string, call: Promise<T>, accessHint: string): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    if (isTransient(cause)) throw new RetryableError(what, { cause });
    const hint = /^(AccessDenied|Forbidden|403)$/.test(codeOf(cause)) ? `: ${accessHint}` : '';
    throw new Error(what + hint, { cause });
  }
}

/** A file of a folder in S3, by its path from there. */
export interface S3File {
  name: string;
  content: Uint8Array;
}

/** How much is taken from S3, and who grants the right to it, for the error that a denial becomes. */
export interface S3Limits {
  maxBytes: number;
  maxFiles: number;
  accessHint: string;
}

type ObjectKey = GetObjectCommandInput & { Bucket: string; Key: string };

/** The bytes of an object. */
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

/** All files of a folder. `Prefix` ends with a slash. */
export async function readFolder(Bucket: string, Prefix: string, limits: S3Limits): Promise<S3File[]> {
  const what = `Reading the folder ${s3Uri({ Bucket, Key: Prefix })}`;
  const { maxFiles } = limits;
  const found = await wrapS3Errors(what, listObjects(Bucket, Prefix, maxFiles), limits.accessHint);
  if (found.length === 0) throw new Error(`${what}: there is nothing in it`);
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

/** An object as errors name it. */
export function s3Uri({ Bucket, Key, VersionId }: { Bucket: string; Key: string; VersionId?: string }): string {
  return `s3://${Bucket}/${Key}${VersionId === undefined ? '' : `, version ${VersionId}`}`;
}

/** The object that a URI names, as `uriIn` spells it; undefined for what is no URI of an object. */
export function parseS3Uri(uri: string): { Bucket: string; Key: string } | undefined {
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(uri) ?? [];
  return Bucket !== undefined && Key !== undefined ? { Bucket, Key } : undefined;
}

/** The objects of a folder, one more at most than are taken. */
async function listObjects(Bucket: string, Prefix: string, maxFiles: number) {
  const found: { Key: string; ETag?: string; Size: number }[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3() }, { Bucket, Prefix })) {
    for (const { Key, ETag, Size = 0 } of Contents) {
      // The console makes empty objects stand for folders.
      if (!Key!.endsWith('/')) found.push({ Key: Key!, ETag, Size });
    }
    if (found.length > maxFiles) break;
  }
  return found;
}

function checkSize(what: string, bytes: number, { maxBytes }: S3Limits): void {
  if (bytes > maxBytes) throw new Error(`${what}: it has ${bytes} bytes, and at most ${maxBytes} are taken`);
}
