import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from '../../scripts/handlers.ts';
import { temporaryDirectory } from '../stacks/temporary-directory.ts';

const directory = temporaryDirectory();

/** What a build has written, by paths. */
function built(folder: string): Map<string, string> {
  const entries = readdirSync(join(folder, 'dist'), { recursive: true, withFileTypes: true });
  const paths = entries.flatMap((entry) =>
    /\.(zip|cdx\.json)$/.test(entry.name) ? [join(entry.parentPath, entry.name)] : [],
  );
  return new Map(paths.sort().map((path) => [relative(folder, path), readFileSync(path, 'base64')]));
}

/** Builds a checkout of its own, with packages of its own, in another folder and time zone. */
function buildElsewhere(name: string, TZ: string): Map<string, string> {
  const folder = join(directory(), name);
  mkdirSync(folder);
  const others = new Set(['node_modules', 'dist', '.git']);
  const own = readdirSync(root).filter((each) => !others.has(each));
  execFileSync('cp', ['-a', ...own.map((each) => join(root, each)), folder]);
  // Hard links, so that no package's path leads to the repository; caches of builds are left out.
  execFileSync('cp', ['-al', join(root, 'node_modules'), folder]);
  execFileSync('rm', ['-rf', join(folder, 'node_modules/.cache')]);
  const args = ['--conditions=studio-resources', 'scripts/build.ts'];
  execFileSync(process.execPath, args, { cwd: folder, env: { ...process.env, TZ }, stdio: 'pipe' });
  return built(folder);
}

test('two folders in two time zones give the same bytes, which are those that are tested', () => {
  const one = buildElsewhere('one', 'Pacific/Kiritimati');
  const other = buildElsewhere('another-folder', 'America/Los_Angeles');
  expect([...one.keys()]).toEqual([...other.keys()]);
  expect([...one].filter(([path, bytes]) => other.get(path) !== bytes).map(([path]) => path)).toEqual([]);
  const here = built(root);
  expect([...one].filter(([path, bytes]) => here.get(path) !== bytes).map(([path]) => path)).toEqual([]);
});
