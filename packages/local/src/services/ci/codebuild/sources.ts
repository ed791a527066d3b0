import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type * as CodeBuild from '@aws-sdk/client-codebuild';
import type * as S3 from '@aws-sdk/client-s3';
import type { Principal } from '../../../principal.ts';
import type { Call, Input, OperationName, Output } from '../../../service.ts';
import { unzipInto } from '../../../unzip.ts';
import { PhaseFailure } from './phases.ts';
import type { BuildRecord } from './records.ts';
import type { Directories } from './variables.ts';

/** Brings a build's sources into directories of their own below `root`. */
export async function downloadSources(
  build: BuildRecord,
  root: string,
  role: Principal,
  call: Call,
): Promise<Directories> {
  const directories: Directories = { home: join(root, 'home'), source: join(root, 'src'), secondary: {} };
  await mkdir(directories.home, { recursive: true });
  await download(build.source, directories.source, role, call, build);
  for (const [index, source] of (build.secondarySources ?? []).entries()) {
    const directory = join(root, `src-${index + 1}`);
    await download(source, directory, role, call);
    directories.secondary[source.sourceIdentifier ?? ''] = directory;
  }
  return directories;
}

async function download(
  source: CodeBuild.ProjectSource,
  directory: string,
  role: Principal,
  call: Call,
  build?: BuildRecord,
) {
  await mkdir(directory, { recursive: true });
  if (source.type === 'NO_SOURCE') return;
  if (source.type !== 'S3') {
    const message = `The local cloud reaches no ${source.type} source ${source.location ?? ''}; it takes sources from S3`;
    throw new PhaseFailure('INVALID_SOURCE', message);
  }
  const [, Bucket = '', Key = ''] = /^(?:arn:[^:]+:s3:::)?([^/]+)\/(.+)$/.exec(source.location ?? '') ?? [];
  if (Key.endsWith('/')) return downloadFolder(Bucket, Key, directory, role, call);
  const input = { Bucket, Key, VersionId: build?.sourceVersion };
  const { Body, VersionId } = await s3('GetObject', input, role, call);
  if (build) build.resolvedSourceVersion = VersionId;
  try {
    await unzipInto(directory, Body!);
  } catch (cause) {
    // What is no zip is given to the build as it is.
    if (!/zip/i.test((cause as Error).message)) throw cause;
    await writeFile(join(directory, basename(Key)), Body!);
  }
}

async function downloadFolder(
  Bucket: string,
  Prefix: string,
  directory: string,
  role: Principal,
  call: Call,
): Promise<void> {
  const { Contents = [] } = await s3('ListObjectsV2', { Bucket, Prefix }, role, call);
  for (const { Key = '' } of Contents) {
    const path = join(directory, Key.slice(Prefix.length));
    if (Key.endsWith('/')) continue;
    const { Body } = await s3('GetObject', { Bucket, Key }, role, call);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, Body!);
  }
}

/** Calls S3 with the rights of the build's role. */
export async function s3<Name extends OperationName<typeof S3>>(
  operation: Name,
  input: Input<typeof S3, Name>,
  principal: Principal,
  { cloud, region }: Call,
): Promise<Output<typeof S3, Name>> {
  const given = input as Record<string, unknown>;
  return (await cloud.call({ service: 's3', operation, input: given, principal, region })) as Output<typeof S3, Name>;
}
