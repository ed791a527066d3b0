import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readSources, type Source } from '../check/sources.ts';
import { handlerNames, root, zipPath } from '../handlers.ts';
import { resourceDefinitions, schemaFiles } from '../schemas/files.ts';
import { seedCodeNames, seedCodePath } from '../seed-code.ts';
import { readTemplateFiles } from '../templates/files.ts';
import { inBase64, type ReleaseFile, releaseFile, zipInRelease } from './file.ts';
import { templateInRelease } from './templates.ts';

/** A release as it is published: the same in all Regions. */
export interface Release {
  readonly version: string;
  readonly commit: string;
  readonly bucketPrefix: string;
  /** `studio-resources/1.4.0` */
  readonly prefix: string;
  readonly files: readonly ReleaseFile[];
  /** Names all files. It is the last that a Region gets: a Region without it has not got everything. */
  readonly manifest: ReleaseFile;
}

/** What is above the versions in a bucket. */
export const folder = 'studio-resources';

/** The bill of materials, which the build writes beside the zips. */
const sbom = 'sbom.cdx.json';

/** What is made for a release: a zip, the bill of materials, or a schema. */
export interface BuiltFile {
  /** `studio-domain.zip`, `project-templates/model-build.zip`, `sbom.cdx.json`, `schemas/template.schema.json` */
  path: string;
  body: Uint8Array;
  isFunction: boolean;
}

/** What `npm run build` has left, and the schemas of that version. Throws an Error where a zip is missing. */
export async function readBuild(version: string): Promise<BuiltFile[]> {
  const read = async (path: string, from: string, isFunction: boolean): Promise<BuiltFile> => {
    const body = await readFile(from).catch((cause: Error) => {
      throw new Error(`Reading ${path}: ${cause.message}; run npm run build`, { cause });
    });
    return { path, body, isFunction };
  };
  return Promise.all([
    ...handlerNames().map((name) => read(`${name}.zip`, zipPath(name), true)),
    ...seedCodeNames().map((name) => read(`project-templates/${name}.zip`, seedCodePath(name), false)),
    read(sbom, join(root, 'dist', sbom), false),
    ...(await schemasOf(version)),
  ]);
}

/** The schemas of a version, which name it. */
export async function schemasOf(version: string): Promise<BuiltFile[]> {
  const encoder = new TextEncoder();
  return schemaFiles(await resourceDefinitions(), version).map(({ path, text }) => {
    return { path: `schemas/${path}`, body: encoder.encode(text), isFunction: false };
  });
}

/** The templates of the repository that are released: all but the pipeline for maintainers, and those within seed code. */
export function releasedSources(sources: readonly Source[] = readSources()): Source[] {
  const wanted = sources.filter(({ path }) => !/^cloudformation\/(ci\/|project-templates\/seed-code\/)/.test(path));
  const { files, unreadable } = readTemplateFiles(wanted);
  for (const { path, message } of unreadable) throw new Error(`Reading ${path}: ${message}`);
  return files.map(({ path, text }) => ({ path: path.replace(/^cloudformation\//, ''), text }));
}

/** Puts a release together. The same inputs give the same bytes. */
export function releaseOf(
  { version, commit, bucketPrefix }: Pick<Release, 'version' | 'commit' | 'bucketPrefix'>,
  build: readonly BuiltFile[],
  templates: readonly Source[],
): Release {
  const prefix = `${folder}/${version}`;
  const built = build.map(({ path, body, isFunction }) => {
    const released = path.endsWith('.zip') ? zipInRelease(path, body, isFunction) : releaseFile(path, body);
    return { path, released };
  });
  const placed = {
    version,
    prefix,
    bucket: `${bucketPrefix}-{Region}`,
    zips: new Map(built.map(({ path, released }) => [path, released.path])),
  };
  const encode = (text: string) => new TextEncoder().encode(text);
  const contents = [
    ...built.map(({ released }) => released),
    ...templates.map(({ path, text }) => releaseFile(path, encode(templateInRelease(path, text, placed)))),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
  // As `sha256sum --check` reads it.
  const sums = contents.map(({ sha256, path }) => `${sha256}  ${path}\n`).join('');
  const files = [releaseFile('SHA256SUMS', encode(sums)), ...contents];
  const manifest = {
    version,
    commit,
    bucket: placed.bucket,
    prefix,
    files: files.map((file) => ({
      path: file.path,
      size: file.body.byteLength,
      sha256: file.sha256,
      ...(file.isFunction && { CodeSha256: inBase64(file) }),
    })),
  };
  const body = encode(`${JSON.stringify(manifest, undefined, 2)}\n`);
  return { version, commit, bucketPrefix, prefix, files, manifest: releaseFile('manifest.json', body) };
}
