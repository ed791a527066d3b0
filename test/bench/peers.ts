import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/handlers.ts';

const directory = join(root, 'node_modules/.cache/bench');
const lock = 'package-lock.json';
/** npm writes it last. */
const installed = join(directory, 'node_modules/.package-lock.json');

/** Where the packages are that the project is compared with: those of `package.json` beside this file. */
export const peersPath = join(directory, 'node_modules');

/**
 * Installs them from npm's registry, unless they are there. They lie outside of this folder, as tests copy the repository.
 * Throws where npm cannot.
 */
export function installPeers(): void {
  const [wanted, present] = [join(import.meta.dirname, lock), join(directory, lock)];
  if (existsSync(installed) && readFileSync(wanted, 'utf8') === readFileSync(present, 'utf8')) return;
  mkdirSync(directory, { recursive: true });
  for (const name of ['package.json', lock, '.npmrc'])
    copyFileSync(join(import.meta.dirname, name), join(directory, name));
  execFileSync('npm', ['ci'], { cwd: directory, stdio: ['ignore', 'ignore', 'inherit'] });
}
