import { execFileSync } from 'node:child_process';

/**
 * The commit of a working tree in which nothing has changed since: a release has to be made of what others can see.
 *
 * @throws Error that names what has changed
 */
export function cleanCommit(folder: string): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trimEnd();
  const changed = git('status', '--porcelain')
    .split('\n')
    .filter((line) => line !== '');
  if (changed.length > 0) {
    const names = changed.slice(0, 10).map((line) => line.slice(3));
    const more = changed.length > names.length ? ` and ${changed.length - names.length} more` : '';
    throw new Error(
      `Checking the working tree: ${names.join(', ')}${more}: not committed. Commit or stash it, then release`,
    );
  }
  return git('rev-parse', 'HEAD');
}
