import { CloudWatchLogsClient, DeleteLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { FunctionCloud } from '../function-cloud.ts';

let local: FunctionCloud;
afterEach(() => local.discard());

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
  local = await FunctionCloud.open();
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
  local = await FunctionCloud.open();
  await local.create(
    'half',
    'export const handler = async () => { process.stdout.write("half a line"); process.exit(1); };',
  );
  await local.invoke('half');
  expect(await local.messages('half')).toContain('half a line');
});

test('a warm environment goes on in its log stream, and starts nothing again', async () => {
  local = await FunctionCloud.open();
  await local.create('talks', talks);
  await local.invoke('talks');
  const { log } = await local.invoke('talks', {}, { LogType: 'Tail' });
  expect(log).toMatch(/^START RequestId: /);
  expect(log).not.toContain('Init Duration');
  const messages = await local.messages('talks');
  expect(messages.filter((message) => message.startsWith('INIT_START'))).toHaveLength(1);
  expect(messages.filter((message) => message.startsWith('START'))).toHaveLength(2);
});

test('the tail that comes with the answer is at most 4 KB', async () => {
  local = await FunctionCloud.open();
  await local.create(
    'chatty',
    'export const handler = async () => { for (let i = 0; i < 200; i += 1) console.log("line", i); };',
  );
  const { log } = await local.invoke('chatty', {}, { LogType: 'Tail' });
  expect(log).toHaveLength(4096);
  expect(log).toMatch(/REPORT RequestId: .*\n$/);
});

test('a very long log arrives whole and in order', async () => {
  local = await FunctionCloud.open();
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

test('a role that may not write logs leaves none, and the function runs', async () => {
  local = await FunctionCloud.open({ allow: ['s3:GetObject'] });
  await local.create('silent', talks);
  expect((await local.invoke('silent', { a: 1 })).response).toEqual({ a: 1 });
  await expect(local.messages('silent')).rejects.toThrow('The specified log group does not exist.');
});

test('a role that may write, but make no group, writes to one that is there', async () => {
  local = await FunctionCloud.open({ allow: ['logs:CreateLogStream', 'logs:PutLogEvents'] });
  await local.create('careful', talks);
  await local.invoke('careful');
  await expect(local.messages('careful')).rejects.toThrow('The specified log group does not exist.');
  await local.cloud.call({
    service: 'cloudwatch-logs',
    operation: 'CreateLogGroup',
    input: { logGroupName: '/aws/lambda/careful' },
    principal: { kind: 'account', account: '111122223333', arn: 'arn:aws:iam::111122223333:root' },
    region: 'us-east-1',
  });
  await local.invoke('careful');
  expect(await local.messages('careful')).toContain('plain output');
});

test('a log group that is deleted comes back with the next line, if the role may make it', async () => {
  local = await FunctionCloud.open();
  await local.create('back', talks);
  await local.invoke('back');
  const client = new CloudWatchLogsClient(local.options);
  await client.send(new DeleteLogGroupCommand({ logGroupName: '/aws/lambda/back' }));
  client.destroy();
  await local.invoke('back');
  expect((await local.messages('back'))[0]).toMatch(/^START RequestId/);
});

test('a function that logs in JSON has Lambda’s lines in JSON too, in the group that it names', async () => {
  local = await FunctionCloud.open();
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

test('Lambda’s lines in JSON tell a failure, and a higher level leaves out what went well', async () => {
  local = await FunctionCloud.open();
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
