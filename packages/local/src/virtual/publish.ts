import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Home } from '../cloudformation/stack.ts';
import { accountPrincipal } from '../principal.ts';
import { s3 } from '../services/s3/index.ts';

/** Puts every file of a directory into a bucket, which is created where it does not exist; gives the URL of the prefix. */
export async function publish(
  { cloud, account, region }: Home,
  directory: string,
  { bucket, prefix }: { bucket: string; prefix: string },
): Promise<string> {
  const paths = await filesIn(directory);
  const as = { principal: accountPrincipal(account), region };
  await cloud.invoke(s3, 'CreateBucket', { Bucket: bucket }, as).catch((error: Error) => {
    if (error.name !== 'BucketAlreadyOwnedByYou') throw error;
  });
  for (const path of paths) {
    const Key = `${prefix}/${relative(directory, path).replaceAll(sep, '/')}`;
    await cloud.invoke(s3, 'PutObject', { Bucket: bucket, Key, Body: await readFile(path) }, as);
  }
  return `https://${bucket}.s3.amazonaws.com/${prefix}`;
}

async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch((cause: Error) => {
    throw new Error(`Publishing ${directory}: ${cause.message}. It takes the directory of a release: zips, templates`, {
      cause,
    });
  });
  const paths = entries.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
  if (paths.length === 0) throw new Error(`Publishing ${directory}: there are no files in it`);
  return paths.sort();
}
