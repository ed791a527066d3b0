import { type FunctionProcesses, functionProcesses } from './function-cloud.ts';

let local: FunctionProcesses;
beforeEach(async () => {
  // The functions' own time stands still as well, so that lines are in the order in which they were written.
  local = await functionProcesses({ speed: 0 });
});
afterEach(() => local.close());

const talks = `
console.log('loading');
export const handler = async (event) => {
  console.log('two\\nlines');
  console.error('an error');
  process.stdout.write('plain output\\n');
  process.stderr.write('plain error');
  return event;
};`;

test('what a function writes is in its log when its answer is there, between Lambda’s own lines', async () => {
  await local.create('talks', talks);
  await local.invoke('talks');
  const messages = await local.messages('talks');
  const id = '[0-9a-f-]{36}';
  const time = '2026-11-21T[0-9:.]+Z';
  expect(messages[0]).toMatch(
    /^INIT_START Runtime Version: nodejs:24\.v1\tRuntime Version ARN: arn:aws:lambda:us-east-1::runtime:/,
  );
  expect(messages[1]).toMatch(new RegExp(`^${time}\t-\tINFO\tloading$`));
  expect(messages[2]).toMatch(new RegExp(`^START RequestId: ${id} Version: \\$LATEST$`));
  expect(messages).toContainEqual(expect.stringMatching(new RegExp(`^${time}\t${id}\tINFO\ttwo\nlines$`)));
  expect(messages).toContainEqual(expect.stringMatching(new RegExp(`^${time}\t${id}\tERROR\tan error$`)));
  expect(messages).toContain('plain output');
  expect(messages.at(-2)).toMatch(new RegExp(`^END RequestId: ${id}$`));
  expect(messages.at(-1)).toMatch(
    new RegExp(
      `^REPORT RequestId: ${id}\tDuration: [\\d.]+ ms\tBilled Duration: \\d+ ms\tMemory Size: 128 MB\tMax Memory Used: \\d+ MB\tInit Duration: [\\d.]+ ms$`,
    ),
  );
});

test('output without an end of line is logged when the process ends', async () => {
  await local.create(
    'half',
    'export const handler = async () => { process.stdout.write("half a line"); process.exit(1); };',
  );
  await local.invoke('half');
  expect(await local.messages('half')).toContain('half a line');
});

test('a very long log arrives whole and in order', async () => {
  const source =
    'export const handler = async () => { for (let i = 0; i < 3000; i += 1) console.log(i, "x".repeat(1000)); };';
  await local.create('long', source);
  await local.invoke('long');
  const { events } = (await local.cloud.call({
    service: 'cloudwatch-logs',
    operation: 'FilterLogEvents',
    input: { logGroupName: '/aws/lambda/long', filterPattern: '"INFO"', limit: 10_000 },
    principal: { kind: 'account', account: '111122223333', arn: 'arn:aws:iam::111122223333:root' },
    region: 'us-east-1',
  })) as { events: { message: string }[] };
  const numbers = events.map(({ message }) => Number(/INFO\t(\d+) /.exec(message)?.[1]));
  expect(numbers).toEqual(Array.from({ length: 3000 }, (_, i) => i));
});

test('a function that logs in JSON has Lambda’s lines in JSON too, in the group that it names', async () => {
  await local.create('json', 'export const handler = async () => { console.debug("no"); console.info("yes"); };', {
    LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'INFO', LogGroup: '/aws/lambda/shared' },
  });
  await local.invoke('json');
  const records = (await local.messages('shared')).map((message) => JSON.parse(message) as Record<string, unknown>);
  expect(records.map(({ type, level }) => type ?? level)).toEqual([
    'platform.initStart',
    'platform.start',
    'INFO',
    'platform.report',
  ]);
  expect(records[2]).toMatchObject({ message: 'yes', requestId: expect.any(String) });
  expect(records[3]).toMatchObject({ record: { status: 'success', metrics: { memorySizeMB: 128 } } });
});

test('Lambda’s lines in JSON report a failure, and a higher log level omits successes', async () => {
  const LoggingConfig = { LogFormat: 'JSON', SystemLogLevel: 'WARN' } as const;
  await local.create('exits', 'export const handler = async () => process.exit(2);', { LoggingConfig });
  await local.create('broken', 'throw new Error("no start");', { LoggingConfig: { LogFormat: 'JSON' } });
  await local.invoke('exits');
  await local.invoke('broken');
  const read = async (name: string) =>
    (await local.messages(name)).map((message) => JSON.parse(message) as Record<string, unknown>);
  expect(await read('exits')).toEqual([
    expect.objectContaining({ level: 'ERROR', message: expect.stringContaining('exit status 2') }),
    expect.objectContaining({
      type: 'platform.report',
      record: expect.objectContaining({ status: 'error', errorType: 'Runtime.ExitError' }),
    }),
  ]);
  expect(await read('broken')).toContainEqual(
    expect.objectContaining({
      type: 'platform.initReport',
      record: expect.objectContaining({ phase: 'init', status: 'error', errorType: 'Error' }),
    }),
  );
});
