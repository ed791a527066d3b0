import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/handlers.ts';
import { shellLines } from '../stacks/shell.ts';
import { temporaryDirectory } from '../stacks/temporary-directory.ts';
import { copyRepository } from './repository-copy.ts';

const directory = temporaryDirectory();
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const scripts = JSON.parse(read('package.json')).scripts as Record<string, string>;

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'docs/INSTALLING.md',
  'docs/TROUBLESHOOTING.md',
  '.github/pull_request_template.md',
];

/** The scripts that a page tells its readers to run, in shell blocks and in the text; without those of the website's package. */
function scriptsOn(page: string): string[] {
  const inline = [...read(page).matchAll(/`(npm [^`]+)`/g)].map(([, command]) => command!);
  return [...shellLines(page), ...inline]
    .filter((line) => !line.endsWith(' --prefix docs'))
    .flatMap((line) => [...line.matchAll(/\bnpm (?:run )?([\w:-]+)/g)])
    .map(([, script]) => script!);
}

/** The file that runs each script, or what the script runs. This file runs the others. */
const runBy: Record<string, string> = {
  bench: 'test/system/bench.test.ts',
  messages: 'test/messages/messages.test.ts',
  build: 'test/scripts/new.test.ts',
  chaos: 'test/chaos/simulation.test.ts',
  check: 'test/scripts/new.test.ts',
  'client-versions': 'test/scripts/client-versions.test.ts',
  conform: 'test/scripts/conform.test.ts',
  deploy: 'test/wire/readme.test.ts',
  doctor: 'test/scripts/doctor-unanswered.test.ts',
  jest: 'test/scripts/new.test.ts',
  local: 'test/wire/readme.test.ts',
  'managed-policies': 'test/scripts/managed-policies.test.ts',
  'native-members': 'test/scripts/native-members.test.ts',
  new: 'test/scripts/new.test.ts',
  pack: 'test/system/starter.test.ts',
  permissions: 'test/scripts/permissions.test.ts',
  'registry-types': 'test/packages/local/cloudformation/handler-permissions.test.ts',
  release: 'test/wire/release.test.ts',
  rights: 'test/cloudformation/rights.test.ts',
  'service-models': 'test/scripts/service-models.test.ts',
  schemas: 'test/scripts/schemas/files.test.ts',
  site: 'test/system/site.test.ts',
  start: 'test/wire/readme.test.ts',
  test: 'test/scripts/steps.test.ts',
  'test:system': 'test/scripts/test-system.test.ts',
  'test:wire': 'test/stacks/cloud.ts',
};
const here = ['ci', 'coverage', 'format', 'hooks', 'lint', 'mutate', 'reference', 'types'];

test.each(pages)('each npm command of %s exists and is tested', (page) => {
  for (const script of scriptsOn(page)) {
    expect([...Object.keys(scripts), 'ci']).toContain(script);
    expect([...Object.keys(runBy), ...here]).toContain(script);
  }
});

test('CONTRIBUTING.md names every script of package.json that people run', () => {
  const internal = ['commit-message'];
  expect([...new Set(scriptsOn('CONTRIBUTING.md'))].sort()).toEqual(
    ['ci', ...Object.keys(scripts).filter((name) => !internal.includes(name))].sort(),
  );
});

test.each(Object.entries(runBy))('%s is run by %s', (script, file) => {
  const variable = /\b([A-Z]+)=/.exec(scripts[script]!)?.[1] ?? script;
  const source = scripts[script]!.match(/(?:scripts|test|packages)\/[\w/.-]+/)?.[0] ?? script;
  const text = read(file);
  const names = [script, variable, source, source.split('/').at(-1)!, source.replace(/\.ts$/, '/')];
  expect(names.some((name) => text.includes(name))).toBe(true);
});

describe('in a fresh copy', () => {
  let cwd: string;

  beforeAll(() => {
    cwd = copyRepository(directory());
    git('config', 'user.name', 'Ada');
    git('config', 'user.email', 'ada@example.com');
  });

  function run(command: string, ...args: string[]): { status: number | null; output: string } {
    const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
    return { status, output: stdout + stderr };
  }
  const git = (...args: string[]) => run('git', ...args);
  const npm = (...args: string[]) => run('npm', 'run', ...args);

  test('the hooks let a clean commit with a conventional subject through, and look at staged files alone', () => {
    expect(npm('hooks')).toMatchObject({ status: 0 });
    writeFileSync(join(cwd, 'scripts/two.ts'), 'export const two=2\n');
    writeFileSync(join(cwd, 'scripts/one.ts'), 'export const one = 1;\n');
    git('add', 'scripts/one.ts');
    expect(git('commit', '-m', 'feat(scripts): count to one')).toMatchObject({ status: 0 });
    expect(git('log', '--format=%s').output).toContain('feat(scripts): count to one');
    rmSync(join(cwd, 'scripts/two.ts'));
  });

  test.each(['Count to two', 'feat: count to two.', 'feature: count to two', 'feat(scripts):', 'feat(A B): count'])(
    'the hooks refuse the subject "%s", and say what is right',
    (subject) => {
      git('commit', '--allow-empty', '--no-verify', '-m', 'chore: begin');
      const { status, output } = git('commit', '--allow-empty', '-m', subject);
      expect(status).not.toBe(0);
      expect(output).toContain(`Checking the commit subject "${subject}": write it as "type(scope): summary"`);
    },
  );

  test.each(['Merge branch "one"', 'Revert "feat: count"', 'fixup! feat: count', 'fix(core)!: count again'])(
    'the hooks accept the subject "%s"',
    (subject) => {
      expect(git('commit', '--allow-empty', '-m', subject)).toMatchObject({ status: 0 });
    },
  );

  test('the hooks refuse a staged file that lint refuses; format mends it', () => {
    writeFileSync(join(cwd, 'scripts/two.ts'), 'export const two = "2"\n');
    git('add', 'scripts/two.ts');
    expect(git('commit', '-m', 'feat(scripts): count to two').output).toContain('scripts/two.ts');
    expect(git('log', '--format=%s').output).not.toContain('count to two');
    expect(npm('lint', '--', 'scripts/two.ts').status).not.toBe(0);
    expect(npm('format', '--', 'scripts/two.ts')).toMatchObject({ status: 0 });
    expect(npm('lint', '--', 'scripts/two.ts')).toMatchObject({ status: 0 });
    git('add', 'scripts/two.ts');
    expect(git('commit', '-m', 'feat(scripts): count to two')).toMatchObject({ status: 0 });
  });

  test('the generated pages are current', () => {
    git('add', '.');
    git('commit', '--no-verify', '-m', 'chore: all files');
    expect(npm('reference')).toMatchObject({ status: 0 });
    expect(git('status', '--porcelain').output).toBe('');
  });

  test.each([
    ['types', '--version'],
    ['coverage', '--listTests', 'test/stacks/domain.test.ts'],
    ['jest', '--listTests', 'test/stacks/domain.test.ts'],
  ])('npm run %s starts its program', (...args) => {
    const [script, ...rest] = args;
    expect(npm(script!, '--', ...rest)).toMatchObject({ status: 0 });
  });

  test('npm run mutate negates conditions of the sources that it is given', () => {
    const { status, output } = npm('mutate', '--', '--sources', 'handlers/no-such.ts');
    expect(status).not.toBe(0);
    expect(output).toContain('handlers/no-such.ts');
  });
});
