import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../scripts/handlers.ts';
import { linkPackage, makePackedProject, type PackedProject, runIn } from './packed-project.ts';

let project: PackedProject;
let sample: string;

beforeAll(async () => {
  project = await makePackedProject();
  const release = join(project.directory, 'release');
  await cp(join(root, 'dist'), release, { recursive: true });
  await cp(join(root, 'cloudformation'), release, { recursive: true });
  await cp(join(release, 'examples/studio.yaml'), join(project.directory, 'studio.yaml'));

  const readme = await readFile(join(root, 'packages/local/README.md'), 'utf8');
  const [, block = ''] = readme.match(/```js\n(.*?)```/s) ?? [];
  sample = block;
});

afterAll(() => rm(project.directory, { recursive: true }));

/** The sample in another test runner, with its calls printed at the end. */
function telling(from: string): string {
  const end = '  await cloud.close();\n});\n';
  expect(from.endsWith(end)).toBe(true);
  const tell = '  console.log(`At the end: ${cloud.now().toISOString()}, ${cloud.calls().length} calls`);\n';
  return from.slice(0, -end.length) + tell + end;
}

const told = (output: string) => output.match(/At the end: \S+, \d+ calls/)?.[0];

test('the package has what is built and the data that it reads, and nothing else', async () => {
  const source = await readdir(join(root, 'packages/local/src'), { recursive: true, withFileTypes: true });
  const built = source
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).replace(join(root, 'packages/local/src'), 'dist'))
    .map((path) => path.replace(/\.ts$/, '.js'));
  const models = (await readdir(join(root, 'packages/local/models'))).map((name) => `models/${name}`);
  const data = [...models, 'data/managed-policies.jsonl', 'faults.schema.json', 'registry-types.json'];
  const client = ['index.mjs', 'LICENSE', 'NOTICE', 'THIRD-PARTY-LICENSES'].map(
    (one) => `dist/lambda/aws-lambda-ric/${one}`,
  );
  const others = ['LICENSE', 'README.md', 'package.json', 'python/runtime.py'];
  expect(project.files.toSorted()).toEqual([...built, ...data, ...client, ...others].toSorted());
});

test('it names every package that it imports, and no other', async () => {
  const installed = join(project.directory, 'node_modules/@studio-resources/local');
  const imported = new Set<string>();
  for (const path of project.files.filter((one) => /\.[mc]?js$/.test(one))) {
    const text = await readFile(join(installed, path), 'utf8');
    for (const [, name] of text.matchAll(/(?:\bfrom |\bresolve\(|^import )'((?:@[\w-]+\/)?[\w.-]+)['/:]/gm)) {
      if (!name!.startsWith('.') && name !== 'node') imported.add(name!);
    }
  }
  const { dependencies } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'));
  const ofTypes = ['@smithy/types'];
  expect([...imported, ...ofTypes].sort()).toEqual(Object.keys(dependencies).sort());
});

let byNode: ReturnType<typeof runIn> | undefined;

function runByNode() {
  byNode ??= writeFile(join(project.directory, 'studio.test.mjs'), telling(sample)).then(() =>
    runIn(project, '--test', 'studio.test.mjs'),
  );
  return byNode;
}

test('the README’s test passes in node:test', async () => {
  const { ok, output } = await runByNode();
  expect(output).toContain('pass 1');
  expect(ok).toBe(true);
});

test('it passes in jest as well, with the same calls', async () => {
  const config = { transform: {}, testMatch: ['**/of-jest/*.mjs'], testTimeout: 110_000 };
  await writeFile(join(project.directory, 'jest.config.json'), JSON.stringify(config));
  await mkdir(join(project.directory, 'of-jest'));
  const ofJest = telling(sample)
    .replace(/import .* from 'node:test';\n/, '')
    .replace('before(', 'beforeAll(');
  await writeFile(join(project.directory, 'of-jest/studio.mjs'), ofJest);
  await linkPackage(project.directory, 'jest');
  const { ok, output } = await runIn(project, '--experimental-vm-modules', 'node_modules/jest/bin/jest.js');
  expect(output).toContain('1 passed');
  expect(ok).toBe(true);

  const atTheEnd = told((await runByNode()).output);
  expect(atTheEnd).toBeDefined();
  expect(told(output)).toBe(atTheEnd);
});

test('the command line starts the local cloud, whose functions run', async () => {
  await writeFile(join(project.directory, 'over-a-port.mjs'), overAPort);
  const { ok, output } = await runIn(project, 'over-a-port.mjs');
  expect(output).toContain('The function answers 42');
  expect(ok).toBe(true);
});

const overAPort = `
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { IAM } from '@aws-sdk/client-iam';
import { Lambda, waitUntilFunctionActiveV2 } from '@aws-sdk/client-lambda';
import { zipSync } from 'fflate';

const program = 'node_modules/@studio-resources/local/dist/cli.js';
const commandLine = spawn(process.execPath, [program, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
const [line] = await once(commandLine.stdout, 'data');
const [endpoint] = line.toString().match(/http:[/][/][0-9.:]+/);
const credentials = { accessKeyId: '000000000000', secretAccessKey: 'local' };
const client = new Lambda({ endpoint, region: 'us-east-1', credentials });
const Statement = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
const iam = new IAM({ endpoint, region: 'us-east-1', credentials });
const { Role } = await iam.createRole({ RoleName: 'answering', AssumeRolePolicyDocument });
const ZipFile = zipSync({ 'index.mjs': Buffer.from('export const handler = async () => 42') });
const FunctionName = 'answering';
const input = { FunctionName, Role: Role.Arn, Runtime: 'nodejs24.x', Handler: 'index.handler', Code: { ZipFile } };
await client.createFunction(input);
await waitUntilFunctionActiveV2({ client, maxWaitTime: 60, minDelay: 1 }, { FunctionName });
const { Payload } = await client.invoke({ FunctionName });
console.log('The function answers ' + Payload.transformToString());
commandLine.kill('SIGTERM');
await once(commandLine, 'exit');
`;
