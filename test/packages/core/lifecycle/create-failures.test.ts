import { serve } from '@studio-resources/core';
import { event, lambda } from '../event.ts';
import { connectionReset, serviceError } from '../sdk-errors.ts';
import { thing } from '../thing.ts';
import { thingRequests } from './thing-requests.ts';

const { bucket, create } = thingRequests();

test.each(['read', 'advance'] as const)('any other error of %s is final, with the real id', async (call) => {
  const [answer] = await create({
    read: async (id) => ({ id, status: 'Pending' }),
    advance: async () => {},
    [call]: async () => {
      throw serviceError('AccessDeniedException', 'not allowed');
    },
  });
  expect(answer).toMatchObject({
    Status: 'FAILED',
    PhysicalResourceId: 'thing-one',
    Reason: 'AccessDeniedException: not allowed',
  });
});

test('a create that is refused responds with the marker id of a creation that created nothing', async () => {
  const [answer] = await create({
    create: async () => {
      throw serviceError('ResourceLimitExceeded', 'too many things');
    },
  });
  expect(answer).toMatchObject({
    Status: 'FAILED',
    PhysicalResourceId: 'studio-resources:create-failed:request-1',
    Reason: 'ResourceLimitExceeded: too many things',
  });
});

test('a create that fails halfway responds with the id of what it created', async () => {
  const { resource, things } = thing();
  const handler = serve({
    ...resource,
    async create() {
      things.set('thing-one', 'InService');
      throw serviceError('AccessDeniedException', 'tagging is not allowed');
    },
  });
  await handler(event({ ResponseURL: bucket.url }), lambda());
  expect(bucket.answer()).toMatchObject({
    Status: 'FAILED',
    PhysicalResourceId: 'thing-one',
    Reason: 'AccessDeniedException: tagging is not allowed',
  });
});

test.each(['ThrottlingException', 'AccessDeniedException'])(
  'a look-up that fails with %s after a refused create leaves the outcome unknown',
  async (name) => {
    const finds = [undefined];
    const [answer] = await create({
      find: async () => {
        if (finds.length === 0) throw serviceError(name, 'listing');
        return finds.pop();
      },
      create: async () => {
        throw serviceError('ValidationException', 'too big');
      },
    });
    expect(answer).toMatchObject({
      Status: 'FAILED',
      PhysicalResourceId: 'studio-resources:create-unsettled:request-1',
      Reason: 'ValidationException: too big',
    });
  },
);

test('a create that is throttled is retried, because it has created nothing', async () => {
  const errors = [serviceError('ThrottlingException'), serviceError('TooManyRequestsException')];
  const [answer, calls] = await create({
    create: async () => {
      const error = errors.shift();
      if (error) throw error;
      return 'thing-one';
    },
    read: undefined,
  });
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'thing-one' });
  expect(calls).toEqual(['find', 'create', 'find', 'create', 'find', 'create']);
});

test('a create that ends in a network error is not retried, and its id makes Delete look for what it created', async () => {
  const { resource, things, calls } = thing();
  const handler = serve({
    ...resource,
    async create() {
      things.set('thing-one', 'InService');
      throw connectionReset();
    },
  });
  await handler(event({ ResponseURL: bucket.url }), lambda());
  const { PhysicalResourceId, ...answer } = bucket.answer();
  expect(answer).toMatchObject({ Status: 'FAILED', Reason: 'socket hang up' });
  expect(PhysicalResourceId).toBe('studio-resources:create-unsettled:request-1');

  await handler(
    event({ RequestType: 'Delete', RequestId: 'request-2', PhysicalResourceId, ResponseURL: bucket.url }),
    lambda(),
  );
  expect(JSON.parse(String(bucket.puts[1]?.body))).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
  expect(calls).toContain('delete thing-one');
  expect(things.size).toBe(0);
});

test('a find with a final error before the create responds with the marker id', async () => {
  const [answer, calls] = await create({
    find: async () => {
      throw serviceError('AccessDenied', 'listing things');
    },
  });
  expect(answer.PhysicalResourceId).toBe('studio-resources:create-failed:request-1');
  expect(calls).toEqual(['find']);
});

test.each([
  ['', 'it is empty'],
  ['é'.repeat(513), 'it is longer than 1024 bytes'],
])('an id that CloudFormation would refuse is an error (%#)', async (id, problem) => {
  const [answer] = await create({ create: async () => id });
  expect(answer.Status).toBe('FAILED');
  expect(answer.Reason).toContain(problem);
  expect(answer.PhysicalResourceId).toBe('studio-resources:create-unsettled:request-1');
});

test('invalid properties fail before any call, with the path and the error of each', async () => {
  const [answer, calls] = await create({}, { ResourceProperties: { Nmae: 'one', Size: 'big' } });
  expect(answer).toMatchObject({
    Status: 'FAILED',
    PhysicalResourceId: 'studio-resources:create-failed:request-1',
    Reason:
      'Reading the properties: Nmae: unknown property; did you mean Name?; Name: required, but missing; ' +
      'Size: expected a number, got "big"',
  });
  expect(calls).toEqual([]);
});

describe('a creation that is refused because the name is taken', () => {
  const taken = serviceError('ResourceInUse', 'thing-one already exists');

  test('goes on with what another delivery of the request has created', async () => {
    let looks = 0;
    const { resource, things } = thing({
      find: async () => (++looks > 3 ? 'thing-one' : undefined),
      create: async () => {
        things.set('thing-one', 'InService');
        throw taken;
      },
    });
    await serve(resource)(event({ ResponseURL: bucket.url }), lambda());
    expect(bucket.answer()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'thing-one' });
  });

  test('fails with the reason and the marker id if another owner has the name', async () => {
    const [answer, calls] = await create({ create: () => Promise.reject(taken) });
    expect(answer).toMatchObject({ Status: 'FAILED', Reason: 'ResourceInUse: thing-one already exists' });
    expect(answer.PhysicalResourceId).toMatch(/:create-failed:/);
    expect(calls.filter((call) => call === 'create')).toHaveLength(3);
  });

  test('fails at once if the resource has no find', async () => {
    const [answer, calls] = await create({ find: undefined, create: () => Promise.reject(taken) });
    expect(answer.Status).toBe('FAILED');
    expect(calls).toEqual(['create']);
  });
});

test('attributes that JSON cannot hold make the creation fail, with its id', async () => {
  const [answer] = await create({ attributes: () => ({ Size: 10n }) as unknown as Record<string, string> });
  expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'thing-one' });
  expect(answer.Reason).toMatch(
    /^Responding to CloudFormation: the attributes of thing-one cannot be written as JSON: .*BigInt/,
  );
});
