import { readFile } from 'node:fs/promises';
import { checkFaults } from './check.ts';
import type { Rule } from './rule.ts';

/** Reads a faults file. Throws an Error that says what in it is wrong, and what is right there. */
export async function readFaults(path: string): Promise<Rule[]> {
  try {
    return checkFaults(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw new Error(`Reading faults from ${path}: ${(cause as Error).message}`, { cause });
  }
}
