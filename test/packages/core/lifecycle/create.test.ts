import { stackId } from '../event.ts';
import { serviceError } from '../sdk-errors.ts';
import { thingRequests } from './thing-requests.ts';

const { create } = thingRequests();

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

test('a resource without read is done once it is created', async () => {
  const [answer] = await create({ read: undefined, find: undefined });
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'thing-one', Data: {} });
});

test('a resource without a status is ready when it exists', async () => {
  const [answer] = await create({ status: undefined, read: async (id) => ({ id, status: 'Odd' }) });
  expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { Status: 'Odd' } });
});
