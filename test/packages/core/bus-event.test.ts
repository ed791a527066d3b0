import { jest } from '@jest/globals';
import { type OnEvent, serve } from '@studio-resources/core';
import { withoutPauses } from '../../handlers/mock-world.ts';
import { captured } from './console.ts';
import { lambda } from './event.ts';
import { type ThingProps, type ThingState, thing } from './thing.ts';

const event = { id: 'e1', source: 'aws.sagemaker', 'detail-type': 'Something', detail: { name: 'ada' } };

beforeEach(() => {
  captured();
  withoutPauses();
});
afterEach(() => {
  jest.restoreAllMocks();
});

function send(payload: unknown, onEvent?: OnEvent): Promise<unknown> {
  return serve<ThingProps, ThingState>(thing().resource, { onEvent })(payload, lambda());
}

test('an event is dealt with step by step, until it is done', async () => {
  const statuses = [{ pending: 'a profile' }, 'pending', 'ready'] as const;
  let step = 0;
  const seen: unknown[] = [];
  const done = await send(event, async (one) => {
    seen.push(one);
    return statuses[step++]!;
  });
  expect(done).toEqual({ done: true });
  expect(seen).toHaveLength(3);
  expect(seen[0]).toEqual({ id: 'e1', source: 'aws.sagemaker', detailType: 'Something', detail: { name: 'ada' } });
});

test('a fault of a service is waited out, and anything else ends it with an error', async () => {
  const throttled = Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
  const failures = [throttled, new Error('no such thing')];
  await expect(send(event, () => Promise.reject(failures.shift()))).rejects.toThrow('no such thing');
  expect(failures).toEqual([]);
  await expect(send(event, async () => ({ failed: 'it is Failed' }))).rejects.toThrow('it is Failed');
});

test('an event that is not done in time ends with what was awaited', async () => {
  jest.restoreAllMocks();
  captured();
  const handler = serve<ThingProps, ThingState>(thing().resource, { onEvent: async () => ({ pending: 'a profile' }) });
  await expect(handler(event, lambda(20))).rejects.toThrow('time has run out; still awaited: a profile');
});

test.each<[string, unknown]>([
  ['a request of CloudFormation', { ...event, ResponseURL: 'https://example.com' }],
  ['what the waiter sends', { ...event, waiter: {} }],
  ['an event without a detail', { ...event, detail: null }],
  ['an event without a type', { ...event, 'detail-type': undefined }],
  ['text', 'hello'],
])('%s is not taken for an event', async (_, payload) => {
  const onEvent = jest.fn<OnEvent>(async () => 'ready');
  await expect(send(payload, onEvent)).rejects.toThrow('Reading');
  expect(onEvent).not.toHaveBeenCalled();
});

test('a resource that takes no events refuses them', async () => {
  await expect(send(event)).rejects.toThrow('Reading the event');
});
