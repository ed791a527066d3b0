import { jest } from '@jest/globals';
import { type EventBridgeEvent, type Handler, type Polled, respond, serve } from '@studio-resources/core';
import { captured, type Lines } from '../console.ts';
import { event, lambda } from '../event.ts';
import { type Thing, thing } from '../thing.ts';
import { waiterMock } from '../waiting/waiter-mock.ts';

const { inputs } = waiterMock();
let lines: Lines;

beforeEach(() => {
  lines = captured();
});
afterEach(() => jest.restoreAllMocks());

const wanted = (detail: object = { name: 'one' }, id = 'event-1') => ({
  version: '0',
  id,
  source: 'aws.things',
  'detail-type': 'A thing is wanted',
  detail,
});

/** A thing that events ask for too; it is ready at once unless told otherwise. */
function reacting(own: Parameters<typeof thing>[0] = {}): Thing & { handler: Handler } {
  const onEvent = ({ detailType, detail }: EventBridgeEvent) =>
    detailType === 'A thing is wanted' ? { Name: detail.name, Size: '1' } : undefined;
  const one = thing({ ...own, onEvent });
  return { ...one, handler: serve(one.resource) };
}

/** One whose creation takes longer than an invocation is worth. */
function slow() {
  const one = reacting({
    pace: { create: { expectedSeconds: 300, pollIntervalSeconds: 5, inlineSeconds: 0 } },
    create: async ({ Name }) => {
      one.things.set(`thing-${Name}`, 'Pending');
      return `thing-${Name}`;
    },
  });
  return one;
}

const handedOff = () => inputs()[0]!.input;

test('an event is handled like a Create, and the log has the outcome', async () => {
  const { handler, things } = reacting();
  expect(await handler(wanted(), lambda())).toEqual({ done: true });
  expect([...things.keys()]).toEqual(['thing-one']);
  expect(lines.json()).toContainEqual(
    expect.objectContaining({
      message: 'Handled the event',
      requestId: 'event-1',
      outcome: expect.objectContaining({ Status: 'SUCCESS', PhysicalResourceId: 'thing-one' }),
    }),
  );
});

test('an event without properties, or for a resource without onEvent, is ignored', async () => {
  const { handler, things } = reacting();
  expect(await handler({ ...wanted(), 'detail-type': 'Something else' }, lambda())).toEqual({ done: true });
  expect(await serve(thing().resource)(wanted(), lambda())).toEqual({ done: true });
  expect(things.size).toBe(0);
});

test('an event with invalid properties creates nothing, and the log says why', async () => {
  const { handler, things } = reacting();
  expect(await handler(wanted({}), lambda())).toEqual({ done: true });
  expect(things.size).toBe(0);
  expect(lines.json()).toContainEqual(
    expect.objectContaining({
      level: 'ERROR',
      message: 'Handling the event failed',
      outcome: expect.objectContaining({ Reason: expect.stringContaining('Name: required, but missing') }),
    }),
  );
});

test('a long event is handed off to the waiter and polled until it is done', async () => {
  const { handler, things } = slow();
  expect(await handler(wanted(), lambda())).toEqual({ done: true });
  const { waiter } = handedOff();
  const polled = (await handler({ waiter }, lambda())) as Extract<Polled, { done: false }>;
  expect(polled).toMatchObject({ done: false, waitSeconds: expect.any(Number) });
  things.set('thing-one', 'InService');
  expect(await handler({ waiter: polled.waiter }, lambda())).toEqual({ done: true });
  expect(lines.text()).toContain('Handled the event');
});

test('when a function ends before an event is done, there is no response URL, and the log says so', async () => {
  const { handler } = slow();
  await handler(wanted(), lambda());
  const error = { Error: 'Sandbox.Timedout', Cause: '{}' };
  await respond({ ...handedOff(), error }, lambda());
  expect(lines.text()).toContain('A function ended before it was done with an event');
  await respond({ requestPayload: wanted(), requestContext: {} }, lambda());
  expect(lines.text()).toContain('The event names no request to respond to');
});

test('no request of another source can go without a response', async () => {
  const { handler, things } = reacting();
  const StackId = 'arn:aws:lambda:eu-west-1:111122223333:function:Thing';
  await expect(handler(event({ StackId }), lambda())).rejects.toThrow('its StackId is not the ARN of a stack');
  await expect(handler({ ...wanted(), id: '' }, lambda())).rejects.toThrow('it has no id');
  expect(things.size).toBe(0);
});
