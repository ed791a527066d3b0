import { brokenFunctions } from '../broken-functions.ts';
import { callbackHandlers } from '../callback-handlers.ts';
import { FunctionCloud } from '../function-cloud.ts';

let local: FunctionCloud;
beforeEach(async () => {
  local = await FunctionCloud.open();
});
afterEach(() => local.discard());

test('CommonJS and folders work as on Lambda, and an event arrives unchanged', async () => {
  const files = {
    'lib/main.js':
      "const { list } = require('./list'); exports.run = async (event, context) => list(event, context.functionName);",
    'lib/list.js': 'exports.list = (...all) => all;',
  };
  await local.create('common', files, { Handler: 'lib/main.run' });
  expect((await local.invoke('common', { text: 'é' })).response).toEqual([{ text: 'é' }, 'common']);
});

test('a function keeps its module state while its environment is warm, and a busy one has a second environment', async () => {
  const source =
    'let n = 0; export const handler = async ({ wait = 0 }) => { n += 1; await new Promise((r) => setTimeout(r, wait)); return n; };';
  await local.create('counter', source);
  expect([(await local.invoke('counter', {})).response, (await local.invoke('counter', {})).response]).toEqual([1, 2]);
  const both = await Promise.all([
    local.invoke('counter', { wait: 20_000 }),
    local.invoke('counter', { wait: 20_000 }),
  ]);
  expect(both.map(({ response }) => response)).toEqual([3, 1]);
});

test.each([
  ...brokenFunctions,
  [
    'a dependency of this process that the zip has not',
    { 'index.mjs': 'import { zipSync } from "fflate"; export const handler = zipSync;' },
    'Error',
    "Cannot find package 'fflate' imported from /var/task/index.mjs",
  ] satisfies (typeof brokenFunctions)[number],
])("%s fails the invocation with Lambda's error", async (_, files, errorType, message) => {
  await local.create('broken', files);
  const { response, error } = await local.invoke('broken');
  expect(error).toBe('Unhandled');
  expect(response).toMatchObject({ errorType, errorMessage: expect.stringContaining(message) });
});

test.each([
  ['process.exit(3)', 'Runtime exited with error: exit status 3'],
  ['process.exit()', 'Runtime exited without providing a reason'],
])('a function that ends itself with %s gets a response, and logs nothing after it', async (code, reason) => {
  await local.create('exits', `export const handler = () => new Promise(() => { ${code}; console.log('after'); });`);
  expect((await local.invoke('exits')).response).toEqual({
    errorType: 'Runtime.ExitError',
    errorMessage: expect.stringMatching(new RegExp(`^RequestId: [0-9a-f-]{36} Error: ${reason}$`)),
  });
  expect(await local.messages('exits')).not.toContain('after');
});

test('a function has exactly its configured time, to the millisecond', async () => {
  await local.create('hangs', 'export const handler = () => new Promise(() => setInterval(() => {}, 1000));', {
    Timeout: 3,
  });
  const { response, error, log } = await local.invoke('hangs', {}, { LogType: 'Tail' });
  expect(error).toBe('Unhandled');
  expect(response).toMatchObject({
    errorType: 'Sandbox.Timedout',
    errorMessage: expect.stringMatching(/ Task timed out after 3\.00 seconds$/),
  });
  expect(log).toMatch(/REPORT RequestId: \S+\tDuration: 3000\.00 ms\t.*\tStatus: timeout\n$/);
});

test('an error that a handler throws is the response, and listeners are notified', async () => {
  await local.create(
    'throws',
    'export const handler = async () => { console.log("about to"); throw new TypeError("no such thing"); };',
  );
  expect(await local.invoke('throws')).toMatchObject({
    error: 'Unhandled',
    status: 200,
    response: { errorType: 'TypeError', errorMessage: 'no such thing', trace: expect.any(Array) },
  });
  expect(local.failedInvocations).toMatchObject([
    {
      errorType: 'TypeError',
      lines: expect.arrayContaining(['about to', expect.stringMatching(/\tERROR\tInvoke Error \t\{.*no such thing/)]),
    },
  ]);
});

test.each(callbackHandlers)('a handler of nodejs22.x that %s answers as on Lambda', async (_, handler, expected) => {
  await local.create('callback', { 'index.js': `exports.handler = ${handler};` }, { Runtime: 'nodejs22.x' });
  expect(await local.invoke('callback', { n: 1 })).toMatchObject(expected);
});
