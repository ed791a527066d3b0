import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Registry {
  /** The directory with the files of each package, by its name, or by its name and version. */
  packages: Readonly<Record<string, string>>;
  versions?: readonly string[];
}

/**
 * Puts an `npm` into the directory that knows these packages, and answers `view` and `pack` as npm does. Gives the PATH
 * with it.
 */
export function fakeNpm(directory: string, { packages, versions = [] }: Registry): string {
  const source = `#!${process.execPath}
const { execFileSync } = require('node:child_process');
const { basename, dirname, join } = require('node:path');
const [command, name, ...options] = process.argv.slice(2);
if (command === 'view') console.log(${JSON.stringify(JSON.stringify(versions))});
else {
  const files = ${JSON.stringify(packages)}[name];
  if (!files) throw new Error('there is no ' + name);
  const filename = 'package.tgz';
  const to = options[options.indexOf('--pack-destination') + 1];
  execFileSync('tar', ['-czf', join(to, filename), '-C', dirname(files), basename(files)]);
  console.log(options.includes('--json') ? JSON.stringify([{ version: '9.9.9', filename }]) : filename);
}
`;
  writeFileSync(join(directory, 'npm'), source);
  chmodSync(join(directory, 'npm'), 0o755);
  return `${directory}:${process.env.PATH}`;
}
