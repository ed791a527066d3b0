import { readFileSync } from 'node:fs';
import { handlerNames, zipPath } from '../../scripts/handlers.ts';
import { type PlantName, plant } from './plants.ts';

/** The built zips by the handlers' names; with a bug in those that `name` is about. Throws when they were not built. */
export async function readZips(name?: PlantName): Promise<Map<string, Uint8Array>> {
  const built = handlerNames().map((handler): [string, Uint8Array] => [handler, readZip(handler)]);
  return new Map([...built, ...(name ? await plant(name) : [])]);
}

function readZip(handler: string): Uint8Array {
  try {
    return readFileSync(zipPath(handler));
  } catch (cause) {
    throw new Error(`Reading the zip of ${handler}: ${(cause as Error).message}. Run npm run build first`, { cause });
  }
}
