import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const directory = join(import.meta.dirname, 'commands');

/**
 * Puts commands that stand for programs which a build calls, and which this machine need not have, before all others: into
 * a directory below `root`. Gives what PATH is to be for the local cloud that runs the builds.
 */
export function buildCommands(root: string, names: string[]): string {
  const bin = join(root, 'bin');
  mkdirSync(bin, { recursive: true });
  for (const name of names) {
    const script = `#!/bin/sh\nexec '${process.execPath}' --conditions=studio-resources --no-warnings '${join(directory, `${name}.ts`)}' "$@"\n`;
    writeFileSync(join(bin, name), script);
    chmodSync(join(bin, name), 0o755);
  }
  return `${bin}:${process.env.PATH}`;
}
