import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { serve } from '@studio-resources/core';
import { bucketAndLog } from '../bucket-and-log.ts';
import { event, lambda } from '../event.ts';
import { slowThing } from './slow-thing.ts';
import { waiterArn, waiterMock } from './waiter-mock.ts';

const { bucket, lines } = bucketAndLog();
const { sfn, inputs, secret } = waiterMock();

const create = (fields = {}) => event({ ResponseURL: bucket.url, ...fields });

test('a long request is handed off to the waiter, with all that a poll needs', async () => {
  const { handler } = slowThing();
  expect(await handler(create(), lambda())).toEqual({ done: true });
  expect(bucket.puts).toHaveLength(0);
  expect(inputs()).toEqual([
    {
      stateMachineArn: waiterArn,
      name: expect.stringMatching(/^[0-9a-f]{64}$/),
      input: {
        function: 'arn:aws:lambda:eu-west-1:111122223333:function:Thing',
        waitSeconds: 1,
        waiter: {
          event: expect.objectContaining({ RequestType: 'Create', RequestId: 'request-1' }),
          sealed: expect.any(String),
          function: 'arn:aws:lambda:eu-west-1:111122223333:function:Thing',
          key: secret.key.id,
          state: expect.objectContaining({
            version: 2,
            phase: expect.objectContaining({ name: 'creating', id: 'thing-one' }),
            waitingFor: 'Pending',
          }),
        },
      },
    },
  ]);
  expect(lines.json()).toContainEqual(expect.objectContaining({ message: 'Handed off to the waiter' }));
});

test('a resource that is ready within inlineSeconds needs no waiter', async () => {
  const statuses = ['Pending', 'InService'];
  const { handler } = slowThing({
    pace: { create: { expectedSeconds: 0, pollIntervalSeconds: 0, inlineSeconds: 5 } },
    read: async (id) => ({ id, status: statuses.shift() ?? 'InService' }),
  });
  await handler(create(), lambda());
  expect(bucket.answer().Status).toBe('SUCCESS');
  expect(inputs()).toEqual([]);
});

test('a second delivery has the same execution name, and starts no second execution', async () => {
  const { handler, resource, calls } = slowThing();
  await handler(create(), lambda());
  sfn.on(StartExecutionCommand).rejects(Object.assign(new Error('taken'), { name: 'ExecutionAlreadyExists' }));
  expect(await serve(resource, { checksStack: false })(create(), lambda())).toEqual({ done: true });
  expect(new Set(inputs().map(({ name }) => name)).size).toBe(1);
  expect(calls.filter((call) => call === 'create')).toHaveLength(1);
  expect(bucket.puts).toHaveLength(0);
});

test('a request id that CloudFormation uses again has another execution name, as its response URL is another', async () => {
  const { handler } = slowThing({ delete: async () => undefined });
  await handler(create(), lambda());
  await handler(create({ ResponseURL: `${bucket.url}2` }), lambda());
  await handler(create({ RequestType: 'Delete', PhysicalResourceId: 'thing-one' }), lambda());
  expect(new Set(inputs().map(({ name }) => name)).size).toBe(3);
});

test.each([
  ['may not be started', Object.assign(new Error('no'), { name: 'AccessDeniedException' })],
  ['does not exist', Object.assign(new Error('gone'), { name: 'StateMachineDoesNotExist' })],
])('without a waiter that %s, the function polls itself as long as Lambda’s time allows', async (_, error) => {
  sfn.on(StartExecutionCommand).rejects(error);
  const statuses = ['Pending', 'Pending', 'InService'];
  const { handler } = slowThing({
    pace: { create: { expectedSeconds: 0, pollIntervalSeconds: 0.001, inlineSeconds: 0 } },
    read: async (id) => ({ id, status: statuses.shift() ?? 'InService' }),
  });
  expect(await handler(create(), lambda())).toEqual({ done: true });
  expect(bucket.answer().Status).toBe('SUCCESS');
  expect(inputs()).toHaveLength(1);
  expect(lines.json()).toContainEqual(
    expect.objectContaining({ level: 'WARN', message: expect.stringMatching(/^Starting the waiter failed/) }),
  );
});

test('a request that is too large for the waiter is polled within the invocation', async () => {
  const statuses = ['Pending', 'InService'];
  const { handler } = slowThing({
    pace: { create: { expectedSeconds: 0, pollIntervalSeconds: 0.001, inlineSeconds: 0 } },
    read: async (id) => ({ id, status: statuses.shift() ?? 'InService' }),
  });
  await handler(create({ Padding: 'x'.repeat(256 * 1024) }), lambda());
  expect(bucket.answer().Status).toBe('SUCCESS');
  expect(inputs()).toEqual([]);
});

test('without STATE_KEY_ARN, nothing is handed off', async () => {
  delete process.env.STATE_KEY_ARN;
  const { handler } = slowThing({
    pace: { create: { expectedSeconds: 0, pollIntervalSeconds: 0.001, inlineSeconds: 0 } },
    read: undefined,
  });
  await handler(create(), lambda());
  expect(inputs()).toEqual([]);
  expect(bucket.answer().Status).toBe('SUCCESS');
});
