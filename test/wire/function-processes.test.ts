import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PublishLayerVersionCommand } from '@aws-sdk/client-lambda';
import { accountPrincipal } from '../../packages/local/src/principal.ts';
import { account, zipOf } from '../packages/local/function-cloud.ts';
import { functionProcesses } from './function-cloud.ts';
import { eventually, isRunning } from './processes.ts';

test('when the cloud closes, no process is left, and no file of a function', async () => {
  const local = await functionProcesses();
  await local.create(
    'one',
    'export const handler = async () => [process.pid, process.env.LAMBDA_TASK_ROOT, process.env.TMPDIR];',
  );
  const [pid, code, scratch] = (await local.invoke('one')).response as [number, string, string];
  expect([isRunning(pid), existsSync(code), existsSync(scratch)]).toEqual([true, true, true]);
  await local.close();
  expect([isRunning(pid), existsSync(code), existsSync(scratch)]).toEqual([false, false, false]);
});

test('a process finds its layers where a variable names /opt, and loads their modules', async () => {
  const local = await functionProcesses();
  const ZipFile = zipOf({ 'nodejs/node_modules/shared/index.js': 'module.exports = "shared";', 'data.txt': 'data' });
  const layer = { LayerName: 'shared', Content: { ZipFile } };
  const { LayerVersionArn } = await local.lambda.send(new PublishLayerVersionCommand(layer));
  const text = `const { readFileSync } = require('node:fs');
    exports.handler = async () => [require('shared'), readFileSync(process.env.DATA, 'utf8')];`;
  const Environment = { Variables: { DATA: '/opt/data.txt' } };
  await local.create('one', { 'index.js': text }, { Layers: [LayerVersionArn!], Environment });
  expect((await local.invoke('one')).response).toEqual(['shared', 'data']);
  await local.close();
});

test('a caller that waits when the cloud closes gets an error', async () => {
  const local = await functionProcesses();
  await local.create(
    'waits',
    'console.log("loaded"); export const handler = () => new Promise((done) => setTimeout(done, 800_000));',
  );
  const waiting = local.cloud.call({
    service: 'lambda',
    operation: 'Invoke',
    input: { FunctionName: 'waits' },
    principal: accountPrincipal(account),
    region: 'us-east-1',
  });
  const refused = expect(waiting).rejects.toMatchObject({ name: 'ServiceException' });
  await eventually(async () => {
    await local.clock.pass(1000);
    return (await local.messages('waits').catch(() => [])).find((one) => one.startsWith('START'));
  });
  await local.close();
  await refused;
  expect(local.failures).toEqual([]);
});

test('processes that a function starts end with it', async () => {
  const local = await functionProcesses();
  const source = `
    import { spawn } from 'node:child_process';
    export const handler = async () => spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' }).pid;`;
  await local.create('starts', source);
  const pid = (await local.invoke('starts')).response as number;
  expect(isRunning(pid)).toBe(true);
  await local.close();
  await eventually(() => !isRunning(pid) || undefined);
});

/** A host that starts one environment, prints its process's id, and then ends as it is told. */
const host = (end: string) => `
  const { scaledClock } = await import(process.argv[1] + '/clock.ts');
  const { processRunner } = await import(process.argv[1] + '/lambda/process-runner.ts');
  const { strToU8, zipSync } = await import('fflate');
  const zip = zipSync({ 'index.mjs': strToU8('console.log(process.pid); setInterval(() => {}, 1000); export const handler = () => new Promise(() => {});') });
  const names = ['FUNCTION_NAME', 'FUNCTION_VERSION', 'FUNCTION_MEMORY_SIZE', 'LOG_GROUP_NAME', 'LOG_STREAM_NAME'];
  const variables = Object.fromEntries(names.map((name) => ['AWS_LAMBDA_' + name, 'x']));
  const spec = { functionName: 'x', runtime: 'nodejs24.x', handler: 'index.handler', code: { sha256: 'x', zip }, timeout: 900, memorySize: 128, variables };
  const environment = processRunner(scaledClock(1)).start(spec, ({ message }) => console.log(message));
  await environment.initialized();
  ${end}
`;

test.each([
  ['is done', 'process.exit();'],
  ['fails', 'throw new Error("bad");'],
  ['is killed', 'process.kill(process.pid, "SIGKILL");'],
])('no process outlives a cloud that %s without closing', async (_, end) => {
  const temporary = mkdtempSync(join(tmpdir(), 'lambda-processes-'));
  const source = new URL('../../packages/local/src', import.meta.url).pathname;
  const options = ['--conditions=studio-resources', '--input-type=module'];
  const child = spawn(process.execPath, [...options, '-e', host(end), source], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, TMPDIR: temporary },
    cwd: new URL('../..', import.meta.url).pathname,
  });
  let output = '';
  for await (const chunk of child.stdout) output += chunk;
  const pid = Number(/INFO\t(\d+)/.exec(output)?.[1]);
  expect(pid).toBeGreaterThan(0);
  await eventually(() => !isRunning(pid) || undefined);
  rmSync(temporary, { recursive: true });
});
