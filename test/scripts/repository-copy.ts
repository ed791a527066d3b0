import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/handlers.ts';

/** A copy of the repository's own files, to change, below a directory. */
export function copyRepository(directory: string): string {
  const to = mkdtempSync(join(directory, 'copy-'));
  const others = new Set(['node_modules', 'dist', 'coverage', '.git']);
  for (const name of readdirSync(root).filter((each) => !others.has(each))) {
    cpSync(join(root, name), join(to, name), { recursive: true });
  }
  // With what checks have found before, which holds here too: it is kept by the contents of files.
  symlinkSync(join(root, 'node_modules'), join(to, 'node_modules'));
  // The check asks git which files are the repository's.
  execFileSync('git', ['init', '--quiet'], { cwd: to });
  return to;
}
