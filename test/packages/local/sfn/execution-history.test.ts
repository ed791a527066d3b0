import * as SFN from '@aws-sdk/client-sfn';
import { reach } from '../reach.ts';
import { account, functionArn, invocation, region, roleArn, SfnCloud } from '../sfn-cloud.ts';

const invoke = { ...invocation, OutputPath: '$.Payload' };

let cloud: SfnCloud;

beforeEach(async () => {
  cloud = new SfnCloud();
  await cloud.role();
});

afterEach(() => {
  cloud.cloud.close();
});

const types = (events: SFN.HistoryEvent[]) => events.map(({ type }) => type);

describe('starting', () => {
  const States = { Wait: { Type: 'Wait', Seconds: 60, End: true } };
  const day = 86_400_000;

  test('may be repeated with the same input while it runs; the name cannot be used otherwise for ninety days', async () => {
    const arn = await cloud.machine(States);
    const executionArn = await cloud.start(arn, { a: 1 }, 'one');
    await cloud.clock.pass(1000);
    expect(await cloud.start(arn, { a: 1 }, 'one')).toBe(executionArn);
    const again = { name: 'ExecutionAlreadyExists', message: `Execution Already Exists: '${executionArn}'` };
    await expect(cloud.start(arn, { a: 2 }, 'one')).rejects.toMatchObject(again);
    await cloud.ended(executionArn);
    await expect(cloud.start(arn, { a: 1 }, 'one')).rejects.toMatchObject(again);
    await cloud.clock.pass(90 * day);
    await expect(cloud.call('DescribeExecution', { executionArn })).rejects.toMatchObject({
      name: 'ExecutionDoesNotExist',
    });
    expect(await cloud.start(arn, { a: 1 }, 'one')).toBe(executionArn);
  });

  test('is refused with input that is not JSON or too long, or with an invalid name', async () => {
    const stateMachineArn = await cloud.machine(States);
    const start = (more: object) => cloud.call('StartExecution', { stateMachineArn, ...more });
    await expect(start({ input: '{' })).rejects.toMatchObject({ name: 'InvalidExecutionInput' });
    await expect(start({ input: JSON.stringify('x'.repeat(262_144)) })).rejects.toMatchObject({
      name: 'ValidationException',
    });
    await expect(start({ name: 'a b' })).rejects.toMatchObject({ name: 'InvalidName' });
    await expect(cloud.start('arn:aws:states:x:y:stateMachine:m')).rejects.toMatchObject({ name: 'InvalidArn' });
    await expect(cloud.start(`${stateMachineArn}x`)).rejects.toMatchObject({ name: 'StateMachineDoesNotExist' });
  });

  test('executions are listed, the newest first, by page and by status', async () => {
    const stateMachineArn = await cloud.machine(States);
    for (const name of ['a', 'b', 'c']) {
      await cloud.start(stateMachineArn, {}, name);
      await cloud.clock.pass(25_000);
    }
    const list = async (more: object = {}) => {
      const { executions, nextToken } = await cloud.call('ListExecutions', { stateMachineArn, ...more });
      return { names: executions!.map(({ name }) => name), nextToken };
    };
    expect((await list()).names).toEqual(['c', 'b', 'a']);
    const { names, nextToken } = await list({ maxResults: 2 });
    expect(names).toEqual(['c', 'b']);
    expect(await list({ maxResults: 2, nextToken })).toEqual({ names: ['a'], nextToken: undefined });
    expect((await list({ statusFilter: 'SUCCEEDED' })).names).toEqual(['a']);
    await expect(list({ nextToken: 'x' })).rejects.toMatchObject({ name: 'InvalidToken' });
    await expect(list({ maxResults: 1001 })).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('the history', () => {
  test('has the events of each state, with their details', async () => {
    let calls = 0;
    cloud.function = () => {
      calls += 1;
      return calls === 1 ? { errorType: 'Busy', errorMessage: 'not now' } : { result: { done: true } };
    };
    const Retry = [{ ErrorEquals: ['Busy'], IntervalSeconds: 5 }];
    const executionArn = await cloud.start(
      await cloud.machine({
        Wait: { Type: 'Wait', Seconds: 1, Next: 'Poll' },
        Poll: { ...invoke, TimeoutSeconds: 60, Retry, Next: 'Choice' },
        Choice: { Type: 'Choice', Choices: [{ Variable: '$.done', BooleanEquals: true, Next: 'Done' }] },
        Done: { Type: 'Succeed' },
      }),
      { a: 1 },
    );
    await cloud.ended(executionArn);
    const events = await cloud.history(executionArn);
    expect(types(events)).toEqual([
      ...['ExecutionStarted', 'WaitStateEntered', 'WaitStateExited'],
      ...['TaskStateEntered', 'TaskScheduled', 'TaskStarted', 'TaskFailed'],
      ...['TaskScheduled', 'TaskStarted', 'TaskSucceeded', 'TaskStateExited'],
      ...['ChoiceStateEntered', 'ChoiceStateExited', 'SucceedStateEntered', 'SucceedStateExited', 'ExecutionSucceeded'],
    ]);
    expect(events[0]).toMatchObject({
      id: 1,
      previousEventId: 0,
      executionStartedEventDetails: { input: '{"a":1}', roleArn },
    });
    const invocation = { resourceType: 'lambda', resource: 'invoke' };
    expect(events[4]!.taskScheduledEventDetails).toEqual({
      ...invocation,
      region,
      parameters: JSON.stringify({ FunctionName: functionArn, Payload: { a: 1 } }),
      timeoutInSeconds: 60,
    });
    const cause = '{"errorType":"Busy","errorMessage":"not now"}';
    expect(events[6]!.taskFailedEventDetails).toEqual({ ...invocation, error: 'Busy', cause });
    expect(JSON.parse(events[9]!.taskSucceededEventDetails!.output!)).toMatchObject({
      ExecutedVersion: '$LATEST',
      Payload: { done: true },
      SdkHttpMetadata: { HttpStatusCode: 200 },
      SdkResponseMetadata: { RequestId: expect.any(String) },
      StatusCode: 200,
    });
    expect(events[10]!.stateExitedEventDetails).toEqual({ name: 'Poll', output: '{"done":true}' });
    expect(events[7]!.timestamp!.getTime() - events[6]!.timestamp!.getTime()).toBe(5000);
  });

  test("is read page by page, in reverse, and without the execution's data", async () => {
    const executionArn = await cloud.start(await cloud.machine({ Done: { Type: 'Succeed' } }), { secret: 1 });
    await cloud.ended(executionArn);
    const first = await cloud.call('GetExecutionHistory', { executionArn, reverseOrder: true, maxResults: 3 });
    expect(first.events!.map(({ id }) => id)).toEqual([4, 3, 2]);
    const { nextToken } = first;
    const second = await cloud.call('GetExecutionHistory', { executionArn, reverseOrder: true, nextToken });
    expect(types(second.events!)).toEqual(['ExecutionStarted']);
    const bare = await cloud.call('GetExecutionHistory', { executionArn, includeExecutionData: false });
    expect(bare.events![1]).toMatchObject({ stateEnteredEventDetails: { name: 'Done' } });
    expect(JSON.stringify(bare.events)).not.toContain('secret');
    const described = await cloud.call('DescribeExecution', { executionArn, includedData: 'METADATA_ONLY' });
    expect(JSON.stringify(described)).not.toContain('secret');
    await expect(cloud.call('GetExecutionHistory', { executionArn: `${executionArn}x` })).rejects.toMatchObject({
      name: 'ExecutionDoesNotExist',
    });
    await expect(cloud.call('GetExecutionHistory', { executionArn: 'x' })).rejects.toMatchObject({
      name: 'InvalidArn',
    });
  });
});

test("an SDK's client starts an execution and follows it", async () => {
  const { requestHandler } = reach(cloud.cloud);
  const credentials = { accessKeyId: account, secretAccessKey: 's' };
  const client = new SFN.SFNClient({
    endpoint: 'http://127.0.0.1',
    region,
    credentials,
    maxAttempts: 1,
    requestHandler,
  });
  try {
    const definition = JSON.stringify({ StartAt: 'Poll', States: { Poll: { ...invoke, End: true } } });
    const { stateMachineArn } = await client.send(
      new SFN.CreateStateMachineCommand({ name: 'm', definition, roleArn }),
    );
    const { executionArn } = await client.send(new SFN.StartExecutionCommand({ stateMachineArn, input: '{"a":1}' }));
    await cloud.settle();
    expect(await client.send(new SFN.DescribeExecutionCommand({ executionArn }))).toMatchObject({
      status: 'SUCCEEDED',
      output: '{"a":1}',
      startDate: new Date('2026-11-21T06:24:00Z'),
    });
    const history = client.send(new SFN.GetExecutionHistoryCommand({ executionArn: `${executionArn}x` }));
    await expect(history).rejects.toBeInstanceOf(SFN.ExecutionDoesNotExist);
  } finally {
    client.destroy();
  }
});
