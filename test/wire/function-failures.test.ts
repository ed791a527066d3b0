import { brokenFunctions } from '../packages/local/broken-functions.ts';
import { type FunctionProcesses, functionProcesses } from './function-cloud.ts';
import { eventually } from './processes.ts';

let local: FunctionProcesses;
beforeEach(async () => {
  local = await functionProcesses();
});
afterEach(() => local.close());

/** Writes at once, whatever the process does then. */
const begun = "import { writeSync } from 'node:fs'; const begun = () => writeSync(1, 'begun\\n');";

test('an error that a handler throws is the answer, with its name and stack', async () => {
  await local.create('throws', 'export const handler = async () => { throw new TypeError("no such thing"); };');
  const { response, error, status } = await local.invoke('throws');
  expect({ error, status }).toEqual({ error: 'Unhandled', status: 200 });
  expect(response).toMatchObject({ errorType: 'TypeError', errorMessage: 'no such thing' });
  const { trace } = response as { trace: string[] };
  expect(trace[0]).toBe('TypeError: no such thing');
  expect(trace[1]).toMatch(/handler .*index\.mjs:1:/);
});

test('a function that takes too long is killed, and says so as Lambda does', async () => {
  await local.create(
    'hangs',
    `${begun} export const handler = () => new Promise(() => { begun(); setInterval(() => {}, 1000); });`,
    {
      Timeout: 3,
    },
  );
  const { response, error, log } = await local.invokeAndPass('hangs', 'begun', 3000);
  expect(error).toBe('Unhandled');
  expect(response).toEqual({
    errorType: 'Sandbox.Timedout',
    errorMessage: expect.stringMatching(/^2026-11-21T\S+Z [0-9a-f-]{36} Task timed out after 3\.00 seconds$/),
  });
  expect(log).toMatch(
    /Task timed out after 3\.00 seconds\n\nEND RequestId: .*\nREPORT RequestId: .*\tStatus: timeout\n$/,
  );
});

test('one that blocks its own event loop is killed as well', async () => {
  await local.create('blocks', `${begun} export const handler = async () => { begun(); for (;;); };`, { Timeout: 1 });
  expect((await local.invokeAndPass('blocks', 'begun', 1000)).response).toMatchObject({
    errorType: 'Sandbox.Timedout',
  });
});

test.each([
  ['buffers', 'kept.push(Buffer.alloc(10_000_000, 1))'],
  ['objects', 'for (let i = 0; i < 10_000; i += 1) kept.push({ i, more: [i] })'],
])('a function that holds more memory than it has (%s) is killed', async (_, hoard) => {
  const source = `export const handler = async () => { const kept = []; for (;;) { ${hoard}; await new Promise(setImmediate); } };`;
  await local.create('hoards', source, { MemorySize: 128 });
  const { response, log } = await local.invoke('hoards');
  expect(response).toEqual({
    errorType: expect.stringMatching(/^Runtime\.(OutOfMemory|ExitError)$/),
    errorMessage: expect.stringMatching(
      /^RequestId: \S+ Error: Runtime exited with error: signal: (killed|aborted \(core dumped\))$/,
    ),
  });
  expect(log).toMatch(/\tMemory Size: 128 MB\tMax Memory Used: \d+ MB\t.*Status: error\tError Type: Runtime\./);
});

test.each([
  ['process.exit(3)', 'Runtime exited with error: exit status 3'],
  ['process.exit()', 'Runtime exited without providing a reason'],
  ['process.kill(process.pid, "SIGKILL")', 'Runtime exited with error: signal: killed'],
  ['process.kill(process.pid, "SIGTERM")', 'Runtime exited with error: signal: SIGTERM'],
])('a function that ends itself with %s gets a response', async (code, reason) => {
  await local.create('exits', `export const handler = () => new Promise(() => { ${code}; });`);
  expect((await local.invoke('exits')).response).toEqual({
    errorType: 'Runtime.ExitError',
    errorMessage: expect.stringMatching(new RegExp(`^RequestId: [0-9a-f-]{36} Error: ${reason}$`)),
  });
  // The next one gets a fresh environment.
  expect((await local.invoke('exits')).response).toMatchObject({ errorType: 'Runtime.ExitError' });
});

test.each(brokenFunctions)(
  '%s fails the invocation with what Lambda says of it',
  async (_, files, errorType, message) => {
    await local.create('broken', files);
    const { response, error } = await local.invoke('broken');
    expect(error).toBe('Unhandled');
    expect(response).toMatchObject({ errorType, errorMessage: expect.stringContaining(message) });
  },
);

test('a module that takes too long to load costs the invocation its time', async () => {
  await local.close();
  local = await functionProcesses({ initTimeout: 1 });
  await local.create('slow', `${begun} begun(); for (;;);`, { Timeout: 1 });
  const { response, log } = await local.invokeAndPass('slow', 'begun', 1000);
  expect(response).toMatchObject({ errorType: 'Sandbox.Timedout' });
  expect(log).toMatch(/INIT_REPORT Init Duration: .* ms\tPhase: init\tStatus: timeout\nSTART /);
});

test('a module that is slow to load, but loads in time, runs', async () => {
  await local.close();
  // No process starts in a millisecond.
  local = await functionProcesses({ initTimeout: 1 });
  await local.create('late', 'export const handler = async () => "late";');
  const { response, log } = await local.invoke('late');
  expect(response).toBe('late');
  expect(log).toMatch(/INIT_REPORT Init Duration: .* ms\tPhase: init\tStatus: timeout\nSTART /);
});

test('an answer that is too large is an error', async () => {
  await local.create('large', 'export const handler = async () => "x".repeat(6 * 1024 * 1024 + 200);');
  const { response, error } = await local.invoke('large');
  expect(error).toBe('Unhandled');
  expect(response).toMatchObject({ errorType: 'Function.ResponseSizeTooLarge' });
});

test('a zip that would write outside its own directory does not run', async () => {
  await local.create('slips', { '../outside.mjs': '', 'index.mjs': '' });
  expect((await local.invoke('slips')).response).toEqual({
    errorType: 'Sandbox.Failure',
    errorMessage: expect.stringContaining('Unzipping ../outside.mjs: it lies outside the zip'),
  });
});

test('an environment that crashes while it is idle is not used again', async () => {
  const source = `export const handler = async ({ leave }) => {
    if (leave) setTimeout(() => process.exit(1), 10);
    return process.pid;
  };`;
  await local.create('leaves', source);
  const pid = (await local.invoke('leaves', { leave: true })).response as number;
  // It is a child of this process: once its number is free, its end is known here.
  await eventually(() => !hasNumber(pid) || undefined);
  const { response, error } = await local.invoke('leaves', {});
  expect(error).toBeUndefined();
  expect(response).not.toBe(pid);
});

function hasNumber(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('a response stream arrives whole, and one that breaks off is an error', async () => {
  const source = `export const handler = awslambda.streamifyResponse(async (event, stream) => {
    stream.write('{"a":');
    if (event.fail) throw new Error('broken off');
    stream.end('1}');
  });`;
  await local.create('streams', source);
  expect((await local.invoke('streams')).response).toEqual({ a: 1 });
  expect(await local.invoke('streams', { fail: true })).toMatchObject({
    error: 'Unhandled',
    response: { errorType: 'Error', errorMessage: 'broken off' },
  });
});

test('the failure callback gets the log of a failed function', async () => {
  await local.create(
    'tells',
    'export const handler = async () => { console.log("about to"); throw new Error("fail"); };',
  );
  await local.invoke('tells');
  expect(local.failures).toEqual([
    expect.objectContaining({
      functionArn: expect.stringMatching(/:function:tells$/),
      errorType: 'Error',
      lines: expect.arrayContaining([expect.stringContaining('about to'), expect.stringContaining('Invoke Error')]),
    }),
  ]);
});
