import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../handlers.ts';

/** What nothing has asked for in so long belongs to texts that are gone. */
const unusedFor = 30 * 24 * 60 * 60 * 1000;

/**
 * Results of what takes long to find out, each below the hash of everything that it depends on: a file that is found is
 * never out of date. The caller gives all of that, the version of the tool included.
 */
export class ResultCache {
  readonly #folder: string;

  constructor(folder = join(root, 'node_modules/.cache/check')) {
    this.#folder = folder;
  }

  /** What was kept for the same inputs; undefined where nothing was stored, or where it is unreadable. */
  find<T>(inputs: unknown): T | undefined {
    const path = this.#pathOf(inputs);
    try {
      const { result } = JSON.parse(readFileSync(path, 'utf8')) as { result: T };
      utimesSync(path, new Date(), new Date());
      return result;
    } catch {
      return undefined;
    }
  }

  keep(inputs: unknown, result: unknown): void {
    mkdirSync(this.#folder, { recursive: true });
    const path = this.#pathOf(inputs);
    // Whole or not at all, also where two checks run concurrently.
    const part = `${path}.${process.pid}`;
    writeFileSync(part, JSON.stringify({ result }));
    renameSync(part, path);
  }

  /** Removes what has not been asked for in a month. */
  prune(now = Date.now()): void {
    mkdirSync(this.#folder, { recursive: true });
    for (const name of readdirSync(this.#folder)) {
      const path = join(this.#folder, name);
      const used = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
      if (used !== undefined && now - used > unusedFor) rmSync(path, { force: true });
    }
  }

  #pathOf(inputs: unknown): string {
    return join(this.#folder, `${hashOf(JSON.stringify(inputs))}.json`);
  }
}

export function hashOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
