import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Section } from './results.ts';

/** Calls, and bytes of packages, by what they are counted of. */
export type Counts = Readonly<Record<string, number>>;

const path = join(import.meta.dirname, 'counts.json');

/** How much more than the record bytes may be: a line of code is no reason to stop. Calls may not grow at all. */
const GROWTH_OF_BYTES = 0.05;

/** The counts that were last looked at. */
export function readCounts(): Counts {
  return JSON.parse(readFileSync(path, 'utf8')) as Counts;
}

export function writeCounts(counts: Counts): void {
  writeFileSync(path, `${JSON.stringify(counts, null, 2)}\n`);
}

export function countsOf(sections: readonly Section[]): Counts {
  return Object.assign({}, ...sections.map(({ counts }) => counts)) as Counts;
}

/** What is wrong with the counts: those that have grown, and records of others than there are. */
export function countProblems(counts: Counts, recorded: Counts = readCounts()): string[] {
  const how = 'npm run bench -- --record-counts records it';
  const grown = Object.entries(counts).flatMap(([name, count]) => {
    const before = recorded[name];
    if (before === undefined) return [`${name}: ${count} is not recorded; ${how}`];
    const most = before * (name.includes('bytes') ? 1 + GROWTH_OF_BYTES : 1);
    return count <= most ? [] : [`${name}: has grown from ${before} to ${count}; if that is meant, ${how}`];
  });
  const gone = Object.keys(recorded).filter((name) => counts[name] === undefined);
  return [...grown, ...gone.map((name) => `${name}: is recorded, and was not counted; ${how}`)];
}
