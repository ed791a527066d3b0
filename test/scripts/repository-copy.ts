import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/handlers.ts';

/**
 * A copy of the repository's own files, to change, below a directory. The installed packages are those of the repository,
 * with the caches of checks and builds, which compare contents; the project's own packages are the copy's.
 */
export function copyRepository(directory: string): string {
  const to = mkdtempSync(join(directory, 'copy-'));
  const others = new Set(['node_modules', 'dist', 'coverage', '.git']);
  for (const name of readdirSync(root).filter((each) => !others.has(each))) {
    cpSync(join(root, name), join(to, name), { recursive: true });
  }
  const modules = join(to, 'node_modules');
  const own = '@studio-resources';
  mkdirSync(join(modules, own), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules')).filter((each) => each !== own)) {
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  for (const name of readdirSync(join(to, 'packages'))) {
    symlinkSync(join(to, 'packages', name), join(modules, own, name));
  }
  // The check asks git which files are the repository's.
  execFileSync('git', ['init', '--quiet'], { cwd: to });
  return to;
}
