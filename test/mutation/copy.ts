import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '../../scripts/handlers.ts';

/** Copies what is under version control and what is built, with the installed packages beside it, to change the sources. */
export function copyRepository(): string {
  const copy = mkdtempSync(join(tmpdir(), 'studio-resources-mutation-'));
  const names = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  for (const name of names.toString().split('\0').filter(Boolean)) {
    mkdirSync(dirname(join(copy, name)), { recursive: true });
    cpSync(join(root, name), join(copy, name));
  }
  cpSync(join(root, 'dist'), join(copy, 'dist'), { recursive: true });
  const modules = join(copy, 'node_modules');
  mkdirSync(modules);
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '@studio-resources') symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  // The project's own packages are those of the copy.
  mkdirSync(join(modules, '@studio-resources'));
  for (const name of readdirSync(join(copy, 'packages'))) {
    symlinkSync(join(copy, 'packages', name), join(modules, '@studio-resources', name));
  }
  return copy;
}
