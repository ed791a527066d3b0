import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { copyRepository } from '../scripts/repository-copy.ts';
import { temporaryDirectory } from '../stacks/temporary-directory.ts';

const run = promisify(execFile);
const directory = temporaryDirectory();

test('a resource from npm run new passes the whole of npm test', async () => {
  const cwd = copyRepository(directory());
  // Not the name that a test of npm run new itself uses.
  await run('npm', ['run', 'new', '--', 'studio-widget'], { cwd });
  // What is under version control is what the checks read.
  await run('git', ['init', '--quiet'], { cwd });
  await run('git', ['add', '--all'], { cwd });
  const { stdout, stderr } = await run('npm', ['test'], { cwd, maxBuffer: 100_000_000 });
  expect(stdout + stderr).toMatch(/^Tests: +\d+ passed, \d+ total$/m);
  expect(stdout + stderr).toContain('PASS test/handlers/studio-widget.test.ts');
  await rm(cwd, { recursive: true });
}, 2_400_000);
