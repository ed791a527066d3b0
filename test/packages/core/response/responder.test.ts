import { respond } from '@studio-resources/core';
import { creating, initialState, type Phase } from '../../../../packages/core/src/lifecycle/phase.ts';
import { packState } from '../../../../packages/core/src/waiting/waiter-state.ts';
import type { Answer } from '../bucket.ts';
import { bucketAndLog } from '../bucket-and-log.ts';
import { event, lambda } from '../event.ts';
import { stateSecret } from '../waiting/state-secret.ts';

const { bucket, lines } = bucketAndLog();
const secret = stateSecret();

interface Ended {
  condition?: string;
  responsePayload?: object;
  fields?: Record<string, unknown>;
}

/** The record of an asynchronous invocation that failed, as Lambda sends it to the destination. */
function record({ condition = 'RetriesExhausted', responsePayload, fields = {} }: Ended = {}) {
  return {
    version: '1.0',
    requestContext: {
      functionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:things:$LATEST',
      condition,
      approximateInvokeCount: 1,
    },
    requestPayload: event({ ResponseURL: bucket.url, ...fields }),
    ...(responsePayload && { responseContext: { statusCode: 200 }, responsePayload }),
  };
}

async function answered(payload: unknown): Promise<Answer> {
  await respond(payload, lambda());
  return bucket.answer();
}

const begin = 'The function things ended without a response: ';

test.each([
  [{ errorMessage: '2026-11-21T10:00:00.000Z 1 Task timed out after 900.00 seconds' }, 'it ran out of time ('],
  [{ errorType: 'Sandbox.Timedout', errorMessage: 'RequestId: 1 Error: Task timed out' }, 'it ran out of time (Sand'],
  [{ errorType: 'Runtime.OutOfMemory', errorMessage: 'RequestId: 1' }, 'it ran out of memory; give the function more'],
  [{ errorType: 'Runtime.ExitError', errorMessage: 'exited with error: signal: killed' }, 'it ran out of memory'],
  [{ errorType: 'Runtime.ExitError', errorMessage: 'exit status 1' }, 'its process ended (Runtime.ExitError: exit'],
  [
    { errorType: 'Runtime.ImportModuleError', errorMessage: "Error: Cannot find module 'x'" },
    'its code cannot be loaded; its zip has to have all that it imports, in a file of the name in Handler; esbuild: bundle',
  ],
  [
    { errorType: 'Error', errorMessage: "Cannot find package 'x' imported from /var/task/index.mjs" },
    'its code cannot be loaded; its zip has to have all that it imports',
  ],
  [
    { errorType: 'Runtime.HandlerNotFound', errorMessage: 'index.handler is undefined or not exported' },
    'its code cannot be loaded; export the handler under the name in Handler (Runtime.HandlerNotFound: index.handler',
  ],
  [
    { errorType: 'Runtime.UserCodeSyntaxError', errorMessage: 'SyntaxError: Cannot use import statement' },
    "its code cannot be loaded; bundle it with esbuild's target: 'node24' and format: 'esm', into a file that ends in .mjs",
  ],
  [
    { errorType: 'ReferenceError', errorMessage: 'module is not defined in ES module scope' },
    "its code cannot be loaded; bundle it with esbuild's format: 'esm' (ReferenceError: module is not",
  ],
  [
    { errorType: 'Error', errorMessage: 'Dynamic require of "node:fs" is not supported' },
    'its code cannot be loaded; give esbuild the banner that defines require',
  ],
  [{ errorType: 'TypeError', errorMessage: 'x is not a function' }, 'TypeError: x is not a function. Its log group'],
  [{}, 'it does not say why. Its log group /aws/lambda/things may say more'],
])('the failure record of %p gets FAILED with an explanation', async (responsePayload, meaning) => {
  const { Status, Reason } = await answered(record({ responsePayload }));
  expect(Status).toBe('FAILED');
  expect(Reason).toContain(`${begin}${meaning}`);
});

test.each([
  ['EventAgeExceeded', 'Lambda had no room to run it for so long that the request is too old'],
  ['ZeroReservedConcurrency', 'its reserved concurrency is zero'],
])('an event that never ran (%s) gets a response too', async (condition, meaning) => {
  expect((await answered(record({ condition }))).Reason).toContain(`${begin}${meaning}`);
});

test.each([
  ['Create', undefined, 'studio-resources:create-unsettled:request-1'],
  ['Update', 'thing-one', 'thing-one'],
  ['Delete', 'thing-one', 'thing-one'],
])('a crashed %s gets an id with which CloudFormation can continue', async (RequestType, PhysicalResourceId, id) => {
  const { PhysicalResourceId: answer } = await answered(record({ fields: { RequestType, PhysicalResourceId } }));
  expect(answer).toBe(id);
});

test('an invalid request keeps its id', async () => {
  expect((await answered(record({ fields: { RequestType: 'Upgrade' } }))).PhysicalResourceId).toBe(
    'studio-resources:create-failed:request-1',
  );
});

describe('a function of the waiter', () => {
  function caught(phase: Phase | undefined, error: object, fields: Record<string, unknown> = {}) {
    const request = event({ ResponseURL: bucket.url, ...fields });
    const requestType = request.RequestType as 'Create';
    const state = initialState({ requestType }, 1);
    const functionArn = 'arn:aws:lambda:eu-west-1:111122223333:function:things';
    const { key } = secret;
    return {
      function: functionArn,
      waiter: packState(request, { ...state, phase: phase ?? state.phase }, { functionArn, key }),
      error,
    };
  }

  test('the response has the real id, and the cause as Lambda reports it', async () => {
    const Cause = JSON.stringify({ errorType: 'Runtime.ExitError', errorMessage: 'signal: killed', trace: [] });
    expect(
      await answered(caught({ ...creating(), id: 'thing-one' }, { Error: 'Runtime.ExitError', Cause })),
    ).toMatchObject({
      Status: 'FAILED',
      PhysicalResourceId: 'thing-one',
      Reason: expect.stringContaining(`${begin}it ran out of memory`),
    });
  });

  test('a replacement that was created has the new id, so that CloudFormation deletes it', async () => {
    const fields = { RequestType: 'Update', PhysicalResourceId: 'thing-one' };
    const answer = await answered(caught({ ...creating(), id: 'thing-two' }, { Error: 'Error' }, fields));
    expect(answer.PhysicalResourceId).toBe('thing-two');
  });

  test.each([
    [{ Error: 'Lambda.TooManyRequestsException', Cause: 'Rate Exceeded' }, 'Lambda had no room to run it'],
    [{ Error: 'Lambda.AWSLambdaException', Cause: 'AccessDeniedException: not authorized' }, 'a permission is missing'],
    [{ Error: 'Lambda.ResourceNotFoundException', Cause: 'Function not found' }, 'it does not exist'],
    [{ Error: 'States.DataLimitExceeded', Cause: '' }, 'States.DataLimitExceeded'],
  ])('%p gets a response with an explanation', async (error, meaning) => {
    expect((await answered(caught(undefined, error))).Reason).toContain(`${begin}${meaning}`);
  });

  test('a state that was not encrypted for this request gets no response', async () => {
    const { waiter, ...others } = caught({ ...creating(), id: 'thing-one' }, { Error: 'Error' });
    await respond({ ...others, waiter: { ...waiter, event: { ...waiter.event, RequestId: 'other' } } }, lambda());
    expect(bucket.puts).toHaveLength(0);
    expect(lines.json()).toContainEqual(
      expect.objectContaining({ message: 'The event names no request to respond to' }),
    );
  });

  test("a state gets no response for another function's error", async () => {
    const { waiter, function: functionArn } = caught({ ...creating(), id: 'thing-one' }, {});
    for (const other of [`${functionArn}2`, undefined, 7]) {
      await respond({ function: other, waiter, error: { Error: 'Lambda.ResourceNotFoundException' } }, lambda());
    }
    expect(bucket.puts).toHaveLength(0);
    expect((await answered({ function: `${functionArn}:1`, waiter, error: {} })).Status).toBe('FAILED');
  });

  test('a state whose key cannot be read now is an error, so that the waiter tries again', async () => {
    const payload = caught({ ...creating(), id: 'thing-one' }, { Error: 'KeyUnavailableError' });
    secret.fail(Object.assign(new Error('no'), { name: 'AccessDeniedException' }));
    await expect(respond(payload, lambda())).rejects.toMatchObject({
      name: 'KeyUnavailableError',
      message: expect.stringContaining(`secretsmanager:GetSecretValue of ${secret.arn}`),
    });
    secret.fail();
    expect((await answered(payload)).PhysicalResourceId).toBe('thing-one');
  });
});

test('an event without a response URL is logged in one line, and not retried', async () => {
  for (const payload of [undefined, {}, { requestPayload: 'x' }, { requestPayload: { ResponseURL: 'https://a.b' } }]) {
    await respond(payload, lambda());
  }
  expect(lines.json()).toHaveLength(4);
  expect(bucket.puts).toHaveLength(0);
});

test('a response host that is not CloudFormation’s gets nothing', async () => {
  await respond(record({ fields: { ResponseURL: 'https://example.com/x' } }), lambda());
  expect(lines.text()).toContain('not one of CloudFormation');
});

test('neither the log nor the response contains the response URL, whatever the crash reports', async () => {
  const { url } = bucket;
  const { Reason } = await answered(record({ responsePayload: { errorType: 'Error', errorMessage: `no ${url}` } }));
  expect(Reason).toContain('no [redacted]');
  expect(lines.text()).not.toContain('5ecre7s1gnature');
});

test('a permanent refusal of a response is logged; a failure that a retry may solve is thrown', async () => {
  await bucket.replace(403);
  await respond(record(), lambda());
  expect(lines.text()).toContain('The response could not be delivered');
  await bucket.replace('hang');
  await expect(respond(record(), lambda(1_000))).rejects.toMatchObject({ name: 'UndeliveredError' });
});
