/** What becomes of the local cloud when the npm that runs it is ended, as scripts and CI do. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { IAM } from '@aws-sdk/client-iam';
import { Lambda, waitUntilFunctionActiveV2 } from '@aws-sdk/client-lambda';
import { root } from '../../scripts/handlers.ts';
import { zipOf } from '../packages/local/function-cloud.ts';
import { temporaryDirectory } from '../stacks/temporary-directory.ts';
import { eventually, isRunning } from './processes.ts';

const directory = temporaryDirectory();

/** npm as a user runs it, without what npm has told the tests. */
function npm(args: string[], command = 'npm'): { child: ChildProcess; output: () => string } {
  const own = Object.entries(process.env).filter(([name]) => !/^(npm_lifecycle|npm_package|npm_command)/.test(name));
  const child = spawn(command, args, { cwd: root, env: Object.fromEntries(own), stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.on('data', (chunk) => {
      printed += chunk;
    });
  }
  return { child, output: () => printed };
}

const endpointIn = (output: () => string) => eventually(() => /http:\/\/127\.0\.0\.1:\d+/.exec(output())?.[0]);

/** The processes of a function and of the cloud that runs it. */
async function startFunction(endpoint: string): Promise<[number, number]> {
  const options = {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: '000000000000', secretAccessKey: 'local' },
  };
  const [iam, client] = [new IAM(options), new Lambda(options)];
  const Statement = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  const { Role } = await iam.createRole({ RoleName: 'answering', AssumeRolePolicyDocument });
  const ZipFile = zipOf({ 'index.mjs': 'export const handler = async () => [process.pid, process.ppid];' });
  const FunctionName = 'answering';
  await client.createFunction({
    FunctionName,
    Role: Role!.Arn!,
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Code: { ZipFile },
  });
  await waitUntilFunctionActiveV2({ client, maxWaitTime: 60, minDelay: 1 }, { FunctionName });
  const { Payload } = await client.invoke({ FunctionName });
  for (const one of [iam, client]) one.destroy();
  return JSON.parse(Payload!.transformToString());
}

/** Takes the port, and gives it back. Rejects while something else has it. */
async function takePort(endpoint: string): Promise<void> {
  const server = createServer().listen(Number(new URL(endpoint).port), '127.0.0.1');
  await once(server, 'listening');
  server.close();
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s to npm run local ends npm once the cloud and its functions are gone, and the port is free',
  async (signal) => {
    const { child, output } = npm(['run', 'local', '--', '--port', '0', '--speed', '2', '--durations', '0.1']);
    const endpoint = await endpointIn(output);
    const processes = await startFunction(endpoint);
    expect(processes.map(isRunning)).toEqual([true, true]);
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(processes.map(isRunning)).toEqual([false, false]);
    await takePort(endpoint);
  },
  60_000,
);

test('SIGTERM to npm start ends npm once the cloud is gone, also while it creates the stacks', async () => {
  const { child, output } = npm(['start', '--', '--port', '0', '--speed', '2']);
  await eventually(() => (output().includes('== Creating studio-resources') ? true : undefined));
  const endpoint = await endpointIn(output);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([143, null]);
  await takePort(endpoint);
}, 120_000);

test.each([
  ['SIGKILL to npm run local', 'SIGKILL', ['run', 'local', '--', '--port', '0']],
  // The shell between them does not pass the signal on.
  [
    'SIGTERM to a shell between npm and the command',
    'SIGTERM',
    ['exec', '-c', 'node --conditions=studio-resources packages/local/src/cli.ts --port 0 && true'],
  ],
] as const)(
  '%s ends the cloud and its functions soon',
  async (_, signal, args) => {
    const { child, output } = npm([...args]);
    const endpoint = await endpointIn(output);
    const processes = await startFunction(endpoint);
    child.kill(signal);
    await eventually(() => (processes.some(isRunning) ? undefined : true));
    await takePort(endpoint);
  },
  60_000,
);

test('npm in the background, without input, lives on when the shell that started it has ended', async () => {
  const file = join(directory(), 'output');
  const shell = npm(['-c', `nohup npm run local -- --port 0 < /dev/null > '${file}' 2>&1 & echo $!`], 'sh');
  await once(shell.child, 'close');
  const pid = Number(shell.output());
  const endpoint = await endpointIn(() => readFileSync(file, 'utf8'));
  expect((await fetch(`${endpoint}/_health`)).status).toBe(200);
  process.kill(pid, 'SIGTERM');
  await eventually(() => (isRunning(pid) ? undefined : true));
  await takePort(endpoint);
}, 60_000);
