import { jest } from '@jest/globals';
import { serve } from '@studio-resources/core';
import { parseRequest } from '../../../../packages/core/src/request/parse-request.ts';
import { responseCache } from '../../../../packages/core/src/response/response.ts';
import { bucketAndLog } from '../bucket-and-log.ts';
import { event, lambda } from '../event.ts';
import { thing } from '../thing.ts';

const { bucket, lines } = bucketAndLog();

/** Makes the pauses between attempts pass at once; the deadline stays where it is. */
function withoutPauses(): void {
  const real = globalThis.setTimeout;
  const pass = (run: () => void, ms: number) => (ms < 10_000 ? setImmediate(run) : real(run, ms));
  jest.spyOn(globalThis, 'setTimeout').mockImplementation(pass as typeof setTimeout);
}

test('a request that is delivered again after its response gets the same bytes, and nothing is called', async () => {
  const { url, puts } = bucket;
  const { resource, calls, things } = thing();
  const handler = serve(resource);
  await handler(event({ ResponseURL: url }), lambda());
  const before = [...calls];
  things.set('thing-one', 'Failed');
  await handler(event({ ResponseURL: url }), lambda());
  expect(calls).toEqual(before);
  expect(puts).toHaveLength(2);
  expect(puts[1]?.body).toEqual(puts[0]?.body);
});

test('a request that is delivered again while it is handled does nothing', async () => {
  const { url, puts } = bucket;
  const gate = Promise.withResolvers<string>();
  const { resource, calls } = thing({ create: () => gate.promise, read: undefined });
  const handler = serve(resource);
  const first = handler(event({ ResponseURL: url }), lambda());
  await handler(event({ ResponseURL: url }), lambda());
  expect(puts).toHaveLength(0);
  gate.resolve('thing-one');
  await first;
  expect(puts).toHaveLength(1);
  expect(calls).toEqual(['find', 'create']);
});

test('a request id that CloudFormation uses again with another response URL is another request', async () => {
  const { url, puts } = bucket;
  const { resource, calls } = thing();
  const handler = serve(resource);
  await handler(event({ ResponseURL: url }), lambda());
  await handler(event({ ResponseURL: `${url}2` }), lambda());
  expect(puts).toHaveLength(2);
  expect(calls.filter((call) => call === 'find')).toHaveLength(2);
});

test('two deliveries to two environments create one resource', async () => {
  const { url, puts } = bucket;
  const { resource, calls } = thing();
  await serve(resource)(event({ ResponseURL: url }), lambda());
  await serve(resource)(event({ ResponseURL: url }), lambda());
  expect(calls.filter((call) => call === 'create')).toHaveLength(1);
  expect(puts[1]?.body).toEqual(puts[0]?.body);
});

test('a response that is refused permanently is in the log, without the URL, and is not thrown', async () => {
  const { url } = await bucket.replace(403);
  await serve(thing().resource)(event({ ResponseURL: url }), lambda());
  expect(lines.json()).toContainEqual(
    expect.objectContaining({
      level: 'ERROR',
      message: 'The response could not be delivered',
      response: expect.objectContaining({ Status: 'SUCCESS', PhysicalResourceId: 'thing-one' }),
    }),
  );
  expect(lines.text()).not.toContain('5ecre7s1gnature');
  expect(lines.text()).not.toContain(url);
});

test('a response that may succeed later is thrown, so that Lambda delivers the event again and it is sent again', async () => {
  const { url, puts } = await bucket.replace(...Array.from({ length: 8 }, () => 503));
  withoutPauses();
  const { resource, things } = thing();
  const handler = serve(resource);
  await expect(handler(event({ ResponseURL: url }), lambda())).rejects.toMatchObject({ name: 'UndeliveredError' });
  things.clear();
  await handler(event({ ResponseURL: url }), lambda());
  expect(puts).toHaveLength(9);
  expect(new Set(puts.map((put) => put.body.toString())).size).toBe(1);
  expect(bucket.answer().Status).toBe('SUCCESS');
});

test('the response cache has a limit', async () => {
  const { url } = bucket;
  const cache = responseCache();
  const to = async (index: number) => {
    const { invokedFunctionArn: reader } = lambda();
    return (await parseRequest(event({ ResponseURL: url, RequestId: `request-${index}` }), { reader })).identity;
  };
  for (let index = 0; index <= 200; index++) await cache.keep(await to(index), Promise.resolve(`body ${index}`));
  expect(cache.find(await to(0))).toBeUndefined();
  expect(cache.find(await to(1))).toBe('body 1');
  expect(cache.find(await to(200))).toBe('body 200');
});
