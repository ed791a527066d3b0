import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { type Zippable, zipSync } from 'fflate';
import { root, zipPath } from './handlers.ts';

/** Every zip bears this time, so that the same sources make the same bytes. */
const epoch = new Date('2020-01-01T00:00:00Z');

/**
 * Bundles a handler for `nodejs24.x` and zips it into `dist/<name>.zip`. What a handler loads on demand (the clients
 * that only a deletion needs) becomes files of their own, off the start path.
 *
 * Returns the bytes of the zip and of what is loaded at start.
 */
export async function bundle(name: string): Promise<{ zip: number; start: number }> {
  const { outputFiles, metafile } = await build({
    entryPoints: { index: join(root, 'handlers', `${name}.ts`) },
    outdir: join(root, 'dist', name),
    bundle: true,
    write: false,
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
    // The "module" builds are the ones that esbuild can shake.
    mainFields: ['module', 'main'],
    conditions: ['studio-resources'],
    alias: { '@aws-sdk/credential-provider-node': join(root, 'scripts', 'environment-credentials.ts') },
    // CommonJS dependencies within an ESM bundle call require().
    banner: { js: "import{createRequire as $cr}from'node:module';const require=$cr(import.meta.url);" },
    logLevel: 'warning',
  });
  const files: Zippable = {};
  for (const { path, contents } of outputFiles) {
    files[path.slice(join(root, 'dist', name).length + 1)] = contents;
  }
  const zip = zipSync(files, { level: 9, mtime: epoch });
  await mkdir(dirname(zipPath(name)), { recursive: true });
  await writeFile(zipPath(name), zip);
  return { zip: zip.byteLength, start: startBytes(metafile.outputs, `dist/${name}/index.mjs`) };
}

type Outputs = Record<string, { bytes: number; imports: { path: string; kind: string }[] }>;

function startBytes(outputs: Outputs, entry: string, seen = new Set<string>()): number {
  const output = outputs[entry];
  if (!output || seen.has(entry)) return 0;
  seen.add(entry);
  const eager = output.imports.filter(({ kind }) => kind === 'import-statement');
  return output.bytes + eager.reduce((sum, { path }) => sum + startBytes(outputs, path, seen), 0);
}
