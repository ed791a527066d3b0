import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const repository = resolve(import.meta.dirname, '../..');
const core = join(repository, 'packages/core');
const tsc = join(repository, 'node_modules/typescript/bin/tsc');
let project: string;

/** An empty project outside of the repository, with the packed package, the dependencies that it names, and the README's resource. */
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'core-consumer-'));
  await run(process.execPath, [tsc, '-p', join(core, 'tsconfig.build.json')]);
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', project], { cwd: core });
  const [{ filename }] = JSON.parse(stdout);
  const installed = join(project, 'node_modules/@studio-resources/core');
  await mkdir(installed, { recursive: true });
  await run('tar', ['-xzf', join(project, filename), '--strip-components=1', '-C', installed]);
  const { dependencies } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'));
  for (const name of [...Object.keys(dependencies), '@aws-sdk/client-ssm']) await link(name);

  const readme = await readFile(join(installed, 'README.md'), 'utf8');
  const [, sample = ''] = readme.match(/```ts\n(.*?)```/s) ?? [];
  const options = { module: 'nodenext', target: 'es2024', strict: true, noEmit: true, types: [], skipLibCheck: true };
  await writeFile(join(project, 'package.json'), JSON.stringify({ type: 'module' }));
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, include: ['*.ts'] }));
  await writeFile(join(project, 'resource.ts'), sample);
  await writeFile(join(project, 'invoke.mjs'), invoke);
});

afterAll(() => rm(project, { recursive: true }));

const invoke = `
import { handler } from './resource.ts';
const context = { awsRequestId: '1', invokedFunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:Password', logGroupName: 'group', logStreamName: 'stream', getRemainingTimeInMillis: () => 60000 };
await handler(JSON.parse(process.argv[2]), context);
`;

async function link(name: string): Promise<void> {
  const path = join(project, 'node_modules', name);
  await mkdir(dirname(path), { recursive: true });
  await symlink(join(repository, 'node_modules', name), path);
}

test('the README’s resource is typed by the package as it is packed', async () => {
  await expect(run(process.execPath, [tsc, '-p', project])).resolves.toMatchObject({ stdout: '' });
});

test('the package’s types refuse a resource that is wrong', async () => {
  const wrong = (await readFile(join(project, 'resource.ts'), 'utf8'))
    .replace("immutable: ['Name']", "immutable: ['Nmae']")
    .replace('return props.Name', 'return props.Tier');
  await writeFile(join(project, 'wrong.ts'), wrong);
  const failure = await run(process.execPath, [tsc, '-p', project]).catch((error: { stdout: string }) => error);
  await rm(join(project, 'wrong.ts'));
  expect(failure.stdout).toMatch(/wrong\.ts\(.*"Nmae"/);
  expect(failure.stdout.split('\n').every((line) => !line.startsWith('resource.ts'))).toBe(true);
});

describe('as it is packed, the README’s resource', () => {
  let server: Server;
  let origin: string;
  const parameters = new Map<string, { Value: string; Version: number }>();
  const answers: Record<string, unknown>[] = [];

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const body = JSON.parse(Buffer.concat(chunks).toString());
      const target = request.headers['x-amz-target'];
      if (typeof target !== 'string') answers.push(body);
      const [status, result] = typeof target === 'string' ? ssm(target, body) : [200, {}];
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(result));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => new Promise((resolve) => server.close(resolve)));

  /** As much of Parameter Store as the resource calls. */
  function ssm(target: string, { Name, Value }: Record<string, string>): [number, object] {
    const there = parameters.get(Name ?? '');
    if (target === 'AmazonSSM.PutParameter') {
      parameters.set(Name ?? '', { Value: Value ?? '', Version: (there?.Version ?? 0) + 1 });
      return [200, {}];
    }
    if (!there) return [400, { __type: 'ParameterNotFound' }];
    if (target === 'AmazonSSM.DeleteParameter') return [200, { deleted: parameters.delete(Name ?? '') }];
    return [200, { Parameter: { Name, ARN: `arn:aws:ssm:eu-west-1:111122223333:parameter${Name}`, ...there } }];
  }

  async function request(RequestType: string, fields: Record<string, unknown>): Promise<unknown> {
    const event = {
      RequestType,
      ResponseURL: `${origin}/bucket/key?X-Amz-Signature=s`,
      StackId: 'arn:aws:cloudformation:eu-west-1:111122223333:stack/studio/1',
      RequestId: RequestType,
      LogicalResourceId: 'Password',
      ResourceType: 'Custom::SecureParameter',
      ...fields,
    };
    const env = {
      PATH: process.env.PATH,
      AWS_ENDPOINT_URL: origin,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: '111122223333',
      AWS_SECRET_ACCESS_KEY: 'secret',
    };
    const { stdout, stderr } = await run(process.execPath, ['invoke.mjs', JSON.stringify(event)], {
      cwd: project,
      env,
    });
    expect(stdout + stderr).not.toContain('hunter');
    return answers.at(-1);
  }

  test('is created, updated and deleted', async () => {
    const Name = '/studio/password';
    const one = { Name, Value: 'hunter1' };
    const two = { Name, Value: 'hunter2' };
    const PhysicalResourceId = Name;
    const Arn = `arn:aws:ssm:eu-west-1:111122223333:parameter${Name}`;

    const created = await request('Create', { ResourceProperties: one });
    expect(created).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId, Data: { Arn, Version: '1' } });

    const change = { ResourceProperties: two, OldResourceProperties: one, PhysicalResourceId };
    const updated = await request('Update', change);
    expect(updated).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId, Data: { Arn, Version: '2' } });
    expect(parameters.get(Name)?.Value).toBe('hunter2');

    const deleted = await request('Delete', { ResourceProperties: two, PhysicalResourceId });
    expect(deleted).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
    expect(parameters.size).toBe(0);
  });

  test('names a property that is misspelt', async () => {
    const misspelt = await request('Create', { ResourceProperties: { Name: '/a', Vlaue: 'b' } });
    expect(misspelt).toMatchObject({
      Status: 'FAILED',
      Reason: 'Reading the properties: Vlaue: unknown property; did you mean Value?; Value: required, but missing',
    });
  });
});
