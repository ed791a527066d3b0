import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../../scripts/handlers.ts';
import { missingPrograms } from '../../scripts/test/programs.ts';

const runs = { what: 'node', command: [process.execPath, '--version'], packages: ['nodejs'] } as const;

test('a program that does not exist or does not run is missing', () => {
  const absent = { what: 'absent', command: ['studio-resources-no-such-program'], packages: ['absent'] } as const;
  const broken = {
    what: 'broken',
    command: [process.execPath, '-e', 'process.exit(1)'],
    packages: ['broken'],
  } as const;
  expect(missingPrograms([runs, absent, broken])).toEqual([absent, broken]);
});

test('without its programs, test:system runs nothing, and says in one line how they are installed', () => {
  const args = ['--conditions=studio-resources', join(root, 'scripts/test-system.ts')];
  const { status, stderr, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', env: { PATH: '/nowhere' } });
  expect(status).toBe(1);
  expect(stderr).toMatch(/^Running the tests of test\/system: bash, git, python3.* not found\. Install:$/m);
  const [line = ''] = stderr.split('\n').filter((one) => one.includes('apt-get'));
  expect(line).toMatch(/^ {2}sudo apt-get install -y --no-install-recommends bash git python3/);
  expect(stdout).toBe('');
});
