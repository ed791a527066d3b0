import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

const root = join(import.meta.dirname, '../..');

/** A command of ours that runs: what it has printed, and ways to wait for it. */
export interface Running {
  readonly output: () => string;
  /** Resolves with the match once the output has one; rejects if the process ends before. */
  until(pattern: RegExp): Promise<RegExpMatchArray>;
  /** Resolves with the exit code. */
  readonly exit: Promise<number | null>;
  stop(): Promise<void>;
}

/** Runs a script of the repository, or of a copy, on this Node, as `npm start` and `npm run local` do, with more variables. */
export function run(script: string, args: string[] = [], env: Record<string, string> = {}, folder = root): Running {
  const child: ChildProcessByStdio<null, Readable, Readable> = spawn(
    process.execPath,
    ['--conditions=studio-resources', join(folder, script), ...args],
    { cwd: folder, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let printed = '';
  const waiting = new Set<() => void>();
  const take = (chunk: Buffer) => {
    printed += chunk;
    for (const look of waiting) look();
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const exit = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  return {
    output: () => printed,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = printed.match(pattern);
          if (!match) return;
          waiting.delete(look);
          resolve(match);
        };
        waiting.add(look);
        exit.then((code) => reject(new Error(`Waiting for ${pattern}: the process ended with ${code}:\n${printed}`)));
        look();
      }),
    exit,
    async stop() {
      child.kill('SIGINT');
      await exit;
    },
  };
}
