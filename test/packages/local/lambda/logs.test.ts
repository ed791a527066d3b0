import { CloudWatchLogsClient, CreateLogGroupCommand, DeleteLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
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

test('a warm environment continues its log stream, and does not initialise again', async () => {
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

test('the log tail in the response has at most 4 KB', async () => {
  local = await FunctionCloud.open();
  await local.create(
    'chatty',
    'export const handler = async () => { for (let i = 0; i < 600; i += 1) console.log("line", i); };',
  );
  const { log } = await local.invoke('chatty', {}, { LogType: 'Tail' });
  expect(log).toHaveLength(4096);
  expect(log).toMatch(/REPORT RequestId: .*\n$/);
});

test('a function whose role may not write logs runs, and writes none', async () => {
  local = await FunctionCloud.open({ allow: ['s3:GetObject'] });
  await local.create('silent', talks);
  expect((await local.invoke('silent', { a: 1 })).response).toEqual({ a: 1 });
  await expect(local.messages('silent')).rejects.toThrow('The specified log group does not exist.');
});

test('a role that may write logs but not create a group writes to one that exists', async () => {
  local = await FunctionCloud.open({ allow: ['logs:CreateLogStream', 'logs:PutLogEvents'] });
  await local.create('careful', talks);
  await local.invoke('careful');
  await expect(local.messages('careful')).rejects.toThrow('The specified log group does not exist.');
  const client = new CloudWatchLogsClient(local.options);
  await client.send(new CreateLogGroupCommand({ logGroupName: '/aws/lambda/careful' }));
  await local.invoke('careful');
  expect(await local.messages('careful')).toContain('plain output');
});

test('a deleted log group is created again by the next line, if the role may create it', async () => {
  local = await FunctionCloud.open();
  await local.create('back', talks);
  await local.invoke('back');
  const client = new CloudWatchLogsClient(local.options);
  await client.send(new DeleteLogGroupCommand({ logGroupName: '/aws/lambda/back' }));
  await local.invoke('back');
  expect((await local.messages('back'))[0]).toMatch(/^START RequestId/);
});
