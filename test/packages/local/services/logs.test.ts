import * as Logs from '@aws-sdk/client-cloudwatch-logs';
import { logs } from '../../../../packages/local/src/services/logs/index.ts';
import { type ServedCloud, serveCloud } from '../served-cloud.ts';

const logGroupName = '/aws/lambda/f';
const resourceArn = `arn:aws:logs:us-east-1:111111111111:log-group:${logGroupName}`;
let served: ServedCloud;
let client: Logs.CloudWatchLogsClient;

beforeEach(async () => {
  served = serveCloud([logs]);
  client = new Logs.CloudWatchLogsClient(served.as('111111111111'));
  await createGroup(logGroupName, { tags: { team: 'a' } });
});

afterEach(async () => {
  client.destroy();
  served.close();
});

const createGroup = (name: string, more: Partial<Logs.CreateLogGroupCommandInput> = {}) =>
  client.send(new Logs.CreateLogGroupCommand({ logGroupName: name, ...more }));
const createStream = (logStreamName: string) =>
  client.send(new Logs.CreateLogStreamCommand({ logGroupName, logStreamName }));

/** Writes messages a second apart, from now on. */
const write = (logStreamName: string, ...messages: string[]) => {
  const logEvents = messages.map((message, i) => ({ message, timestamp: served.clock.now() + i * 1000 }));
  return client.send(new Logs.PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
};
const texts = ({ events = [] }: { events?: { message?: string }[] }) => events.map(({ message }) => message);

describe('groups', () => {
  test('are described by prefix or pattern, page by page', async () => {
    for (const name of ['/aws/lambda/g', '/other']) await createGroup(name);
    const describe = (input: Logs.DescribeLogGroupsCommandInput) =>
      client.send(new Logs.DescribeLogGroupsCommand(input));
    const names = ({ logGroups = [] }: Logs.DescribeLogGroupsCommandOutput) => logGroups.map((one) => one.logGroupName);
    expect(names(await describe({ logGroupNamePrefix: '/aws/' }))).toEqual(['/aws/lambda/f', '/aws/lambda/g']);
    expect(names(await describe({ logGroupNamePattern: 'OTHER' }))).toEqual(['/other']);
    const first = await describe({ limit: 2 });
    expect(names(await describe({ limit: 2, nextToken: first.nextToken }))).toEqual(['/other']);
    expect(first.logGroups?.[0]).toMatchObject({
      arn: `${resourceArn}:*`,
      creationTime: served.clock.now(),
      storedBytes: 0,
    });
    await expect(describe({ nextToken: 'other' })).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  test('cannot be created twice, or with an invalid name', async () => {
    await expect(createGroup(logGroupName)).rejects.toMatchObject({ name: 'ResourceAlreadyExistsException' });
    await expect(createGroup('a b')).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  test('are deleted with their streams', async () => {
    await createStream('s');
    await client.send(new Logs.DeleteLogGroupCommand({ logGroupName }));
    await expect(client.send(new Logs.DeleteLogGroupCommand({ logGroupName }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'The specified log group does not exist.',
    });
    await createGroup(logGroupName);
    expect((await client.send(new Logs.DescribeLogStreamsCommand({ logGroupName }))).logStreams).toEqual([]);
  });

  test("keep events for their retention, which is one of AWS's values", async () => {
    const read = async () => (await client.send(new Logs.DescribeLogGroupsCommand({}))).logGroups?.[0]?.retentionInDays;
    const set = (retentionInDays: number) =>
      client.send(new Logs.PutRetentionPolicyCommand({ logGroupName, retentionInDays }));
    await set(14);
    expect(await read()).toBe(14);
    await expect(set(15)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await client.send(new Logs.DeleteRetentionPolicyCommand({ logGroupName }));
    expect(await read()).toBeUndefined();
  });

  test('have tags', async () => {
    await client.send(new Logs.TagResourceCommand({ resourceArn, tags: { stage: 'b' } }));
    await client.send(new Logs.UntagResourceCommand({ resourceArn, tagKeys: ['team'] }));
    expect((await client.send(new Logs.ListTagsForResourceCommand({ resourceArn }))).tags).toEqual({ stage: 'b' });
  });
});

describe('streams', () => {
  test('are described by name, or by their last event', async () => {
    for (const name of ['b', 'a', 'c']) await createStream(name);
    await write('b', 'one');
    await served.clock.pass(1000);
    await write('a', 'two');
    const describe = async (input: Partial<Logs.DescribeLogStreamsCommandInput> = {}) => {
      const { logStreams = [] } = await client.send(new Logs.DescribeLogStreamsCommand({ logGroupName, ...input }));
      return logStreams.map(({ logStreamName }) => logStreamName);
    };
    expect(await describe()).toEqual(['a', 'b', 'c']);
    expect(await describe({ orderBy: 'LastEventTime', descending: true, limit: 2 })).toEqual(['a', 'c']);
    expect(await describe({ logStreamNamePrefix: 'b' })).toEqual(['b']);
    await expect(describe({ logStreamNamePrefix: 'b', orderBy: 'LastEventTime' })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  test('cannot be created twice, with a colon, or without their group, and can be deleted', async () => {
    await createStream('s');
    await expect(createStream('s')).rejects.toMatchObject({ name: 'ResourceAlreadyExistsException' });
    await expect(createStream('a:b')).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await client.send(new Logs.DeleteLogStreamCommand({ logGroupName, logStreamName: 's' }));
    await expect(write('s', 'x')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'The specified log stream does not exist.',
    });
  });
});

describe('events', () => {
  beforeEach(() => createStream('s'));

  const get = (input: Partial<Logs.GetLogEventsCommandInput> = {}) =>
    client.send(new Logs.GetLogEventsCommand({ logGroupName, logStreamName: 's', ...input }));
  const filter = (input: Partial<Logs.FilterLogEventsCommandInput> = {}) =>
    client.send(new Logs.FilterLogEventsCommand({ logGroupName, ...input }));

  test('are read from either end, and on from a token', async () => {
    await write('s', '1', '2', '3');
    expect(texts(await get({ limit: 2 }))).toEqual(['2', '3']);
    const first = await get({ limit: 2, startFromHead: true });
    expect(texts(first)).toEqual(['1', '2']);
    const second = await get({ nextToken: first.nextForwardToken });
    expect(texts(second)).toEqual(['3']);
    expect((await get({ nextToken: second.nextForwardToken })).nextForwardToken).toBe(second.nextForwardToken);
    expect(texts(await get({ nextToken: second.nextBackwardToken, limit: 1 }))).toEqual(['2']);
    await expect(get({ nextToken: 'x' })).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  test('are read between a start time and an exclusive end time', async () => {
    await write('s', '1', '2', '3');
    const now = served.clock.now();
    expect(texts(await get({ startTime: now + 1000, endTime: now + 2000 }))).toEqual(['2']);
    expect(texts(await filter({ startTime: now + 1000, endTime: now + 2000 }))).toEqual(['2', '3']);
  });

  test('are refused out of order, and partly when too old or too new', async () => {
    const now = served.clock.now();
    const put = (...timestamps: number[]) => {
      const logEvents = timestamps.map((timestamp) => ({ timestamp, message: `${timestamp - now}` }));
      return client.send(new Logs.PutLogEventsCommand({ logGroupName, logStreamName: 's', logEvents }));
    };
    await expect(put(now, now - 1)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    const hour = 3_600_000;
    const { rejectedLogEventsInfo } = await put(now - 15 * 24 * hour, now, now + 3 * hour);
    expect(rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1, tooNewLogEventStartIndex: 2 });
    expect(texts(await get())).toEqual(['0']);
  });

  test('of all streams are filtered in order of time, page by page', async () => {
    await createStream('t');
    await write('s', 's1', 's2');
    await served.clock.pass(500);
    await write('t', 't1', 't2');
    expect(texts(await filter())).toEqual(['s1', 't1', 's2', 't2']);
    expect(texts(await filter({ logStreamNames: ['t'] }))).toEqual(['t1', 't2']);
    expect(texts(await filter({ logStreamNamePrefix: 's' }))).toEqual(['s1', 's2']);
    const first = await filter({ limit: 3 });
    expect(texts(await filter({ nextToken: first.nextToken }))).toEqual(['t2']);
    await expect(filter({ logStreamNames: ['t'], logStreamNamePrefix: 's' })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  test.each([
    ['ERROR', ['ERROR a b', 'ERROR c']],
    ['ERROR a', ['ERROR a b']],
    ['"a b"', ['ERROR a b', 'INFO a b']],
    ['ERROR -c', ['ERROR a b']],
    ['?c ?d', ['ERROR c', 'd']],
    ['%^[a-z]$%', ['d']],
    ['', ['ERROR a b', 'ERROR c', 'INFO a b', 'd']],
  ])('are filtered by the pattern %s', async (filterPattern, found) => {
    await write('s', 'ERROR a b', 'ERROR c', 'INFO a b', 'd');
    expect(texts(await filter({ filterPattern }))).toEqual(found);
  });

  test('are not filtered by JSON members, and the error says so', async () => {
    await expect(filter({ filterPattern: '{ $.level = "ERROR" }' })).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'Invalid filter pattern: the local cloud filters by terms, not by JSON members or columns',
    });
  });
});
