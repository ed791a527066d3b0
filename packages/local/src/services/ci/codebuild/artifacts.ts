import { glob, lstat, readFile } from 'node:fs/promises';
import { basename, join, matchesGlob } from 'node:path';
import type * as CodeBuild from '@aws-sdk/client-codebuild';
import { type Zippable, zipSync } from 'fflate';
import type { Principal } from '../../../principal.ts';
import type { Call } from '../../../service.ts';
import type { ArtifactSpec, Buildspec } from './buildspec.ts';
import { PhaseFailure } from './phases.ts';
import type { BuildRecord } from './records.ts';
import { s3 } from './sources.ts';

interface File {
  content: Uint8Array;
  mode: number;
}

/** Brings what a build has made to where it is wanted, with the rights of its role. */
export async function upload(
  build: BuildRecord,
  spec: Buildspec,
  source: string,
  role: Principal,
  call: Call,
): Promise<void> {
  const { primary, secondary } = build.wanted;
  if (primary.type === 'S3' && spec.artifacts) {
    build.artifacts = {
      ...build.artifacts,
      ...(await uploadArtifact(build, primary, spec.artifacts, source, role, call)),
    };
  }
  for (const one of secondary) {
    const name = one.artifactIdentifier ?? '';
    const made = spec.secondaryArtifacts[name];
    if (!made) throw new PhaseFailure('CLIENT_ERROR', `no secondary-artifacts named ${name} in the buildspec`);
    const artifact = await uploadArtifact(build, one, made, source, role, call);
    build.secondaryArtifacts!.push({ ...artifact, artifactIdentifier: name });
  }
}

async function uploadArtifact(
  build: BuildRecord,
  to: CodeBuild.ProjectArtifacts,
  spec: ArtifactSpec,
  source: string,
  role: Principal,
  call: Call,
): Promise<CodeBuild.BuildArtifacts> {
  const files = await collect(spec, source);
  const folder = [to.path, to.namespaceType === 'BUILD_ID' ? build.id.split(':').at(-1) : undefined];
  const inFolder = (name: string) =>
    [...folder, name]
      .filter((part) => part)
      .join('/')
      .replace(/^\/+/, '');
  const Bucket = to.location!;
  const name = to.name ?? build.projectName;
  if (to.packaging === 'ZIP') {
    const Key = inFolder(name);
    await s3('PutObject', { Bucket, Key, Body: zipOf(files) }, role, call);
    return { location: `arn:aws:s3:::${Bucket}/${Key}` };
  }
  for (const [path, { content }] of files) {
    const Key = inFolder(`${name}/${path}`);
    await s3('PutObject', { Bucket, Key, Body: content }, role, call);
  }
  return { location: `arn:aws:s3:::${Bucket}/${inFolder(name)}` };
}

function zipOf(files: ReadonlyMap<string, File>): Uint8Array {
  const entries = [...files].map(([path, { content, mode }]): [string, Zippable[string]] => [
    path,
    [content, { os: 3, attrs: mode << 16 }],
  ]);
  return zipSync(Object.fromEntries(entries));
}

/** The files that an artifact takes, by their path in it. */
async function collect({ files, baseDirectory = '.', discardPaths, exclude }: ArtifactSpec, source: string) {
  const base = join(source, baseDirectory);
  const found = new Map<string, File>();
  for (const pattern of files) {
    let any = false;
    for await (const path of glob(pattern, { cwd: base })) {
      const { mode, size } = await lstat(join(base, path));
      if ((mode & 0o170000) !== 0o100000 || exclude.some((one) => matchesGlob(path, one))) continue;
      any = true;
      const content = size === 0 ? new Uint8Array() : await readFile(join(base, path));
      found.set(discardPaths ? basename(path) : path, { content, mode });
    }
    if (!any) throw new PhaseFailure('CLIENT_ERROR', `no matching artifact paths found: ${pattern}`);
  }
  return found;
}
