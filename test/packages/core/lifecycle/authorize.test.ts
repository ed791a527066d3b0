import { serve } from '@studio-resources/core';
import { captured } from '../console.ts';
import { lambda } from '../event.ts';
import { thing } from '../thing.ts';
import { grow, type Own, rename, thingRequests } from './thing-requests.ts';

const { create, update, remove } = thingRequests();

const closed: Own = { authorize: async ({ Name }) => `${Name} is closed; open it` };

test('a Create that must not is refused before every other function', async () => {
  const [answer, calls] = await create(closed);
  expect(answer).toMatchObject({ Status: 'FAILED', Reason: 'Creating MyThing: one is closed; open it' });
  expect(answer.PhysicalResourceId).toBe('studio-resources:create-failed:request-1');
  expect(calls).toEqual([]);
});

test('the Delete of a refused Create is not even asked', async () => {
  const asked: Own = { authorize: () => Promise.reject(new Error('asked')) };
  const [answer, calls] = await remove(asked, { PhysicalResourceId: 'studio-resources:create-failed:request-1' });
  expect(answer.Status).toBe('SUCCESS');
  expect(calls).toEqual([]);
});

test.each([
  ['in place', grow, 'one'],
  ['that replaces', rename, 'two'],
])('an Update %s is asked for its new properties, and refused with the id that there is', async (_, change, name) => {
  const [answer, calls] = await update(change, closed);
  expect(answer).toMatchObject({
    Status: 'FAILED',
    PhysicalResourceId: 'thing-one',
    Reason: `Updating MyThing: ${name} is closed; open it`,
  });
  expect(calls).toEqual([]);
});

test('a Delete that must not deletes nothing, and succeeds', async () => {
  const [answer, calls] = await remove(closed);
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'thing-one' });
  expect(calls).toEqual([]);
});

test.each([
  ['Create', (asking: Own) => create(asking), undefined],
  ['Update', (asking: Own) => update(grow, asking), 'thing-one'],
  ['Delete', (asking: Own) => remove(asking), 'thing-one'],
] as const)('a %s is asked with its physical id, where it has one', async (type, send, id) => {
  const seen: unknown[] = [];
  await send({
    async authorize(_, { requestType }, given) {
      seen.push([requestType, given]);
      return undefined;
    },
  });
  expect(seen).toEqual([[type, id]]);
});

test('a request is asked once, however often it is polled, and again where asking was throttled', async () => {
  let asked = 0;
  let reads = 0;
  const slow: Own = {
    async authorize() {
      asked += 1;
      if (asked === 1) throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
      return undefined;
    },
    async read(id) {
      reads += 1;
      return { id, status: reads < 4 ? 'Creating' : 'InService' };
    },
  };
  const [answer] = await create(slow);
  expect({ status: answer.Status, asked, reads }).toEqual({ status: 'SUCCESS', asked: 2, reads: 4 });
});

test('an error while it is asked fails the request, of which nothing was created', async () => {
  const failing: Own = {
    async authorize() {
      throw new Error('no right to ask');
    },
  };
  const [answer, calls] = await create(failing);
  expect(answer).toMatchObject({ Status: 'FAILED', Reason: 'no right to ask' });
  expect(answer.PhysicalResourceId).toMatch(/^studio-resources:create-failed:/);
  expect(calls).toEqual([]);
});

test('an event that must not is ignored, and told of in the log', async () => {
  const lines = captured();
  const { resource, calls } = thing({ ...closed, onEvent: () => ({ Name: 'one' }) });
  const wanted = { version: '0', id: 'event-1', source: 'aws.things', 'detail-type': 'A thing is wanted', detail: {} };
  expect(await serve(resource)(wanted, lambda())).toEqual({ done: true });
  expect(calls).toEqual([]);
  expect(lines.json()).toContainEqual(
    expect.objectContaining({ level: 'INFO', message: 'The event is ignored', refusal: 'one is closed; open it' }),
  );
});
