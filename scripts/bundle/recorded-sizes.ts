import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../handlers.ts';

/** Sizes in bytes, by the names of zips. */
export type Sizes = Readonly<Record<string, number>>;

export const sizesPath = join(root, 'scripts/bundle/sizes.json');

/** How much more than its recorded size a zip may have. */
const GROWTH = 0.05;

/** The sizes that the zips had when they were last looked at. */
export function readSizes(): Sizes {
  return JSON.parse(readFileSync(sizesPath, 'utf8')) as Sizes;
}

export function writeSizes(sizes: Sizes): void {
  writeFileSync(sizesPath, `${JSON.stringify(sizes, null, 2)}\n`);
}

/** What is wrong with the sizes: zips that have grown by more than a twentieth, and records of other zips than there are. */
export function sizeProblems(sizes: Sizes, recorded: Sizes = readSizes()): string[] {
  const how = 'npm run build -- --record-sizes records its size';
  const ofZips = Object.entries(sizes).flatMap(([name, size]) => {
    const before = recorded[name];
    if (before === undefined) return [`${name}: its size of ${size} bytes is not recorded; ${how}`];
    if (size <= before * (1 + GROWTH)) return [];
    return [
      `${name}: has grown from ${before} to ${size} bytes, by more than ${100 * GROWTH} %; if that is meant, ${how}`,
    ];
  });
  const gone = Object.keys(recorded).filter((name) => sizes[name] === undefined);
  return [...ofZips, ...gone.map((name) => `${name}: has a recorded size and is not built; ${how}`)];
}
