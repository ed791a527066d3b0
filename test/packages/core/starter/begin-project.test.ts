import { execFile } from 'node:child_process';
import { existsSync, globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { beginProject } from '../../../../packages/core/src/starter.ts';
import { root } from '../../../../scripts/handlers.ts';
import { temporaryDirectory } from '../../../stacks/temporary-directory.ts';

const run = promisify(execFile);
const directory = temporaryDirectory();
const starter = join(root, 'packages/core/starter');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const json = (path: string) => JSON.parse(read(path));

/** A new folder within another one, which does not exist yet. */
const folder = (name = 'my-resource') => join(mkdtempSync(join(directory(), 'around-')), name);

const archives = ['studio-resources-core-0.1.0.tgz', 'studio-resources-local-0.1.0.tgz'];

function packed(names: readonly string[] = archives): string {
  const packages = mkdtempSync(join(directory(), 'packed-'));
  for (const name of names) writeFileSync(join(packages, name), name);
  return packages;
}

test('a project has every file of the starter, under its own names', async () => {
  const to = folder();
  const next = await beginProject(to);
  expect(next).toContain(`cd ${to}\n`);
  const files = (from: string) =>
    globSync('{*,.gitignore,*/*}.*', { cwd: from }).concat(globSync('.gitignore', { cwd: from }));
  const given = globSync('**', { cwd: starter, withFileTypes: true }).filter((entry) => entry.isFile());
  const begun = globSync('{**,.gitignore}', { cwd: to, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(begun).toHaveLength(given.length);
  for (const path of files(to)) {
    expect(path).not.toMatch(/secure-?parameter/i);
    expect(readFileSync(join(to, path), 'utf8')).not.toMatch(/secure-parameter|secureParameter/);
  }
  expect(readFileSync(join(to, 'src/my-resource.ts'), 'utf8')).toContain("type: 'Custom::MyResource'");
  expect(readFileSync(join(to, 'example.yaml'), 'utf8')).toContain('!ImportValue my-resource-ServiceToken');
  expect(readFileSync(join(to, '.gitignore'), 'utf8')).toContain('node_modules/');
});

test('a project takes the packages of this version from npm, or copies of those in a directory', async () => {
  const { version } = json('packages/core/package.json');
  expect(json('packages/local/package.json').version).toBe(version);
  const specs = (to: string) => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(to, 'package.json'), 'utf8'));
    return [dependencies['@studio-resources/core'], devDependencies['@studio-resources/local']];
  };
  const [published, copied] = [folder(), folder()];
  await beginProject(published);
  expect(specs(published)).toEqual([version, version]);
  await beginProject(copied, { packages: packed() });
  expect(specs(copied)).toEqual(archives.map((name) => `file:packages/${name}`));
  expect(readdirSync(join(copied, 'packages')).sort()).toEqual(archives);
});

test('the current folder will do, and a new repository in it', async () => {
  const to = folder();
  mkdirSync(join(to, '.git'), { recursive: true });
  await beginProject(to);
  expect(existsSync(join(to, 'package.json'))).toBe(true);
});

test.each([
  [
    'resource',
    {},
    'Beginning resource: the name of the folder is the name of the resource; give it one such as my-resource',
  ],
  ['My-Resource', {}, 'Beginning My-Resource: the name of the folder'],
  [`my-${'r'.repeat(38)}`, {}, 'at most 40 characters'],
  [
    'my-resource',
    { packages: '/does/not/exist' },
    'there is no studio-resources-core-0.1.0.tgz in /does/not/exist; npm run pack',
  ],
])('%s with %j is refused, and nothing is written', async (name, options, message) => {
  const to = folder(name);
  await expect(beginProject(to, options)).rejects.toThrow(message);
  expect(existsSync(to)).toBe(false);
});

test('a directory that lacks one of the packages is refused', async () => {
  const packages = packed(archives.slice(0, 1));
  await expect(beginProject(folder(), { packages })).rejects.toThrow(`there is no ${archives[1]} in ${packages}`);
});

test('a folder with something in it is refused, and so is a file', async () => {
  const to = folder();
  mkdirSync(to);
  writeFileSync(join(to, 'mine.txt'), '');
  await expect(beginProject(to)).rejects.toThrow(`Beginning my-resource: ${to} is not empty, there is mine.txt in it`);
  expect(readdirSync(to)).toEqual(['mine.txt']);
  const file = folder();
  writeFileSync(file, '');
  await expect(beginProject(file)).rejects.toThrow(/^Beginning my-resource: ENOTDIR.*; name an empty or a new folder$/);
});

test.each([
  [[], 'it takes a name, or a folder: npx @studio-resources/core new my-resource'],
  [['begin', 'my-resource'], 'it takes a name, or a folder'],
  [['new', 'my-resource', 'other'], 'it takes a name, or a folder'],
  [['new', 'my-resource', '--package', '.'], "Unknown option '--package'"],
])('the command line with %j says what it takes', async (args, message) => {
  const command = ['--conditions=studio-resources', join(root, 'packages/core/src/cli.ts'), ...args];
  await expect(run(process.execPath, command, { cwd: directory() })).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining(message),
  });
});

test('the starter pins the versions that this repository is tested with', () => {
  const { dependencies, devDependencies } = json('packages/core/starter/package.json');
  const tested = json('package.json').devDependencies;
  const others = Object.entries({ ...dependencies, ...devDependencies }).filter(
    ([name]) => !name.startsWith('@studio'),
  );
  expect(others).toEqual(others.map(([name]) => [name, tested[name]]));
});

test('the README shows the starter’s resource', () => {
  const [, sample] = /```ts\n(.*?)```/s.exec(read('packages/core/README.md'))!;
  expect(sample).toBe(read('packages/core/starter/src/secure-parameter.ts'));
});

test('the template is short, and its role may do what the resource declares, and nothing else', () => {
  const text = read('packages/core/starter/template.yaml');
  expect(text.split('\n').length).toBeLessThan(300);
  const { Resources } = parse(text, { logLevel: 'silent' });
  const [{ PolicyDocument }] = Resources.SecureParameterRole.Properties.Policies;
  const [, declared] = /actions = (\[.*?\])/.exec(read('packages/core/starter/src/secure-parameter.ts'))!;
  expect(PolicyDocument.Statement[0].Action).toEqual(JSON.parse(declared!.replaceAll("'", '"')));
  expect(PolicyDocument.Statement).toHaveLength(1);
});
