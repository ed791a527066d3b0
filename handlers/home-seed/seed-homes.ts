import type { Log } from '@studio-resources/core';
import { mapConcurrent } from '@studio-resources/sagemaker/client/client';
import { type HomeKey, inHome } from './home.ts';
import { clearHome, type Seed, seedHome } from './seed.ts';

/** Puts a seed into homes. All are tried; then the first error, if any, is thrown. */
export async function seedHomes(homes: readonly HomeKey[], seed: Seed, log: Log): Promise<void> {
  await mapConcurrent(homes, async (key) => {
    const seeded = await inHome(key, { make: true }, (home) => seedHome(home, seed));
    const tell = seeded?.remembered === false ? log.warn : log.info;
    tell('Seeded a home', { ...key, ...seeded });
  });
}

/** Takes a seed out of homes, as far as it is as it was. What users have put in the way stays, and is no error. */
export async function clearHomes(homes: readonly HomeKey[], id: string, log: Log): Promise<void> {
  await mapConcurrent(homes, async (key) => {
    const cleared = await inHome(key, { make: false }, (home) => clearHome(home, id));
    log.info('Removed from a home what was unchanged', { ...key, ...cleared });
  });
}
