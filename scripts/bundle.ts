import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { build, type Plugin } from 'esbuild';
import type { BuildCache, Built } from './build-cache.ts';
import { archive } from './bundle/archive.ts';
import { type Bundled, bundledPackages, licenseFiles } from './bundle/licenses.ts';
import { literalKeys } from './bundle/literal-keys.ts';
import { mapsPath, root, zipPath } from './handlers.ts';

/** The source maps of a zip, as JSON text, by the files in it. */
export type SourceMaps = Record<string, string>;

interface Bundle {
  zip: Uint8Array;
  /** The size in bytes of what is loaded at start. */
  start: number;
  /** The input files, by their paths from the root. */
  inputs: string[];
  /** The packages of npm that are in it. */
  packages: Bundled[];
  /** The source maps, which are not in the zip. */
  maps: SourceMaps;
}

/**
 * Bundles a handler into `dist/<name>.zip`, and writes its source maps beside it, unless both are current. Returns the
 * sizes in bytes of the zip and of what is loaded at start, and the packages of npm that are in it.
 */
export async function bundle(name: string, cache: BuildCache): Promise<Built> {
  const path = zipPath(name);
  const unchanged = existsSync(mapsPath(name)) ? cache.findUnchanged(name, path) : undefined;
  if (unchanged) return unchanged;
  const { zip, start, inputs, packages, maps } = await zipOf(name);
  await mkdir(dirname(mapsPath(name)), { recursive: true });
  await writeFile(path, zip);
  await writeFile(mapsPath(name), JSON.stringify(maps));
  cache.keep(name, { inputs, packages, zip, start });
  return { zip: zip.byteLength, start, packages };
}

/**
 * Bundles a handler for `nodejs24.x` and zips it. What a handler loads on demand (the clients that only a deletion
 * needs) becomes files of their own, off the start path. `plugins` are esbuild's.
 */
export async function zipOf(name: string, plugins: Plugin[] = []): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    entryPoints: { index: join(root, 'handlers', `${name}.ts`) },
    outdir: join(root, 'dist', name),
    bundle: true,
    write: false,
    sourcemap: 'external',
    sourcesContent: false,
    metafile: true,
    absWorkingDir: root,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    splitting: true,
    minify: true,
    // Names stay readable in stack traces.
    keepNames: true,
    legalComments: 'none',
    outExtension: { '.js': '.mjs' },
    // esbuild can tree-shake the "module" builds only.
    mainFields: ['module', 'main'],
    // Own conditions replace esbuild's own, and without "module" the SDK's cores come as CommonJS, twice the size.
    conditions: ['studio-resources', 'module'],
    alias: { '@aws-sdk/credential-provider-node': join(root, 'scripts', 'environment-credentials.ts') },
    // CommonJS dependencies within an ESM bundle call require().
    banner: { js: "import{createRequire as $cr}from'node:module';const require=$cr(import.meta.url);" },
    logLevel: 'warning',
    plugins: [literalKeys, ...plugins],
  });
  const entry = `dist/${name}/index.mjs`;
  // esbuild also writes chunks that only unused code would load.
  const needed = reachable(metafile.outputs, entry, () => true);
  const files: Record<string, Uint8Array> = {};
  const maps: SourceMaps = {};
  for (const { path, contents, text } of outputFiles) {
    const file = relative(join(root, 'dist', name), path);
    if (needed.has(relative(root, path))) files[file] = contents;
    else if (needed.has(relative(root, path).replace(/\.map$/, ''))) maps[file.replace(/\.map$/, '')] = text;
  }
  const bundled = [...needed].flatMap((path) => Object.entries(metafile.outputs[path]!.inputs));
  const packages = bundledPackages(bundled.flatMap(([input, { bytesInOutput }]) => (bytesInOutput > 0 ? [input] : [])));
  const zip = archive({ ...files, ...licenseFiles(packages) });
  const start = reachable(metafile.outputs, entry, ({ kind }) => kind === 'import-statement');
  const startBytes = [...start].reduce((sum, path) => sum + metafile.outputs[path]!.bytes, 0);
  return { zip, start: startBytes, inputs: Object.keys(metafile.inputs), packages, maps };
}

interface Import {
  path: string;
  kind: string;
}

/** The outputs that an entry loads through imports of the given kinds, including itself. */
function reachable(
  outputs: Record<string, { imports: Import[] }>,
  entry: string,
  follows: (each: Import) => boolean,
): Set<string> {
  const found = new Set([entry]);
  for (const path of found) {
    for (const each of outputs[path]!.imports) if (outputs[each.path] && follows(each)) found.add(each.path);
  }
  return found;
}
