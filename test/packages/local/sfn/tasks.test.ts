import { AwsError } from '../../../../packages/local/src/errors.ts';
import { accountPrincipal } from '../../../../packages/local/src/principal.ts';
import { iam } from '../../../../packages/local/src/services/iam/index.ts';
import { trusting } from '../authorised-cloud.ts';
import { type Answer, account, functionArn, invocation, region, SfnCloud } from '../sfn-cloud.ts';

const invoke = { ...invocation, End: true };

let cloud: SfnCloud;

beforeEach(() => {
  cloud = new SfnCloud();
});

afterEach(() => {
  cloud.cloud.close();
});

/** Answers with each of these in turn, then with the last again. */
function answering(...answers: Answer[]): number[] {
  const times: number[] = [];
  cloud.function = () => {
    times.push((cloud.clock.now() - Date.parse('2026-11-21T06:24:00Z')) / 1000);
    return answers[Math.min(times.length, answers.length) - 1]!;
  };
  return times;
}

const busy = { errorType: 'Busy', errorMessage: 'not now' };

describe('a task', () => {
  beforeEach(() => cloud.role());

  test('passes its parameters to a function, and the result through its selector and its paths', async () => {
    cloud.function = () => ({ result: { n: 3, more: true } });
    const task = {
      ...invoke,
      InputPath: '$.in',
      Parameters: { FunctionName: functionArn, Payload: { 'x.$': '$.x', fixed: [1, { 'y.$': '$.x' }] } },
      ResultSelector: { 'n.$': '$.Payload.n' },
      ResultPath: '$.out',
    };
    const { output } = await cloud.run({ Task: task }, { in: { x: 1 }, kept: true });
    expect(cloud.events).toEqual([{ x: 1, fixed: [1, { y: 1 }] }]);
    expect(output).toEqual({ in: { x: 1 }, kept: true, out: { n: 3 } });
  });

  test('may have the function as its resource, which then gets the input', async () => {
    const States = { Task: { Type: 'Task', Resource: functionArn, End: true } };
    const executionArn = await cloud.start(await cloud.machine(States), { x: 1 });
    expect(await cloud.ended(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: { x: 1 } });
    const events = await cloud.history(executionArn);
    expect(events.slice(2, 5)).toMatchObject([
      { type: 'LambdaFunctionScheduled', lambdaFunctionScheduledEventDetails: { resource: functionArn } },
      { type: 'LambdaFunctionStarted' },
      { type: 'LambdaFunctionSucceeded', lambdaFunctionSucceededEventDetails: { output: '{"x":1}' } },
    ]);
    answering(busy);
    const failed = await cloud.start(await cloud.machine(States, {}, 'n'));
    await cloud.ended(failed);
    expect((await cloud.history(failed)).at(-2)).toMatchObject({ type: 'LambdaFunctionFailed' });
  });

  test("fails with the function's error", async () => {
    answering(busy);
    const ended = await cloud.run({ Task: invoke });
    expect(ended).toMatchObject({ status: 'FAILED', error: 'Busy', cause: JSON.stringify(busy) });
  });

  test('fails with Lambda.Unknown if a function ends without a response', async () => {
    answering({ errorMessage: 'RequestId: 1 Error: Runtime exited with error: signal: killed' });
    expect(await cloud.run({ Task: invoke })).toMatchObject({ status: 'FAILED', error: 'Lambda.Unknown' });
  });

  test.each([
    [new AwsError('TooManyRequestsException', 'Rate Exceeded.'), 'Lambda.TooManyRequestsException', 429],
    [new AwsError('ServiceException', 'broken'), 'Lambda.ServiceException', 500],
    [new AwsError('ResourceNotFoundException', 'Function not found'), 'Lambda.ResourceNotFoundException', 404],
    [new AwsError('Odd', 'odd', { status: 503 }), 'Lambda.AWSLambdaException', 503],
  ])("gives errors of Lambda's API the names of Step Functions: %s", async (thrown, error, status) => {
    answering(thrown);
    const ended = await cloud.run({ Task: invoke });
    expect(ended).toMatchObject({ status: 'FAILED', error });
    expect(ended.cause).toContain(
      `${thrown.message} (Service: AWSLambda; Status Code: ${status}; Error Code: ${thrown.name}`,
    );
  });

  test('is retried with growing delays, up to MaxAttempts', async () => {
    const times = answering(busy);
    const Retry = [
      { ErrorEquals: ['Other'], MaxAttempts: 9 },
      { ErrorEquals: ['Busy'], IntervalSeconds: 10, BackoffRate: 3, MaxDelaySeconds: 60, MaxAttempts: 4 },
    ];
    const ended = await cloud.run({ Task: { ...invoke, Retry } });
    expect(times).toEqual([0, 10, 40, 100, 160]);
    expect(ended).toMatchObject({ status: 'FAILED', error: 'Busy' });
  });

  test('waits for a random part of the interval if the retrier has full jitter', async () => {
    const times = answering(busy, { result: 1 });
    const Retry = [{ ErrorEquals: ['States.TaskFailed'], IntervalSeconds: 100, JitterStrategy: 'FULL' }];
    expect(await cloud.run({ Task: { ...invoke, Retry } })).toMatchObject({ status: 'SUCCEEDED' });
    expect(times[1]).toBeGreaterThan(0);
    expect(times[1]).toBeLessThanOrEqual(100);
  });

  test('counts the attempts of each visit anew', async () => {
    const times = answering(busy, { result: { again: true } }, busy, { result: { again: false } });
    const ended = await cloud.run({
      Task: {
        ...invoke,
        End: undefined,
        OutputPath: '$.Payload',
        Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 1 }],
        Next: 'Choice',
      },
      Choice: { Type: 'Choice', Choices: [{ Variable: '$.again', BooleanEquals: true, Next: 'Task' }], Default: 'End' },
      End: { Type: 'Succeed' },
    });
    expect(ended).toMatchObject({ status: 'SUCCEEDED' });
    expect(times).toEqual([0, 1, 1, 2]);
  });

  test('is caught after its last retry, with its input unchanged', async () => {
    answering(busy, busy, { result: 'answered' });
    const ended = await cloud.run(
      {
        Task: {
          ...invoke,
          Retry: [{ ErrorEquals: ['Busy'], MaxAttempts: 1 }],
          Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Respond' }],
        },
        Respond: { ...invoke, OutputPath: '$.Payload' },
      },
      { request: 1 },
    );
    expect(ended).toMatchObject({ status: 'SUCCEEDED', output: 'answered' });
    expect(cloud.events.at(-1)).toEqual({ request: 1, error: { Error: 'Busy', Cause: JSON.stringify(busy) } });
  });

  test('is not caught if its own parameters do not match its input', async () => {
    const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }];
    const Parameters = { FunctionName: functionArn, 'Payload.$': '$.none' };
    const States = { Task: { ...invoke, Parameters, Catch }, Caught: { Type: 'Succeed' } };
    expect(await cloud.run(States)).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    expect(cloud.events).toEqual([]);
  });

  test('is retried after its timeout', async () => {
    const times: number[] = [];
    let answer = (_: Answer) => {};
    cloud.function = () => {
      times.push(cloud.clock.now());
      return times.length === 1 ? new Promise((resolve) => (answer = resolve)) : { result: 'second' };
    };
    const Retry = [{ ErrorEquals: ['States.Timeout'], IntervalSeconds: 1 }];
    const States = { Task: { ...invoke, TimeoutSecondsPath: '$.most', Retry, OutputPath: '$.Payload' } };
    const executionArn = await cloud.start(await cloud.machine(States), { most: 90 });
    await cloud.clock.pass(91_000);
    answer({ result: 'first' });
    expect(await cloud.ended(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: 'second', took: 91 });
    expect((await cloud.history(executionArn)).map(({ type }) => type)).toContain('TaskTimedOut');
  });

  test('fails when its time limit is not one', async () => {
    const States = { Task: { ...invoke, TimeoutSecondsPath: '$.most' } };
    const ended = await cloud.run(States, { most: 'long' });
    expect(ended).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    expect(ended.cause).toContain('$.most == "long"');
  });

  test('fails if its result is larger than an execution can pass on', async () => {
    answering({ result: 'x'.repeat(262_144) });
    const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }];
    const States = { Task: { ...invoke, Catch }, Caught: { Type: 'Succeed' } };
    expect(await cloud.run(States)).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
  });
});

describe('the role of a state machine', () => {
  test('needs the permission to invoke the function', async () => {
    await cloud.role(['logs:PutLogEvents']);
    const ended = await cloud.run({ Task: invoke });
    expect(ended).toMatchObject({ status: 'FAILED', error: 'Lambda.AWSLambdaException' });
    expect(ended.cause).toMatch(
      /assumed-role\/machine\/.* is not authorized to perform: lambda:InvokeFunction on resource: .*function:f/,
    );
    expect(ended.cause).toContain('Status Code: 403; Error Code: AccessDeniedException');
  });

  test('must still trust Step Functions', async () => {
    await cloud.role();
    const stateMachineArn = await cloud.machine({ Task: invoke });
    const as = { principal: accountPrincipal(account), region };
    const PolicyDocument = trusting({ Service: 'lambda.amazonaws.com' });
    await cloud.cloud.invoke(iam, 'UpdateAssumeRolePolicy', { RoleName: 'machine', PolicyDocument }, as);
    const ended = await cloud.ended(await cloud.start(stateMachineArn));
    expect(ended).toMatchObject({ status: 'FAILED', error: 'States.Permissions' });
    expect(ended.cause).toContain('states.amazonaws.com is not authorized');
  });
});
