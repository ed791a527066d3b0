import { readFile } from 'node:fs/promises';
import { checkFaults } from './check.ts';
import type { Rule } from './rule.ts';

/** Reads a faults file. Throws an Error that says what in it is wrong, and what is right there. */
export async function readFaults(path: string): Promise<Rule[]> {
  try {
    return checkFaults(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const missing =
      'there is no such file; give the path of one with rules, as README.md of packages/local describes them';
    throw new Error(`Reading faults from ${path}: ${code === 'ENOENT' ? missing : message}`, { cause });
  }
}
