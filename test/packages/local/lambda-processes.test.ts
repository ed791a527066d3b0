import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { eventually, isRunning, lambdaCloud } from './lambda-cloud.ts';

const directories = () => readdirSync(tmpdir()).filter((name) => name.startsWith('studio-resources-lambda-'));

test('when the cloud closes, no process is left, and no file of a function', async () => {
  const before = new Set(directories());
  const local = await lambdaCloud();
  await local.create('pid', 'export const handler = async () => process.pid;');
  const pid = (await local.invoke('pid')).response as number;
  expect(isRunning(pid)).toBe(true);
  expect(directories().filter((name) => !before.has(name))).toHaveLength(1);
  await local.close();
  expect(isRunning(pid)).toBe(false);
  expect(directories().filter((name) => !before.has(name))).toEqual([]);
});

test('what a function starts ends with it', async () => {
  const local = await lambdaCloud();
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
  const spec = { functionName: 'x', handler: 'index.handler', code: { sha256: 'x', zip }, timeout: 900, memorySize: 128, variables };
  const environment = processRunner(scaledClock(1)).start(spec, ({ message }) => console.log(message));
  await environment.initialized();
  ${end}
`;

test.each([
  ['is done', 'process.exit();'],
  ['fails', 'throw new Error("bad");'],
  ['is killed', 'process.kill(process.pid, "SIGKILL");'],
])('no process outlives a cloud that %s without closing', async (_, end) => {
  const source = new URL('../../../packages/local/src', import.meta.url).pathname;
  const child = spawn(process.execPath, ['--input-type=module', '-e', host(end), source], {
    stdio: ['ignore', 'pipe', 'ignore'],
    cwd: new URL('../../..', import.meta.url).pathname,
  });
  let output = '';
  for await (const chunk of child.stdout) output += chunk;
  const pid = Number(/INFO\t(\d+)/.exec(output)?.[1]);
  expect(pid).toBeGreaterThan(0);
  await eventually(() => !isRunning(pid) || undefined);
});
