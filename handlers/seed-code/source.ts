import { GetObjectCommand, type GetObjectCommandInput, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { s3, sideBySide } from '@studio-resources/sagemaker';
import { telling } from './bucket.ts';
import type { Props } from './properties.ts';
import { isZip, zipOf } from './zip.ts';

/** It is held in memory, twice. */
const mostBytes = 50 * 1024 * 1024;
const mostFiles = 1000;

/** The seed code as a zip: the one that is given, or one of all that is in the folder that is given. */
export function readSource(props: Props): Promise<Uint8Array> {
  const { SourceBucket, SourceKey, SourceVersionId, SourcePrefix } = props;
  return SourceKey === undefined
    ? readFolder(SourceBucket, SourcePrefix!.replace(/\/?$/, '/'))
    : readZip({ Bucket: SourceBucket, Key: SourceKey, VersionId: SourceVersionId });
}

async function readZip(where: GetObjectCommandInput & { Bucket: string; Key: string }): Promise<Uint8Array> {
  const bytes = await readObject(where);
  if (!isZip(bytes))
    throw new Error(`Reading ${uri(where)}: it is no zip, or an empty one. SourceKey takes the key of a zip`);
  return bytes;
}

async function readFolder(Bucket: string, Prefix: string): Promise<Uint8Array> {
  const what = `Reading the folder ${uri({ Bucket, Key: Prefix })}`;
  const found = await telling(what, list(Bucket, Prefix));
  if (found.length === 0) throw new Error(`${what}: there is nothing in it`);
  if (found.length > mostFiles) throw new Error(`${what}: it has more than ${mostFiles} files`);
  checkSize(
    what,
    found.reduce((sum, { Size }) => sum + Size, 0),
  );
  const files = await sideBySide(found, async ({ Key, ETag }) => {
    const name = Key.slice(Prefix.length);
    if (name.startsWith('/') || name.split('/').includes('..')) {
      throw new Error(`${what}: ${Key} would be unpacked outside of its folder`);
    }
    return { name, content: await readObject({ Bucket, Key, IfMatch: ETag }) };
  });
  return zipOf(files);
}

/** The objects of a folder, one more at most than are taken. */
async function list(Bucket: string, Prefix: string) {
  const found: { Key: string; ETag?: string; Size: number }[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3() }, { Bucket, Prefix })) {
    for (const { Key, ETag, Size = 0 } of Contents) {
      // The console makes empty objects stand for folders.
      if (!Key!.endsWith('/')) found.push({ Key: Key!, ETag, Size });
    }
    if (found.length > mostFiles) break;
  }
  return found;
}

async function readObject(where: GetObjectCommandInput & { Bucket: string; Key: string }): Promise<Uint8Array> {
  const what = `Reading ${uri(where)}`;
  const { Body, ContentLength = 0 } = await telling(what, s3().send(new GetObjectCommand(where)));
  checkSize(what, ContentLength);
  return telling(what, Body!.transformToByteArray());
}

function checkSize(what: string, bytes: number): void {
  if (bytes > mostBytes) throw new Error(`${what}: it has ${bytes} bytes, and at most ${mostBytes} are taken`);
}

function uri({ Bucket, Key, VersionId }: { Bucket: string; Key: string; VersionId?: string }): string {
  return `s3://${Bucket}/${Key}${VersionId === undefined ? '' : `, version ${VersionId}`}`;
}
