import { execFile } from 'node:child_process';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../scripts/handlers.ts';
import { temporaryDirectory } from '../stacks/temporary-directory.ts';
import { copyRepository } from './repository-copy.ts';

const run = promisify(execFile);
const directory = temporaryDirectory();

describe('a resource that is begun', () => {
  let cwd: string;
  let stdout: string;
  const npm = (...args: string[]) => run('npm', ['run', ...args], { cwd });

  beforeAll(async () => {
    cwd = copyRepository(directory());
    ({ stdout } = await npm('new', '--', 'studio-thing'));
  });

  test('holds every rule, and is in the reference', async () => {
    const files = [
      'handlers/studio-thing.ts',
      'test/handlers/studio-thing.test.ts',
      'test/stacks/studio-thing.test.ts',
      'cloudformation/examples/studio-thing.yaml',
      'cloudformation/provider.yaml',
      'handlers/README.md',
      'cloudformation/README.md',
      'cloudformation/examples/TEMPLATES.md',
    ];
    expect(stdout).toContain(files.join('\n'));
    expect(readFileSync(join(cwd, 'handlers/README.md'), 'utf8')).toContain('## Custom::StudioThing\n');
    await run(join(root, 'node_modules/.bin/biome'), ['check', ...files.slice(0, 3)], { cwd });
    expect((await npm('check', '--', 'studio-thing')).stdout).toContain('hold');
  });

  test('passes its tests', async () => {
    // What was built before is the same here, so that the new zip alone is made.
    cpSync(join(root, 'dist'), join(cwd, 'dist'), { recursive: true });
    await npm('build');
    const tests = ['test/handlers/studio-thing.test.ts', 'test/stacks/studio-thing.test.ts'];
    expect((await npm('jest', '--', ...tests)).stderr).toContain('4 passed, 4 total');
  });
});

test.each([
  ['Thing', 'give it a name such as studio-thing'],
  ['studio-domain', 'there is handlers/studio-domain.ts already'],
])('%s is no name to begin with, and nothing is written', async (name, message) => {
  const cwd = copyRepository(directory());
  const failure = await run('npm', ['run', 'new', '--', name], { cwd }).catch((error) => error);
  expect(failure.stderr).toContain(message);
  expect(readdirSync(join(cwd, 'handlers'))).toEqual(readdirSync(join(root, 'handlers')));
});
