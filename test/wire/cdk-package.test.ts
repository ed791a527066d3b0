import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../scripts/handlers.ts';
import { linkPackage, makePackedProject } from './packed-project.ts';

const run = promisify(execFile);
const cdk = join(root, 'packages/cdk');
const tsc = join(root, 'node_modules/typescript/bin/tsc');
let project: string;
let files: string[];
let app: string;
let installing: string;
let sample: string;

/** A project outside of the repository, with the packed package, what it names as peers, and the README's apps. */
beforeAll(async () => {
  // It has the packed local cloud, which the README's test uses.
  project = (await makePackedProject()).directory;
  const staged = join(project, 'staged-cdk');
  await mkdir(staged);
  for (const name of ['package.json', 'README.md', 'LICENSE']) await cp(join(cdk, name), join(staged, name));
  await run(process.execPath, [tsc, '-p', join(cdk, 'tsconfig.build.json'), '--outDir', join(staged, 'dist')]);
  // It is built already.
  const packing = ['pack', '--json', '--ignore-scripts', '--pack-destination', project];
  const [packed] = JSON.parse((await run('npm', packing, { cwd: staged })).stdout);
  files = packed.files.map(({ path }: { path: string }) => path);
  const installed = join(project, 'node_modules/@studio-resources/cdk');
  await mkdir(installed, { recursive: true });
  await run('tar', ['-xzf', join(project, packed.filename), '--strip-components=1', '-C', installed]);
  const { peerDependencies } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'));
  for (const name of Object.keys(peerDependencies)) await linkPackage(project, name);

  const readme = await readFile(join(installed, 'README.md'), 'utf8');
  [app = '', installing = ''] = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, block]) => block!);
  [, sample = ''] = /```js\n(.*?)```/s.exec(readme) ?? [];
  await writeFile(join(project, 'app.ts'), app);
  await writeFile(join(project, 'installing.ts'), installing);
  await writeFile(join(project, 'research.test.js'), sample);
  const options = { module: 'nodenext', target: 'es2024', strict: true, noEmit: true, types: [], skipLibCheck: true };
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, include: ['*.ts'] }));
  await cp(join(root, 'dist'), join(project, 'release'), { recursive: true });
  await cp(join(root, 'cloudformation'), join(project, 'release'), { recursive: true });
});

afterAll(() => rm(project, { recursive: true }));

/** Runs Node in the project, as the CDK's command line runs an app. */
function node(...args: string[]) {
  const env = { PATH: process.env.PATH, CDK_OUTDIR: join(project, 'cdk.out'), CDK_CONTEXT_JSON: '{}' };
  return run(process.execPath, args, { cwd: project, env });
}

test('the package has what is built, and nothing else', async () => {
  const source = await readdir(join(cdk, 'src'), { recursive: true });
  const built = source
    .filter((path) => path.endsWith('.ts'))
    .flatMap((path) => [path.replace(/\.ts$/, '.js'), path.replace(/\.ts$/, '.d.ts')])
    .map((path) => `dist/${path}`);
  expect(files.toSorted()).toEqual([...built, 'LICENSE', 'README.md', 'package.json'].toSorted());
});

test('the README’s apps are typed by the package as it is packed', async () => {
  await expect(run(process.execPath, [tsc, '-p', project])).resolves.toMatchObject({ stdout: '' });
});

test('the package’s types refuse mistakes', async () => {
  await cp(join(root, 'test/packages/cdk/wrong-members.ts'), join(project, 'wrong-members.ts'));
  // A mistake that is not refused leaves an unused directive, which is an error.
  await expect(run(process.execPath, [tsc, '-p', project])).resolves.toMatchObject({ stdout: '' });
  const wrong = app.replace('ExecutionRole:', 'ExecutionRol:');
  await writeFile(join(project, 'wrong.ts'), wrong);
  const failure = await run(process.execPath, [tsc, '-p', project]).catch((error: { stdout: string }) => error);
  await rm(join(project, 'wrong.ts'));
  expect(failure.stdout).toMatch(/wrong\.ts\(.*'ExecutionRol' does not exist in type/);
});

test('the README’s app is synthesized, and its test deploys and deletes that', async () => {
  await node('app.ts');
  const { stdout } = await node('--test', 'research.test.js').catch((error: { stdout: string }) => error);
  expect(stdout).toMatch(/tests 1\n.*pass 1\n/s);
});

test('the README’s installation is synthesized with the provider’s outputs', async () => {
  await node('installing.ts');
  const template = JSON.parse(await readFile(join(project, 'cdk.out/platform.template.json'), 'utf8'));
  const resources = Object.values(template.Resources) as { Type: string; Properties: Record<string, unknown> }[];
  const [nested] = resources.filter(({ Type }) => Type === 'AWS::CloudFormation::Stack');
  expect(nested!.Properties).toMatchObject({
    TemplateURL: { Ref: 'Release' },
    Parameters: { InstallStudioSetup: 'false' },
  });
});

test('an app of CommonJS can require it', async () => {
  await writeFile(join(project, 'app.cjs'), "console.log(typeof require('@studio-resources/cdk').StudioDomain);");
  expect((await node('app.cjs')).stdout).toBe('function\n');
});
