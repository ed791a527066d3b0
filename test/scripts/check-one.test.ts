import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/handlers.ts';
import { temporaryDirectory } from '../stacks/temporary-directory.ts';
import { copyRepository } from './repository-copy.ts';

const directory = temporaryDirectory();

/** What `npm run check -- <names>` says, in a copy. */
function check(cwd: string, ...names: string[]): Promise<{ status: number; stdout: string; problems: string[] }> {
  return new Promise((resolve) => {
    const args = ['--conditions=studio-resources', 'scripts/check.ts', ...names];
    execFile(process.execPath, args, { cwd }, (error, stdout, stderr) => {
      resolve({ status: Number(error?.code ?? 0), stdout, problems: stderr.split('\n').filter(Boolean) });
    });
  });
}

function replace(path: string, text: string, by: string): void {
  const before = readFileSync(path, 'utf8');
  expect(before).toContain(text);
  writeFileSync(path, before.replace(text, by));
}

test('only the names, role, templates and page of the named resource are checked', async () => {
  const cwd = copyRepository(directory());
  const name = 'studio-lifecycle-config';
  rmSync(join(cwd, `test/handlers/${name}.test.ts`));
  replace(join(cwd, `cloudformation/examples/lifecycle-config.yaml`), 'AppType:', 'AppTyp:');
  replace(join(cwd, `docs/resources/${name}.md`), '## When to use it\n', '## When to use it\nNew\n');
  replace(join(cwd, `handlers/${name}.ts`), "'DescribeStudioLifecycleConfig', 'ListTags'),", "'UpdateDomain'),");
  const { status, problems } = await check(cwd, name);
  expect(status).toBe(1);
  expect(problems).toEqual(
    expect.arrayContaining([
      `handlers/${name}.ts: test/handlers/${name}.test.ts is missing`,
      expect.stringMatching(/^provider\.yaml: the role of StudioLifecycleConfig lacks sagemaker:UpdateDomain on /),
      expect.stringMatching(/^cloudformation\/examples\/lifecycle-config\.yaml:\d+: F3002: .*AppTyp: /),
      'docs/resources/studio-lifecycle-config.md is not what the definitions and the templates say; write it with npm run reference',
    ]),
  );
  const { stdout, ...other } = await check(cwd, 'studio-contents');
  expect(other).toEqual({ status: 0, problems: [] });
  expect(stdout).toContain('check: the names, the arrows, the roles and the reference of studio-contents hold');
});

test('a name without a handler is refused, with the list of handlers', async () => {
  const { status, problems } = await check(root, 'studio-domian');
  expect(status).toBe(1);
  expect(problems).toEqual([
    expect.stringMatching(
      /^Checking studio-domian: there is no handlers\/studio-domian\.ts; name one of .*, studio-domain, /,
    ),
  ]);
});
