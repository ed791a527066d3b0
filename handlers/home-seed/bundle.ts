import { createHash } from 'node:crypto';
import { parseS3Uri, readFolder, readObject, type S3Limits, s3Uri } from '@studio-resources/sagemaker/client/s3';
import { pathProblem } from './path.ts';
import type { Props } from './properties.ts';
import { unzip, type ZippedFile } from './unzip.ts';

/** A file to put into a home. */
export interface BundleFile {
  /** Its path, relative to the home, as a list of names. */
  path: readonly string[];
  content: Uint8Array;
  sha256: string;
  executable: boolean;
}

/** The function holds the bytes in memory, compressed and uncompressed. */
export const limits: S3Limits = {
  maxBytes: 100 * 1024 * 1024,
  maxFiles: 2000,
  accessHint:
    'the bucket has to belong to this account, the parameter SourceBuckets of home-seed.yaml has to name it, and the ' +
    'policies of the bucket and of the VPC endpoint must not deny it',
};

/** Reads and checks all files of the source, with their paths in a home. */
export async function readBundle({
  Source,
  SourceVersionId,
  Destination,
}: Pick<Props, 'Source' | 'SourceVersionId' | 'Destination'>): Promise<BundleFile[]> {
  const where = { ...parseS3Uri(Source)!, VersionId: SourceVersionId };
  const refusal = (problem: string, cause?: unknown) => new Error(`Reading ${s3Uri(where)}: ${problem}`, { cause });
  const files = where.Key.endsWith('/')
    ? (await readFolder(where.Bucket, where.Key, limits)).map((file) => ({ ...file, executable: false }))
    : unzipped(await readObject(where, limits), refusal);
  if (files.length === 0) throw refusal('there is no file in it');
  const problem = problemAmong(files.map(({ name }) => name));
  if (problem) throw refusal(problem);
  const folder = Destination === '' ? [] : Destination.split('/');
  return files.map(({ name, content, executable }) => ({
    path: [...folder, ...name.split('/')],
    content,
    sha256: sha256Of(content),
    executable,
  }));
}

export function sha256Of(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function unzipped(bytes: Uint8Array, refusal: (problem: string, cause: unknown) => Error): ZippedFile[] {
  try {
    return unzip(bytes, limits);
  } catch (cause) {
    throw refusal((cause as Error).message, (cause as Error).cause);
  }
}

/** What is wrong with the paths of a bundle, each by itself and together; undefined when they are valid. */
function problemAmong(paths: readonly string[]): string | undefined {
  const seen = new Set<string>();
  for (const path of paths) {
    const problem = pathProblem(path);
    if (problem) return `the path ${JSON.stringify(path)} is not allowed: ${problem}`;
    if (seen.has(path)) return `it has ${path} twice`;
    seen.add(path);
  }
  for (const path of paths) {
    const names = path.split('/');
    for (let depth = 1; depth < names.length; depth += 1) {
      const folder = names.slice(0, depth).join('/');
      if (seen.has(folder)) return `${folder} is a file in it, and a folder as well`;
    }
  }
  return undefined;
}
