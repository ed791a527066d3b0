import { Store } from '../../../../packages/local/src/store.ts';
import { closed, invocation, SfnCloud } from '../sfn-cloud.ts';

const invoke = { ...invocation, OutputPath: '$.Payload' };

let cloud: SfnCloud;

beforeEach(async () => {
  cloud = new SfnCloud();
  await cloud.role();
});

afterEach(() => {
  cloud.cloud.close();
});

describe('an execution', () => {
  test('polls a function until it is done, with the requested wait', async () => {
    let looks = 0;
    cloud.function = () => {
      looks += 1;
      return { result: looks < 3 ? { done: false, waitSeconds: 600 } : { done: true } };
    };
    const States = {
      Wait: { Type: 'Wait', SecondsPath: '$.waitSeconds', Next: 'Poll' },
      Poll: { ...invoke, Next: 'Choice' },
      Choice: { Type: 'Choice', Choices: [{ Variable: '$.done', BooleanEquals: true, Next: 'Done' }], Default: 'Wait' },
      Done: { Type: 'Succeed' },
    };
    const ended = await cloud.run(States, { waitSeconds: 60 });
    expect(ended).toEqual({ status: 'SUCCEEDED', output: { done: true }, took: 1260 });
    const again = { done: false, waitSeconds: 600 };
    expect(cloud.events).toEqual([{ waitSeconds: 60 }, again, again]);
  });

  test('runs every kind of state that takes no time', async () => {
    const States = {
      Pass: { Type: 'Pass', Result: { n: 1 }, ResultPath: '$.made', Next: 'Template' },
      Template: {
        Type: 'Pass',
        Parameters: {
          'whole.$': '$',
          'name.$': '$$.Execution.Name',
          'given.$': '$$.Execution.Input.a',
          'started.$': '$$.Execution.StartTime',
          'text.$': "States.Format('{} in {}', $$.State.Name, $$.StateMachine.Name)",
          'list.$': 'States.Array($.a, $.made.n)',
        },
        Next: 'Same',
      },
      // Its own successor, once.
      Same: {
        Type: 'Choice',
        Choices: [{ Variable: '$.whole.a', NumericEquals: 7, Next: 'End' }],
        Default: 'Same',
      },
      End: { Type: 'Pass', End: true },
    };
    const executionArn = await cloud.start(await cloud.machine(States), { a: 7 }, 'one');
    expect((await cloud.ended(executionArn)).output).toEqual({
      whole: { a: 7, made: { n: 1 } },
      name: 'one',
      given: 7,
      started: '2026-11-21T06:24:00.000Z',
      text: 'Template in m',
      list: [7, 1],
    });
  });

  test('waits for seconds, for a path, for a time and for one that is over', async () => {
    const States = {
      A: { Type: 'Wait', Seconds: 10, Next: 'B' },
      B: { Type: 'Wait', SecondsPath: '$.seconds', Next: 'C' },
      C: { Type: 'Wait', Timestamp: '2026-11-21T06:25:00Z', Next: 'D' },
      D: { Type: 'Wait', TimestampPath: '$.time', Next: 'E' },
      E: { Type: 'Wait', Timestamp: '2026-11-21T06:24:00Z', End: true },
    };
    const input = { seconds: 5, time: '2026-11-21T06:26:00Z' };
    expect(await cloud.run(States, input)).toMatchObject({ status: 'SUCCEEDED', output: input, took: 120 });
  });

  test.each([
    [{ SecondsPath: '$.a' }, 'does not reference an integer from 0 to 99999999: $.a == "x"'],
    [{ TimestampPath: '$.a' }, 'does not reference a timestamp: $.a == "x"'],
    [{ SecondsPath: '$.none' }, "Path expression '$.none' does not point to a value"],
  ])('fails if a wait is invalid: %j', async (how, cause) => {
    const ended = await cloud.run({ Wait: { Type: 'Wait', ...how, End: true } }, { a: 'x' });
    expect(ended).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    expect(ended.cause).toContain("An error occurred while executing the state 'Wait' (entered at the event id #2).");
    expect(ended.cause).toContain(cause);
  });

  test.each([
    [{ Error: 'Mine', Cause: 'because' }, 'Mine', 'because'],
    [{ ErrorPath: '$.e', CausePath: '$.c' }, 'Theirs', 'so'],
    [{}, undefined, undefined],
  ])('fails with the error and cause of a Fail state: %j', async (says, error, cause) => {
    const ended = await cloud.run({ Fail: { Type: 'Fail', ...says } }, { e: 'Theirs', c: 'so' });
    expect(ended).toMatchObject({ status: 'FAILED', error, cause });
  });

  test('fails if no choice matches', async () => {
    const Choices = [{ Variable: '$.a', BooleanEquals: true, Next: 'End' }];
    const ended = await cloud.run({ C: { Type: 'Choice', Choices }, End: { Type: 'Succeed' } }, { a: false });
    expect(ended).toMatchObject({ status: 'FAILED', error: 'States.NoChoiceMatched' });
  });

  test('ends at the timeout of its state machine', async () => {
    const States = { Wait: { Type: 'Wait', Seconds: 100, End: true } };
    expect(await cloud.run(States, {}, { TimeoutSeconds: 30 })).toMatchObject({ status: 'TIMED_OUT', took: 30 });
  });

  test('ends at the limit of events', async () => {
    const executionArn = await cloud.start(
      await cloud.machine({
        A: { Type: 'Pass', Next: 'B' },
        B: { Type: 'Choice', Choices: [{ Variable: '$.a', IsPresent: true, Next: 'C' }], Default: 'A' },
        C: { Type: 'Succeed' },
      }),
    );
    const ended = await cloud.ended(executionArn);
    expect(ended).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    expect(ended.cause).toContain('maximum number of history events (25000)');
  });

  test('is stopped, and a later result of its function is ignored', async () => {
    let answer = (_: { result: unknown }) => {};
    cloud.function = () => new Promise((resolve) => (answer = resolve));
    const executionArn = await cloud.start(await cloud.machine({ Poll: { ...invoke, End: true } }));
    await cloud.settle();
    await cloud.call('StopExecution', { executionArn, error: 'E', cause: 'C' });
    answer({ result: 1 });
    await cloud.settle();
    expect(await cloud.ended(executionArn)).toMatchObject({ status: 'ABORTED', error: 'E', cause: 'C' });
    const events = await cloud.history(executionArn);
    expect(events.at(-1)).toMatchObject({ type: 'ExecutionAborted', executionAbortedEventDetails: { error: 'E' } });
    expect((await cloud.call('StopExecution', { executionArn })).stopDate).toEqual(events.at(-1)!.timestamp);
  });

  test('keeps the definition with which it was started', async () => {
    const stateMachineArn = await cloud.machine({
      W: { Type: 'Wait', Seconds: 10, Next: 'E' },
      E: { Type: 'Succeed' },
    });
    const executionArn = await cloud.start(stateMachineArn, { a: 1 });
    const definition = JSON.stringify({ StartAt: 'F', States: { F: { Type: 'Fail' } } });
    await cloud.call('UpdateStateMachine', { stateMachineArn, definition });
    expect(await cloud.ended(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: { a: 1 } });
    const described = await cloud.call('DescribeStateMachineForExecution', { executionArn });
    expect(described.definition).toContain('Seconds');
  });
});

describe('an execution that is restored', () => {
  const States = { Wait: { Type: 'Wait', Seconds: 300, Next: 'Poll' }, Poll: { ...invoke, End: true } };

  /** The same cloud after a restart, at the time at which the state was kept. */
  const restarted = async () => {
    const store = new Store();
    const passed = store.load(cloud.cloud.store.save(cloud.clock.now())) - new SfnCloud().clock.now();
    cloud.cloud.close();
    const { function: answer } = cloud;
    const clock = cloud.clock;
    cloud = new SfnCloud(store);
    await cloud.clock.pass(passed);
    expect(cloud.clock.now()).toBe(clock.now());
    cloud.function = answer;
  };

  test('continues its wait', async () => {
    const executionArn = await cloud.start(await cloud.machine(States), { a: 1 });
    await cloud.clock.pass(100_000);
    await restarted();
    expect(await cloud.ended(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: { a: 1 }, took: 300 });
  });

  test('invokes a function with an unknown outcome again', async () => {
    let calls = 0;
    cloud.function = () => {
      calls += 1;
      return calls === 1 ? closed : { result: 'done' };
    };
    const executionArn = await cloud.start(await cloud.machine(States), { a: 1 });
    await cloud.clock.pass(300_000);
    await cloud.settle();
    expect(calls).toBe(1);
    await restarted();
    expect(await cloud.ended(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: 'done', took: 360 });
    expect(cloud.events).toEqual([{ a: 1 }]);
  });

  test('does not invoke a function again that still runs', async () => {
    let answer = (_: { result: unknown }) => {};
    cloud.function = () => new Promise((resolve) => (answer = resolve));
    const executionArn = await cloud.start(await cloud.machine({ Poll: { ...invoke, End: true } }));
    await cloud.clock.pass(600_000);
    answer({ result: 'late' });
    expect(await cloud.ended(executionArn)).toMatchObject({ output: 'late', took: 600 });
    expect(cloud.events).toHaveLength(1);
  });
});
