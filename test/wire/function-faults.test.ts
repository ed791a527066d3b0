import { existsSync, readFileSync } from 'node:fs';
import type { Rule } from '../../packages/local/src/faults/rule.ts';
import { type FunctionProcesses, functionProcesses } from './function-cloud.ts';
import { eventually, isRunning } from './processes.ts';

let local: FunctionProcesses;
afterEach(() => local.close());

/** A cloud with this fault and a function `work`, which tells its process's id and then waits until it is told to end. */
async function faulty(rule: Rule): Promise<void> {
  local = await functionProcesses({ faults: [rule] });
  const source = `import { writeSync } from 'node:fs';
    export const handler = ({ wait }) => {
      writeSync(1, 'begun ' + process.pid + '\\n');
      return wait ? new Promise(() => setInterval(() => {}, 1000)) : process.pid;
    };`;
  await local.create('work', source, { Timeout: 60 });
}

test('a crash ends the process, and the next invocation gets a new one', async () => {
  await faulty({ on: 'function', fault: 'crash', after: 1, count: 1 });
  const pid = (await local.invoke('work')).response as number;
  expect(await local.invoke('work')).toMatchObject({
    error: 'Unhandled',
    response: {
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Runtime exited with error: signal: killed$/),
    },
  });
  await eventually(() => !isRunning(pid) || undefined);
  expect((await local.invoke('work')).response).not.toBe(pid);
});

test('a function may run for a while before it is killed for its memory', async () => {
  await faulty({ on: 'function', fault: 'out-of-memory', ms: 30_000 });
  const { error, response, log } = await local.invokeAndPass('work', 'begun', 30_000, { wait: true });
  expect({ error, response }).toMatchObject({ error: 'Unhandled', response: { errorType: 'Runtime.OutOfMemory' } });
  expect(log).toMatch(/REPORT .*Status: error\tError Type: Runtime.OutOfMemory/);
});

test('a process that hangs is paused until its timeout', async () => {
  await faulty({ on: 'function', fault: 'hang', ms: 3000 });
  const answer = local.invoke('work', { wait: true });
  const pid = Number(await eventually(() => /begun (\d+)/.exec(local.written('work'))?.[1]));
  await local.clock.pass(3000);
  await eventually(() => isStopped(pid) || undefined);
  await local.clock.pass(57_000);
  expect(await answer).toMatchObject({
    error: 'Unhandled',
    response: { errorType: 'Sandbox.Timedout', errorMessage: expect.stringContaining('timed out after 60.00 seconds') },
  });
  await eventually(() => !isRunning(pid) || undefined);
});

function isStopped(pid: number): boolean {
  return !existsSync('/proc') || /^\d+ \(.*\) T/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}
