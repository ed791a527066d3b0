import { BuildCache } from './build-cache.ts';
import type { Bundled } from './bundle/licenses.ts';
import { bundle } from './bundle.ts';
import { handlerNames } from './handlers.ts';
import { seedCodeNames, zipSeedCode } from './seed-code.ts';

/** A zip of the build, by its path from the root. Sizes are in bytes. */
export interface BuiltZip {
  path: string;
  zip: number;
  /** For a handler, the size of what is loaded at start. */
  start?: number;
  packages: readonly Bundled[];
}

/** How many zips the build has. */
export function zipCount(): number {
  return handlerNames().length + seedCodeNames().length;
}

/** Builds every zip, one after another: concurrently, esbuild takes gigabytes and no less time. */
export async function* buildZips(): AsyncGenerator<BuiltZip> {
  const cache = new BuildCache();
  for (const name of handlerNames()) yield { path: `dist/${name}.zip`, ...(await bundle(name, cache)) };
  for (const name of seedCodeNames()) {
    yield { path: `dist/project-templates/${name}.zip`, zip: await zipSeedCode(name), packages: [] };
  }
}
