import { jest } from '@jest/globals';
import { type Resource, serve } from '@studio-resources/core';
import { initialState } from '../../../../packages/core/src/lifecycle/phase.ts';
import {
  secondsLeft,
  sleep,
  timeForWork,
  timeoutResult,
  workTime,
} from '../../../../packages/core/src/waiting/poll.ts';
import type { Answer } from '../bucket.ts';
import { bucketAndLog } from '../bucket-and-log.ts';
import { event, lambda, stackId } from '../event.ts';
import { type ThingProps, type ThingState, thing } from '../thing.ts';

const { bucket } = bucketAndLog();

const request = {
  responseUrl: 'https://example.com',
  expectsResponse: true,
  stackId,
  requestId: 'request-1',
  logicalResourceId: 'MyThing',
  partition: 'aws',
  region: 'eu-west-1',
  account: '111122223333',
  requestType: 'Create',
  resourceType: 'Custom::Thing',
  properties: {},
  oldProperties: {},
  serviceTimeout: 3600,
} as const;

const never = () => new Promise<never>(() => {});

/** Runs a request in an invocation that is nearly out of time. */
async function run(own: Partial<Resource<ThingProps, ThingState>>, fields = {}): Promise<Answer> {
  await serve(thing(own).resource)(event({ ResponseURL: bucket.url, ...fields }), lambda(40));
  return bucket.answer();
}

test('a resource that is not ready in time is responded to before the function is killed, with what the request was waiting for', async () => {
  const answer = await run({ read: async (id) => ({ id, status: 'Updating' }) });
  expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'thing-one' });
  expect(answer.Reason).toMatch(/^Creating thing-one: not done after \d+ s, .*; still waiting for: Updating$/);
});

test('the response names the error that the request was retrying', async () => {
  const answer = await run({
    read: async () => {
      throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
    },
  });
  expect(answer.Reason).toMatch(/still waiting for: ThrottlingException: Rate exceeded$/);
});

test('a create that hangs responds with an id that makes Delete look for what it may have created', async () => {
  const answer = await run({ create: never });
  expect(answer.PhysicalResourceId).toBe('studio-resources:create-unsettled:request-1');
  expect(answer.Reason).toMatch(/^Creating MyThing: not done/);
});

test('a find that hangs before anything is created responds with the marker id', async () => {
  const answer = await run({ find: never });
  expect(answer.PhysicalResourceId).toBe('studio-resources:create-failed:request-1');
});

test('a find that hangs after a create failed halfway leaves the outcome unknown', async () => {
  const finds = [undefined];
  const answer = await run({
    find: async () => (finds.length > 0 ? finds.pop() : never()),
    create: async () => {
      throw new Error('tagging is not allowed');
    },
  });
  expect(answer.PhysicalResourceId).toBe('studio-resources:create-unsettled:request-1');
});

test('a read that hangs once the id is known responds with the real id', async () => {
  expect((await run({ read: never })).PhysicalResourceId).toBe('thing-one');
});

test('an update or a deletion that hangs responds with the current id', async () => {
  const answer = await run({ delete: never }, { RequestType: 'Delete', PhysicalResourceId: 'thing-one' });
  expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'thing-one' });
  expect(answer.Reason).toMatch(/^Deleting thing-one: not done/);
});

test.each([
  ['a look-up', { find: 'slow' }, {}, []],
  ['a creation', { create: 'slow' }, {}, []],
  ['an advance', { advance: 'slow', read: async (id: string) => ({ id, status: 'Pending' }) }, {}, ['thing-one']],
  ['a look before a deletion', { read: 'slow' }, { RequestType: 'Delete', PhysicalResourceId: 'thing-one' }, []],
])('after the response, nothing more is called, even if %s ends only then', async (_, own, fields, made) => {
  const gate = Promise.withResolvers<undefined>();
  const slow = (): Promise<undefined> => gate.promise;
  const { resource, calls, things } = thing(
    Object.fromEntries(Object.entries(own).map(([name, call]) => [name, call === 'slow' ? slow : call])),
  );
  await serve(resource)(event({ ResponseURL: bucket.url, ...fields }), lambda(40));
  const before = [...calls];
  gate.resolve(undefined);
  await new Promise(setImmediate);
  expect(calls).toEqual(before);
  expect([...things.keys()]).toEqual(made);
});

test('a replacement that hangs responds with an id that makes Delete look for it and keep the resource that it was replacing', async () => {
  const fields = {
    RequestType: 'Update',
    PhysicalResourceId: 'thing-one',
    ResourceProperties: { Name: 'two' },
    OldResourceProperties: { Name: 'one' },
  };
  const { PhysicalResourceId } = await run({ create: never }, fields);
  expect(PhysicalResourceId).toBe('studio-resources:create-unsettled:request-1:beside:thing-one');
  const deleted: string[] = [];
  for (const found of ['thing-two', 'thing-one']) {
    const own = thing({
      find: async () => found,
      async delete(id) {
        deleted.push(id);
        return 'retained';
      },
    });
    const request = { RequestType: 'Delete', RequestId: found, PhysicalResourceId, ResponseURL: bucket.url };
    await serve(own.resource)(event(request), lambda());
  }
  expect(deleted).toEqual(['thing-two']);
});

test('a schema that hangs gets a response too', async () => {
  const answer = await run({
    schema: { '~standard': { version: 1, vendor: 'test', validate: never } },
  });
  expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'studio-resources:create-failed:request-1' });
});

test.each([
  ['all but what delivery may take', 900_000, 880_000],
  ['a tenth less of a short time', 60_000, 54_000],
  ['at least half of a very short time', 3_000, 1_500],
])('a request may take %s', (_, all, expected) => {
  expect(workTime(all)).toBe(expected);
});

test.each([
  ['all that a request may take', { remaining: 900_000, startsWaiter: false }, 880_000],
  ['less where the waiter has to be started then', { remaining: 900_000, startsWaiter: true }, 740_000],
  ['half of a short time where the waiter has to be started then', { remaining: 180_000, startsWaiter: true }, 81_000],
])('the first delivery may be worked on for %s', (_, given, expected) => {
  jest.spyOn(Date, 'now').mockReturnValue(1_000_000);
  const incoming = { identity: request, event: event(), request };
  expect(timeForWork(incoming, initialState(request, 1_000_000), given)).toBe(expected);
});

test.each([
  [3600, 3580],
  [300, 280],
  [1, 0.5],
])('with a ServiceTimeout of %d s, a response is due after %d s, wherever the request is handled', (timeout, due) => {
  jest.spyOn(Date, 'now').mockReturnValue(1_000_000);
  const state = initialState(request, 1_000_000);
  expect(secondsLeft({ ...request, serviceTimeout: timeout }, state)).toBe(due);
});

test('a timeout names the ServiceTimeout', () => {
  const outcome = timeoutResult({ ...request, serviceTimeout: 60 }, initialState(request, Date.now()));
  expect(outcome).toMatchObject({ status: 'FAILED', reason: expect.stringContaining('ServiceTimeout is 60 s') });
});

test('a state is plain data that the waiter can keep', () => {
  const state = initialState(request, 1);
  expect(JSON.parse(JSON.stringify(state))).toEqual(state);
});

test('a cancelled sleep ends at once', async () => {
  const stop = new AbortController();
  const sleeping = sleep(1e9, stop.signal);
  stop.abort();
  await expect(sleeping).resolves.toBeUndefined();
  await expect(sleep(1e9, stop.signal)).resolves.toBeUndefined();
});
