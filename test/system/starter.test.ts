/** What a new user does with the packages, as their READMEs say, on the oldest Node that they support. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { Lambda } from '@aws-sdk/client-lambda';
import { S3 } from '@aws-sdk/client-s3';
import { SSM } from '@aws-sdk/client-ssm';
import { root } from '../../scripts/handlers.ts';
import { copyRepository } from '../scripts/repository-copy.ts';
import { shellLines } from '../stacks/shell.ts';
import { temporaryDirectory } from '../stacks/temporary-directory.ts';
import { eventually } from '../wire/processes.ts';
import { type PackageRegistry, startPackageRegistry } from './package-registry.ts';

const run = promisify(execFile);
const directory = temporaryDirectory();
/** The first version of what `engines` says. */
const oldestNode = `${/\d+/.exec(engines('core'))![0]}.0.0`;

let clone: string;
let project: string;
let registry: PackageRegistry;
let path: string;

beforeAll(async () => {
  clone = copyRepository(directory());
  project = join(directory(), 'my-resource');
  // The project is begun from a clone, and the clone has nothing to do with it from then on.
  await run('npm', ['run', 'new', '--', '--standalone', '../my-resource'], { cwd: clone });
  registry = await startPackageRegistry(['core', 'local'].map(archive));
  const node = `node-${process.platform}-${process.arch}`;
  await run('npm', ['install', '--prefix', join(directory(), 'oldest'), `${node}@${oldestNode}`]);
  path = [join(directory(), 'oldest/node_modules', node, 'bin'), process.env.PATH].join(delimiter);
}, 600_000);

afterAll(() => registry.close());

function engines(part: string): string {
  const { engines } = JSON.parse(readFileSync(join(root, 'packages', part, 'package.json'), 'utf8'));
  return engines.node;
}

function archive(part: string): string {
  return join(clone, 'dist', `studio-resources-${part}-0.1.0.tgz`);
}

/** Runs a command line as a user does, without what this process was started with; gives all that it prints. */
async function shell(command: string, { cwd = project, env = {} as Record<string, string> } = {}): Promise<string> {
  const options = { cwd, env: { ...userVariables(), ...env }, maxBuffer: 10_000_000 };
  try {
    const { stdout, stderr } = await run('sh', ['-c', command], options);
    return stdout + stderr;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`Running ${command}: ${stdout}${stderr}`, { cause: error });
  }
}

/** Without those of npm's run of the tests; with those that say how it reaches its registry. */
function userVariables(): Record<string, string> {
  const isKept = (name: string) =>
    /^npm_config_(cache|registry|userconfig|cafile|proxy|https_proxy|noproxy)$/.test(name) ||
    !/^(npm_|NODE_OPTIONS|NODE_PATH|AWS_|INIT_CWD)/.test(name);
  const inherited = Object.entries(process.env).flatMap(([name, value = '']) => (isKept(name) ? [[name, value]] : []));
  return { ...Object.fromEntries(inherited), PATH: path };
}

test('the oldest Node that the packages support is the one that runs here', async () => {
  expect(engines('local')).toBe(engines('core'));
  expect(await shell('node --version')).toBe(`v${oldestNode}\n`);
});

test('the package has what is built, the starter and the responder, and nothing else', async () => {
  const { stdout } = await run('tar', ['-tzf', archive('core')]);
  const files = stdout
    .trim()
    .split('\n')
    .map((file) => file.replace('package/', ''));
  const source = (await readdir(join(clone, 'packages/core/src'), { recursive: true })).filter((file) =>
    file.endsWith('.ts'),
  );
  const built = source.flatMap((file) => ['.js', '.d.ts'].map((end) => `dist/${file.replace(/\.ts$/, end)}`));
  const starter = (await readdir(join(root, 'packages/core/starter'), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).replace(`${join(root, 'packages/core')}/`, ''));
  const others = ['LICENSE', 'README.md', 'dist/responder.zip', 'package.json'];
  expect(files.toSorted()).toEqual([...built, ...starter, ...others].toSorted());
});

test('publishing a package builds it first', async () => {
  const dist = join(clone, 'packages/core/dist');
  await rm(dist, { recursive: true });
  // One that has no package yet. Nothing is sent to it.
  const empty = await startPackageRegistry([]);
  const command = ['publish', '--dry-run', '--json', '--workspace', 'packages/core', `--${empty.npmrc.trim()}`];
  const { stdout } = await run('npm', command, { cwd: clone });
  empty.close();
  expect(stdout).toContain('"dist/index.js"');
  expect(await readdir(dist)).toContain('responder.zip');
}, 300_000);

test('npx begins the same project with the packages of the registry, which npm can install', async () => {
  const cwd = join(directory(), 'oldest');
  const [begin] = shellLines('packages/core/README.md', 'Begin');
  expect(begin).toBe('npx @studio-resources/core new my-resource');
  await writeFile(join(cwd, '.npmrc'), registry.npmrc);
  await shell(begin!.replace('npx', 'npx --yes'), { cwd });
  const own = ['package.json', 'packages'];
  const files = async (from: string) => {
    const names = (await readdir(from)).filter((name) => ![...own, 'node_modules', 'package-lock.json'].includes(name));
    return Promise.all(names.filter((name) => /\./.test(name)).map((name) => readFile(join(from, name), 'utf8')));
  };
  const begun = join(cwd, 'my-resource');
  expect(await files(begun)).toEqual(await files(project));
  await writeFile(join(begun, '.npmrc'), registry.npmrc);
  await shell('npm install --package-lock-only', { cwd: begun });
  const { packages } = JSON.parse(await readFile(join(begun, 'package-lock.json'), 'utf8'));
  expect(packages['node_modules/@studio-resources/core'].version).toBe('0.1.0');
}, 300_000);

describe('in the project, from the packages alone', () => {
  let cloud: ChildProcess;
  let endpoint: string;
  const [install, check, start, ...commands] = shellLines('packages/core/starter/README.md').map(renamed);
  const locally = commands.filter((command) => command.includes(':local'));
  const onAws = commands.filter((command) => !command.includes(':local'));
  const clientOptions = () => ({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: '000000000000', secretAccessKey: 'local' },
  });
  const secret = async () => {
    const { Parameter } = await new SSM(clientOptions()).getParameter({
      Name: '/my-resource/example',
      WithDecryption: true,
    });
    return Parameter?.Value;
  };

  beforeAll(async () => {
    await shell(install!);
    cloud = spawn('sh', ['-c', `${start} -- --port 0`], {
      cwd: project,
      env: userVariables(),
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    cloud.stdout!.on('data', (chunk) => {
      printed += chunk;
    });
    endpoint = await eventually(() => /http:\/\/[0-9.:]+/.exec(printed)?.[0]);
  }, 600_000);

  afterAll(async () => {
    // Once what npm has started is gone, too.
    const closed = once(cloud, 'close');
    process.kill(-cloud.pid!, 'SIGTERM');
    await closed;
  });

  /** Runs a command of the README for the local cloud at its port here. */
  const runLocally = (command: string) =>
    shell(command.includes(' -- ') ? `${command} --endpoint ${endpoint}` : `${command} -- --endpoint ${endpoint}`);

  test('nothing that it installs compiles anything', async () => {
    const { packages } = JSON.parse(await readFile(join(project, 'node_modules/.package-lock.json'), 'utf8'));
    const scripted = Object.entries<{ hasInstallScript?: boolean }>(packages).filter(([, one]) => one.hasInstallScript);
    expect(scripted.map(([name]) => name)).toEqual(['node_modules/esbuild']);
  });

  test('types, build and tests pass', async () => {
    const output = await shell(check!);
    expect(output).toContain('pass 3');
    expect(output).toContain('fail 0');
  }, 300_000);

  test('it compiles by the resolution of bundlers, too', async () => {
    await shell('npx tsc --module esnext --moduleResolution bundler');
  }, 300_000);

  test('the README’s commands end in a working resource on a local cloud', async () => {
    const [deploy, create, change, ...removals] = locally;
    expect(await runLocally(deploy!)).toContain('my-resource: CREATE_COMPLETE');
    expect(await runLocally(create!)).toContain('my-resource-example: CREATE_COMPLETE');
    expect(await secret()).toBe('correct-horse');
    expect(await runLocally(change!)).toContain('my-resource-example: UPDATE_COMPLETE');
    expect(await secret()).toBe('battery-staple');
    expect(removals).toHaveLength(2);
    for (const removal of removals) expect(await runLocally(removal)).toContain('DELETE_COMPLETE');
    await expect(secret()).rejects.toMatchObject({ name: 'ParameterNotFound' });
  }, 300_000);

  test('and with the commands for AWS, where changed code is deployed and a failure is told', async () => {
    await new S3({ ...clientOptions(), forcePathStyle: true }).createBucket({ Bucket: 'my-artifacts' });
    const env = {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: '000000000000',
      AWS_SECRET_ACCESS_KEY: 'local',
    };
    const [deploy, create] = onAws;
    expect(await shell(deploy!, { env })).toContain('my-resource: CREATE_COMPLETE');
    expect(await shell(deploy!, { env })).toContain('my-resource: nothing has changed');
    expect(await shell(create!, { env })).toContain('my-resource-example: CREATE_COMPLETE');
    expect(await secret()).toBe('correct-horse');

    const source = join(project, 'src/my-resource.ts');
    const text = await readFile(source, 'utf8');
    await writeFile(source, text.replace('create(props) {', "create(props) {\n    throw new Error('not today');"));
    const sha256 = () => new Lambda(clientOptions()).getFunctionConfiguration({ FunctionName: 'my-resource' });
    const { CodeSha256: before } = await sha256();
    expect(await shell(deploy!, { env })).toContain('my-resource: UPDATE_COMPLETE');
    expect((await sha256()).CodeSha256).not.toBe(before);
    await expect(shell(`${create} Name=/another/name`, { env })).rejects.toThrow(/Secret: .*not today/);
    await expect(
      shell('npm run example -- --delete Nmae', { env: { ...env, AWS_REGION: 'eu-west-1' } }),
    ).rejects.toThrow('Deploying my-resource-example: there is no stack my-resource-example');
    await writeFile(source, text);
  }, 300_000);

  describe('the README of the local cloud', () => {
    beforeAll(async () => {
      const readme = await readFile(join(root, 'packages/local/README.md'), 'utf8');
      const release = join(project, 'release');
      await cp(join(root, 'dist'), release, { recursive: true });
      await cp(join(root, 'cloudformation'), release, { recursive: true });
      await cp(join(release, 'examples/studio.yaml'), join(project, 'studio.yaml'));
      const [, sample = ''] = /```js\n(.*?)```/s.exec(readme) ?? [];
      await writeFile(join(project, 'studio.test.mjs'), sample);
      const typed = sample.replace('let from;', "let from: import('@studio-resources/local').SavedCloud;");
      await writeFile(join(project, 'test/studio.ts'), typed);
      const [, commands = ''] = /```bash\n(npm install --save-dev .*?)```/s.exec(readme) ?? [];
      const [installation, serving] = commands.split('\n');
      await writeFile(join(project, '.npmrc'), registry.npmrc);
      await shell(installation!);
      expect(serving).toMatch(/^npx studio-resources-local /);
      await expect(shell(`${serving} --port none`)).rejects.toThrow('--port takes a whole number from 0 to 65535');
    }, 300_000);

    test('its test passes', async () => {
      expect(await shell('node --test studio.test.mjs')).toContain('pass 1');
    }, 300_000);

    test('its test compiles, and one with a fault or a member that there is not does not', async () => {
      const file = join(project, 'test/studio.ts');
      const sample = await readFile(file, 'utf8');
      await shell('npx tsc');
      await writeFile(file, sample.replace("fault: 'stuck'", "fault: 'sticky'"));
      await expect(shell('npx tsc')).rejects.toThrow('sticky');
      await writeFile(file, sample.replace('cloud.remove(', 'cloud.eliminate('));
      await expect(shell('npx tsc')).rejects.toThrow('eliminate');
      await writeFile(file, sample);
    }, 300_000);
  });
});

/** A line of the starter's README, as it is in the project. */
function renamed(line: string): string {
  return line.replaceAll('secure-parameter', 'my-resource');
}
