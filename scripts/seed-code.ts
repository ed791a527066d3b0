import { readdirSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { archive } from './bundle/archive.ts';
import { root } from './handlers.ts';

/** The seed code of the project templates, a folder for each. */
export const seedCodeFolder = join(root, 'cloudformation/project-templates/seed-code');

/** The names of the seed code, such as `model-build`. */
export function seedCodeNames(): string[] {
  return readdirSync(seedCodeFolder).sort();
}

/** The zip that `npm run build` makes of seed code. */
export function seedCodePath(name: string): string {
  return join(root, 'dist/project-templates', `${name}.zip`);
}

/** Zips seed code, without Python's caches. Returns the size in bytes. */
export async function zipSeedCode(name: string): Promise<number> {
  const folder = join(seedCodeFolder, name);
  const files: Record<string, Uint8Array> = {};
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const path of paths.filter((one) => !one.includes('__pycache__')).sort()) {
    files[relative(folder, path).split(sep).join('/')] = await readFile(path);
  }
  const zip = archive(files);
  await mkdir(dirname(seedCodePath(name)), { recursive: true });
  await writeFile(seedCodePath(name), zip);
  return zip.byteLength;
}
