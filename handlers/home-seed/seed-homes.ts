import type { Log } from '@studio-resources/core';
import { mapConcurrent } from '@studio-resources/sagemaker/client/client';
import { type HomeKey, inHome } from './home.ts';
import { clearHome, type Seed, seedHome } from './seed.ts';

/** Seeds homes. It tries all of them and then throws the first error, if any. */
export async function seedHomes(homes: readonly HomeKey[], seed: Seed, log: Log): Promise<void> {
  await mapConcurrent(homes, async (key) => {
    const seeded = await inHome(key, { make: true }, (home) => seedHome(home, seed));
    const tell = seeded?.remembered === false ? log.warn : log.info;
    tell('Seeded a home', { ...key, ...seeded });
  });
}

/** Removes a seed's unchanged files from homes. Files that users have changed or replaced stay, which is no error. */
export async function clearHomes(homes: readonly HomeKey[], id: string, log: Log): Promise<void> {
  await mapConcurrent(homes, async (key) => {
    const cleared = await inHome(key, { make: false }, (home) => clearHome(home, id));
    log.info('Removed from a home what was unchanged', { ...key, ...cleared });
  });
}
