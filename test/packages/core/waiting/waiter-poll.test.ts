import { jest } from '@jest/globals';
import { matching, number, type Polled, properties, serve, string, type WaiterState } from '@studio-resources/core';
import { bucketAndLog } from '../bucket-and-log.ts';
import { event, lambda } from '../event.ts';
import type { thing } from '../thing.ts';
import { kept, slowThing } from './slow-thing.ts';
import { waiterMock } from './waiter-mock.ts';

const { bucket } = bucketAndLog();
const { inputs } = waiterMock();

const create = (fields = {}) => event({ ResponseURL: bucket.url, ...fields });

test('neither the response URL nor a sensitive property is readable in the state, and a poll has both', async () => {
  const seen: unknown[] = [];
  const { handler, things } = slowThing({
    attributes: () => ({}),
    find: async (props) => {
      seen.push(props.Secret);
      return undefined;
    },
    // Throttled at first, so that it is the poll that creates.
    create: async ({ Secret }) => {
      seen.push(Secret);
      if (seen.length < 3) throw Object.assign(new Error('no hunter2 yet'), { name: 'ThrottlingException' });
      things.set('thing-one', 'InService');
      return 'thing-one';
    },
  });
  await handler(create({ ResourceProperties: { Name: 'one', Secret: 'hunter2' } }), lambda());
  const [{ input }] = inputs() as [ReturnType<typeof inputs>[number]];
  const text = JSON.stringify(input);
  for (const secret of ['hunter2', bucket.url, '5ecre7s1gnature', 'ResponseURL']) expect(text).not.toContain(secret);
  expect(await handler({ waiter: kept(input.waiter) }, lambda())).toEqual({ done: true });
  expect(seen).toEqual(['hunter2', 'hunter2', 'hunter2', 'hunter2']);
  expect(bucket.answer()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'thing-one' });
});

test('a poll in another environment says how long to wait, and responds once the resource is ready', async () => {
  const { handler, resource, things, calls } = slowThing();
  await handler(create(), lambda());
  let state: WaiterState = inputs()[0]!.input.waiter;
  const poll = async () => (await serve(resource, { checksStack: false })({ waiter: kept(state) }, lambda())) as Polled;

  const first = await poll();
  expect(first).toEqual({
    done: false,
    waitSeconds: 1,
    waiter: { ...state, state: expect.anything(), sealed: expect.any(String) },
  });
  if (!first.done) state = first.waiter;
  expect(bucket.puts).toHaveLength(0);

  things.set('thing-one', 'InService');
  expect(await poll()).toEqual({ done: true });
  expect(bucket.answer()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'thing-one' });
  expect(calls.filter((call) => call === 'create')).toHaveLength(1);
  expect(inputs()).toHaveLength(1);
});

test('a request that is under way goes on, also where a newer release refuses its properties', async () => {
  const { handler, resource, things } = slowThing();
  await handler(create({ ResourceProperties: { Name: 'one', Size: '7' } }), lambda());
  const seen: unknown[] = [];
  const schema = properties({
    Name: matching(/^two$/, 'two'),
    Size: number().optional(),
    Secret: string().optional(),
  });
  const read: typeof resource.read = async (id, props) => {
    seen.push(props);
    return { id, status: 'InService' };
  };
  const newer = serve({ ...resource, schema, read }, { checksStack: false });
  things.set('thing-one', 'InService');
  expect(await newer({ waiter: kept(inputs()[0]!.input.waiter) }, lambda())).toEqual({ done: true });
  expect(bucket.answer()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'thing-one' });
  expect(seen).toEqual([{ Name: 'one', Size: 7 }]);
});

test('the notes of a resource are available to the next pass, in any environment', async () => {
  const seen: unknown[] = [];
  const own: Parameters<typeof thing>[0] = {
    async read(id, _, { notes }) {
      seen.push({ ...notes });
      notes.looks = Number(notes.looks ?? 0) + 1;
      return { id, status: notes.looks === 3 ? 'InService' : 'Pending' };
    },
  };
  const { handler, resource } = slowThing(own);
  await handler(create(), lambda());
  let state: WaiterState = inputs()[0]!.input.waiter;
  const poll = async () => (await serve(resource, { checksStack: false })({ waiter: kept(state) }, lambda())) as Polled;
  const polled = await poll();
  if (!polled.done) state = polled.waiter;
  expect(await poll()).toEqual({ done: true });
  expect(seen).toEqual([{}, { looks: 1 }, { looks: 2 }]);
  expect(bucket.answer()).toMatchObject({ Status: 'SUCCESS' });
});

test('a poll that is throttled, fails in the service or times out is not done, and is repeated', async () => {
  const errors = [
    { name: 'ThrottlingException' },
    { name: 'InternalFailure', $metadata: { httpStatusCode: 500 } },
    { name: 'TimeoutError' },
    { code: 'ECONNRESET' },
  ];
  const reads: (() => object)[] = [() => ({ id: 'thing-one', status: 'Pending' })];
  const { handler } = slowThing({
    read: async (id) => {
      const read = reads.shift();
      return { id, status: 'InService', ...read?.() };
    },
  });
  await handler(create(), lambda());
  for (const error of errors) {
    reads.push(() => {
      throw Object.assign(new Error('not now'), error);
    });
    const polled = await handler({ waiter: kept(inputs()[0]!.input.waiter) }, lambda());
    expect(polled).toMatchObject({
      done: false,
      waiter: { state: { waitingFor: expect.stringContaining('not now') } },
    });
  }
  expect(bucket.puts).toHaveLength(0);
});

test('a terminal status ends the wait at once, with the service’s reason', async () => {
  const { handler, things } = slowThing();
  await handler(create(), lambda());
  things.set('thing-one', 'Failed');
  await handler({ waiter: kept(inputs()[0]!.input.waiter) }, lambda());
  expect(bucket.answer()).toMatchObject({ Status: 'FAILED', Reason: 'Creating thing-one: Failed: no luck' });
});

test('when the ServiceTimeout is nearly over, the poll responds with what the request was waiting for', async () => {
  const { handler } = slowThing();
  await handler(create({ ResourceProperties: { Name: 'one', ServiceTimeout: '600' } }), lambda());
  const { waiter } = inputs()[0]!.input;
  const at = (seconds: number) => jest.spyOn(Date, 'now').mockReturnValue(waiter.state.since + 1000 * seconds);
  // Twenty seconds of the time are for the delivery: the next look is the last.
  at(577);
  expect(await handler({ waiter: kept(waiter) }, lambda())).toMatchObject({ done: false, waitSeconds: 3 });
  at(581);
  expect(await handler({ waiter: kept(waiter) }, lambda())).toEqual({ done: true });
  expect(bucket.answer().Reason).toMatch(
    /^Creating thing-one: not done after 581 s, .*ServiceTimeout is 600 s.*; still waiting for: Pending$/,
  );
});

test('a poll that comes after the ServiceTimeout calls nothing', async () => {
  const { handler, calls } = slowThing();
  await handler(create({ ResourceProperties: { Name: 'one', ServiceTimeout: '600' } }), lambda());
  const { waiter } = inputs()[0]!.input;
  const before = [...calls];
  jest.spyOn(Date, 'now').mockReturnValue(waiter.state.since + 601_000);
  expect(await handler({ waiter: kept(waiter) }, lambda())).toEqual({ done: true });
  expect(calls).toEqual(before);
  expect(bucket.answer().Reason).toMatch(/^Creating thing-one: not done after 601 s/);
});

test('a pass that hangs is aborted, and the poll is not done', async () => {
  const { handler } = slowThing();
  await handler(create(), lambda());
  const hanging = slowThing({ read: () => new Promise<never>(() => {}) });
  const { waiter } = inputs()[0]!.input;
  expect(await hanging.handler({ waiter: kept(waiter) }, lambda(40))).toMatchObject({ done: false, waitSeconds: 1 });
});

test('what is no state of the waiter is refused, and nothing is called', async () => {
  const { handler, calls } = slowThing();
  await handler(create(), lambda());
  const { waiter } = inputs()[0]!.input;
  const before = [...calls];
  const forged: unknown[] = [
    { ...waiter, event: { ...waiter.event, StackId: 'arn:aws:cloudformation:eu-west-1:999999999999:stack/a/b' } },
    { ...waiter, event: { ...waiter.event, RequestType: 'Delete' } },
    { ...waiter, sealed: 'bm9uc2Vuc2U' },
    { ...waiter, sealed: '' },
    { ...waiter, sealed: undefined },
    { ...waiter, key: undefined },
    { ...waiter, key: 'AWSCURRENT' },
    { ...waiter, function: `${waiter.function}2` },
    { ...waiter, state: { ...waiter.state, phase: { name: 'constructor' } } },
    { ...waiter, state: undefined, progress: { since: 1, operation: 'constructor' } },
    { ...waiter, event: [] },
    'waiter',
    null,
  ];
  for (const one of forged) {
    await expect(handler({ waiter: one }, lambda())).rejects.toMatchObject({ name: 'InvalidRequestError' });
  }
  delete process.env.STATE_KEY_ARN;
  await expect(handler({ waiter }, lambda())).rejects.toThrow('the function has no STATE_KEY_ARN');
  expect(calls).toEqual(before);
  expect(bucket.puts).toHaveLength(0);
});

test('a poll of a request that this environment is handling is told to poll again', async () => {
  const gate = Promise.withResolvers<string>();
  const { handler, things } = slowThing();
  await handler(create(), lambda());
  const { waiter } = inputs()[0]!.input;
  const waiting = slowThing({ read: async (id) => ({ id, status: await gate.promise }) });
  things.set('thing-one', 'InService');
  const first = waiting.handler({ waiter: kept(waiter) }, lambda());
  expect(await waiting.handler({ waiter: kept(waiter) }, lambda())).toEqual({ done: false, waiter, waitSeconds: 5 });
  gate.resolve('InService');
  expect(await first).toEqual({ done: true });
  expect(bucket.puts).toHaveLength(1);
});

test('a poll of a request that was responded to here sends the same bytes, and reads nothing', async () => {
  const { handler, things, calls } = slowThing();
  await handler(create(), lambda());
  const { waiter } = inputs()[0]!.input;
  things.set('thing-one', 'InService');
  await handler({ waiter: kept(waiter) }, lambda());
  const before = [...calls];
  expect(await handler({ waiter: kept(waiter) }, lambda())).toEqual({ done: true });
  expect(calls).toEqual(before);
  expect(bucket.puts[1]?.body).toEqual(bucket.puts[0]?.body);
});
