/** What a new user of the CDK does, with the package from a registry, the newest CDK and its own command line. */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../scripts/handlers.ts';
import { copyRepository } from '../scripts/repository-copy.ts';
import { shellLines } from '../stacks/shell.ts';
import { temporaryDirectory } from '../stacks/temporary-directory.ts';
import { startPackageRegistry } from './package-registry.ts';

const run = promisify(execFile);
const directory = temporaryDirectory();

test('the package is installed as its README says, and `cdk synth` writes what the README’s app declares', async () => {
  const clone = copyRepository(directory());
  await run('npm', ['pack', '--ignore-scripts=false', '-w', 'packages/cdk', '--pack-destination', directory()], {
    cwd: clone,
  });
  const registry = await startPackageRegistry([join(directory(), 'studio-resources-cdk-0.1.0.tgz')]);
  const cwd = directory();
  await writeFile(join(cwd, '.npmrc'), registry.npmrc);
  await writeFile(join(cwd, 'package.json'), JSON.stringify({ type: 'module' }));
  const [install, ...others] = shellLines('packages/cdk/README.md', 'Begin');
  expect(others).toEqual([]);
  await run('sh', ['-c', `${install} aws-cdk`], { cwd });
  registry.close();

  const readme = await readFile(join(root, 'packages/cdk/README.md'), 'utf8');
  await writeFile(join(cwd, 'app.ts'), /```ts\n(.*?)```/s.exec(readme)![1]!);
  const { stdout, stderr } = await run('npx', ['cdk', 'synth', '--quiet', '--app', 'node app.ts'], {
    cwd,
    env: { ...process.env, CI: 'true' },
  });
  // The newest CDK validates what it writes, and would warn.
  expect(stdout + stderr).not.toMatch(/warning|error/i);
  const template = JSON.parse(await readFile(join(cwd, 'cdk.out/research.template.json'), 'utf8'));
  const types = Object.values(template.Resources as Record<string, { Type: string }>).map(({ Type }) => Type);
  expect(types.filter((type) => type.startsWith('Custom::'))).toEqual([
    'Custom::StudioDomain',
    'Custom::StudioLifecycleConfig',
    'Custom::StudioUserProfile',
  ]);
  expect(types).toContain('AWS::CDK::Metadata');
}, 600_000);
