import { execFile } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../scripts/handlers.ts';
import { temporaryDirectory } from '../stacks/temporary-directory.ts';
import { copyRepository } from './repository-copy.ts';

const run = promisify(execFile);
const directory = temporaryDirectory();

describe('a resource from npm run new', () => {
  const sources = [
    'handlers/studio-thing.ts',
    'test/handlers/thing-subject.ts',
    'test/handlers/studio-thing.test.ts',
    'test/stacks/studio-thing.test.ts',
  ];
  let cwd: string;
  let stdout: string;
  const npm = (...args: string[]) => run('npm', ['run', ...args], { cwd });

  beforeAll(async () => {
    cwd = copyRepository(directory());
    ({ stdout } = await npm('new', '--', 'studio-thing'));
  });

  test('has its files, and its section of the reference', () => {
    const others = [
      'cloudformation/examples/studio-thing.yaml',
      'docs/examples/studio-thing.yaml',
      'docs/examples/studio-thing-full.yaml',
      'scripts/reference/resources/studio-thing.ts',
      'cloudformation/provider.yaml',
      'scripts/reference/review/reach.ts',
      'test/stacks/terraform.test.ts',
      'test/cloudformation/used-rights.json',
      'scripts/bundle/sizes.json',
      'handlers/README.md',
      'docs/resources/studio-thing.md',
      'cloudformation/SECURITY-REVIEW.md',
      'cloudformation/README.md',
      'cloudformation/examples/TEMPLATES.md',
      'cloudformation/terraform/provider/main.tf',
      'cloudformation/terraform/studio-thing/main.tf',
    ];
    expect(stdout).toContain([...sources, ...others].join('\n'));
    expect(readFileSync(join(cwd, 'docs/resources/studio-thing.md'), 'utf8')).toContain('# Custom::StudioThing\n');
    const left = [...sources, ...others.slice(0, 4)].filter((path) =>
      readFileSync(join(cwd, path), 'utf8').includes('StudioSpace'),
    );
    expect(left).toEqual([]);
  });

  test('passes every step of npm test', async () => {
    // What was built before is the same here, so that the new zip alone is made. Nor has the code of others changed.
    cpSync(join(root, 'dist'), join(cwd, 'dist'), { recursive: true });
    const compilerOptions = { incremental: false, tsBuildInfoFile: null };
    const config = { extends: './tsconfig.json', compilerOptions, include: sources };
    writeFileSync(join(cwd, 'tsconfig.new.json'), JSON.stringify(config));
    const tests = ['handlers/studio-thing', 'stacks/studio-thing', 'scripts/reference', 'cloudformation/provider'];
    const [tested, checked] = await Promise.all([
      npm('build').then(() => npm('jest', '--', ...[...tests, 'cloudformation/rights'].map((each) => `test/${each}`))),
      npm('check'),
      npm('lint', '--', ...sources, 'test/cloudformation/used-rights.json'),
      npm('types', '--', '--project', 'tsconfig.new.json'),
    ]);
    expect(checked.stdout).toContain('hold');
    expect(tested.stderr).toMatch(/^Tests: +\d+ passed, \d+ total$/m);
  });

  test('gets into its role what its handler declares, and is told where the role does not have it', async () => {
    const handler = join(cwd, 'handlers/studio-thing.ts');
    writeFileSync(
      handler,
      readFileSync(handler, 'utf8').replace("'DescribeSpace',", "'DescribeSpace', 'ListAliases',"),
    );
    const failure = await npm('check', '--', 'studio-thing').catch((error) => error);
    expect(failure.stderr).toContain(
      'provider.yaml: the role of StudioThing lacks sagemaker:ListAliases on arn:*:sagemaker:*:*:space/*; ' +
        'write it with npm run permissions',
    );
    await npm('permissions', '--', 'studio-thing');
    const provider = readFileSync(join(cwd, 'cloudformation/provider.yaml'), 'utf8');
    expect(provider.match(/sagemaker:ListAliases/g)).toHaveLength(1);
  });
});

test.each([
  ['Thing', 'give it a name such as studio-thing'],
  ['studio-domain', 'there is handlers/studio-domain.ts already'],
  ['studio-thing studio-other', 'studio-other is one name too many'],
  ['--standalone ../Thing', 'give it one such as my-resource'],
  ['--standalone handlers', 'the name of the folder is the name of the resource'],
  ['--standalone packages/my-resource', 'npm takes what is in packages/ as a part of this repository'],
])('the name %s is refused, and nothing is written', async (args, message) => {
  const cwd = copyRepository(directory());
  const failure = await run('npm', ['run', 'new', '--', ...args.split(' ')], { cwd }).catch((error) => error);
  expect(failure.stderr).toContain(message);
  expect(existsSync(join(cwd, 'dist'))).toBe(false);
  expect(readdirSync(join(cwd, 'handlers'))).toEqual(readdirSync(join(root, 'handlers')));
});
