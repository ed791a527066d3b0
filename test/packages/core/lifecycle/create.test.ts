import { jest } from '@jest/globals';
import { type Resource, serve } from '@studio-resources/core';
import { type Answer, type Bucket, responseBucket } from '../bucket.ts';
import { captured } from '../console.ts';
import { event, lambda, stackId } from '../event.ts';
import { type ThingProps, type ThingState, thing } from '../thing.ts';

let bucket: Bucket;

beforeEach(async () => {
  captured();
  bucket = await responseBucket();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await bucket.close();
});

type Own = Partial<Resource<ThingProps, ThingState>>;

async function create(own: Own = {}, fields: Record<string, unknown> = {}): Promise<[Answer, string[]]> {
  const { resource, calls } = thing(own);
  await serve(resource)(event({ ResponseURL: bucket.url, ...fields }), lambda());
  return [bucket.answer(), calls];
}

function serviceError(name: string, message = 'no'): Error {
  return Object.assign(new Error(message), { name });
}

test('a creation responds with the id and all attributes', async () => {
  const [answer, calls] = await create();
  expect(answer).toEqual({
    Status: 'SUCCESS',
    PhysicalResourceId: 'thing-one',
    StackId: stackId,
    RequestId: 'request-1',
    LogicalResourceId: 'MyThing',
    Data: { Arn: 'arn:thing/thing-one', Status: 'InService' },
  });
  expect(calls).toEqual(['find', 'create', 'read thing-one']);
});

test('the resource gets its properties in their types, without ServiceToken and ServiceTimeout', async () => {
  const seen: unknown[] = [];
  await create(
    { create: async (props) => `thing-${seen.push(props)}`, read: undefined },
    { ResourceProperties: { Name: 'one', Size: '1.5', ServiceTimeout: '60' } },
  );
  expect(seen).toEqual([{ Name: 'one', Size: 1.5 }]);
});

test('the context has the stack, Region, account and partition of the request', async () => {
  const seen: unknown[] = [];
  await create({
    create: async (_, { log, isRollingBack, hasCompleted, holderStatus, stackTags, ...ctx }) =>
      `thing-${seen.push(ctx)}`,
    read: undefined,
  });
  expect(seen).toEqual([
    {
      requestType: 'Create',
      requestId: 'request-1',
      since: expect.any(Date),
      stackId,
      logicalResourceId: 'MyThing',
      resourceType: 'Custom::Thing',
      partition: 'aws',
      region: 'eu-west-1',
      account: '111122223333',
      notes: {},
    },
  ]);
});

test('what the same stack and logical id already created is adopted, not created twice', async () => {
  const [answer, calls] = await create({
    find: async () => 'thing-old',
    read: async (id) => ({ id, status: 'InService' }),
  });
  expect(answer.PhysicalResourceId).toBe('thing-old');
  expect(calls).toEqual(['find', 'read thing-old']);
});

test('a resource that cannot be seen right after its creation is waited for', async () => {
  const sights = [undefined, undefined, { id: 'thing-one', status: 'InService' }];
  const [answer, calls] = await create({ read: async () => sights.shift() });
  expect(answer.Status).toBe('SUCCESS');
  expect(calls).toEqual(['find', 'create', 'read thing-one', 'read thing-one', 'read thing-one']);
});

test('a resource that is missing for three reads after it was seen has failed', async () => {
  const sights = [{ id: 'thing-one', status: 'Pending' }];
  const [answer, calls] = await create({ read: async () => sights.shift() });
  expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'thing-one' });
  expect(answer.Reason).toMatch(/^Creating thing-one: it no longer exists/);
  expect(calls.filter((call) => call.startsWith('read'))).toHaveLength(4);
});

test('a pending resource is advanced after each read, until it is ready', async () => {
  const statuses = ['Pending', 'Pending', 'InService'];
  const [answer, calls] = await create({
    read: async (id) => ({ id, status: statuses.shift() ?? 'InService' }),
    advance: async () => {},
  });
  expect(answer.Status).toBe('SUCCESS');
  expect(calls.slice(2)).toEqual(['read thing-one', 'advance', 'read thing-one', 'advance', 'read thing-one']);
});

test('a failed status fails at once, with the service’s reason and the real id', async () => {
  const [answer, calls] = await create({ read: async (id) => ({ id, status: 'Failed' }) });
  expect(answer).toMatchObject({
    Status: 'FAILED',
    PhysicalResourceId: 'thing-one',
    Reason: 'Creating thing-one: Failed: no luck',
  });
  expect(calls).toHaveLength(3);
});

test('a status that throws is a failure, not a wait', async () => {
  const [answer] = await create({
    status: () => {
      throw new Error('Unknown status Odd');
    },
  });
  expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'thing-one', Reason: 'Unknown status Odd' });
});

test.each(['read', 'advance'] as const)(
  'throttles, service faults and network errors of %s are retried',
  async (call) => {
    const errors = [
      serviceError('ThrottlingException'),
      Object.assign(serviceError('Odd'), { $metadata: { httpStatusCode: 503 } }),
      Object.assign(new Error('hang up'), { code: 'ECONNRESET' }),
      new Error('describing', { cause: serviceError('TimeoutError') }),
    ];
    const statuses = ['Pending', 'Pending', 'Pending', 'Pending', 'Pending'];
    const fail = async () => {
      const error = errors.shift();
      if (error) throw error;
    };
    const [answer] = await create({
      read: async (id) => {
        if (call === 'read') await fail();
        return { id, status: statuses.shift() ?? 'InService' };
      },
      advance: async () => (call === 'advance' ? fail() : undefined),
    });
    expect(answer.Status).toBe('SUCCESS');
    expect(errors).toEqual([]);
  },
);

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
  'a look-up after a refused create that ends in %s leaves it in doubt',
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
      throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
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

test('a resource without read is done once it is created', async () => {
  const [answer] = await create({ read: undefined, find: undefined });
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'thing-one', Data: {} });
});

test('a resource without a status is ready when it exists', async () => {
  const [answer] = await create({ status: undefined, read: async (id) => ({ id, status: 'Odd' }) });
  expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { Status: 'Odd' } });
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
