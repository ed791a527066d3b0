import {
  CloudFormationClient,
  CloudFormationServiceException,
  DescribeStackEventsCommand,
  DescribeStackResourceCommand,
  DescribeStacksCommand,
  type ResourceStatus,
} from '@aws-sdk/client-cloudformation';
import { jest } from '@jest/globals';
import { serve } from '@studio-resources/core';
import { mockClient } from 'aws-sdk-client-mock';
import { isExpected, isWanted, sentAt } from '../../../../packages/core/src/stack/stack.ts';
import { type Answer, type Bucket, responseBucket } from '../bucket.ts';
import { captured, type Lines } from '../console.ts';
import { event, lambda, stackId } from '../event.ts';
import { type Thing, thing } from '../thing.ts';

const cloudformation = mockClient(CloudFormationClient);
afterAll(() => cloudformation.restore());
let bucket: Bucket;
let lines: Lines;

beforeEach(async () => {
  lines = captured();
  bucket = await responseBucket();
  cloudformation.reset();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await bucket.close();
});

/** What CloudFormation shows of the resource, look after look; the last for ever. */
function shown(...statuses: (ResourceStatus | 'gone')[]): void {
  shownAs('invented', ...statuses);
}

function shownAs(PhysicalResourceId: string, ...statuses: (ResourceStatus | 'gone')[]): void {
  cloudformation.on(DescribeStackResourceCommand).callsFake(({ LogicalResourceId }) => {
    const status = statuses.length > 1 ? statuses.shift() : statuses[0];
    if (status === 'gone') throw validationError(`Stack '${stackId}' does not exist`);
    return { StackResourceDetail: { LogicalResourceId, ResourceStatus: status, PhysicalResourceId } };
  });
}

function validationError(message: string): CloudFormationServiceException {
  return new CloudFormationServiceException({ name: 'ValidationError', message, $fault: 'client', $metadata: {} });
}

function looking(own: Parameters<typeof thing>[0] = {}): Thing & { send(fields?: object): Promise<Answer> } {
  const one = thing(own);
  const handler = serve(one.resource, { checksStack: true });
  return {
    ...one,
    async send(fields = {}) {
      await handler(event({ ResponseURL: bucket.url, ...fields }), lambda());
      return bucket.answer();
    },
  };
}

test('an expected creation is checked before and after the create, and kept', async () => {
  shown('CREATE_IN_PROGRESS');
  const { send, things } = looking();
  expect((await send()).Status).toBe('SUCCESS');
  expect([...things.keys()]).toEqual(['thing-one']);
  const asked = { StackName: stackId, LogicalResourceId: 'MyThing' };
  const inputs = cloudformation.commandCalls(DescribeStackResourceCommand).map(({ args: [{ input }] }) => input);
  expect(inputs).toEqual([asked, asked]);
});

test.each(['DELETE_IN_PROGRESS', 'DELETE_COMPLETE', 'CREATE_FAILED', 'gone'] as const)(
  'what was made for a resource that is %s is deleted again',
  async (status) => {
    shown('CREATE_IN_PROGRESS', status);
    const { send, things, calls } = looking();
    expect(await send()).toMatchObject({
      Status: 'FAILED',
      PhysicalResourceId: 'thing-one',
      Reason: 'Creating thing-one: CloudFormation has cancelled this request, so it was deleted',
    });
    expect([...things.keys()]).toEqual([]);
    expect(calls.filter((call) => call === 'create')).toHaveLength(1);
  },
);

const reset = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

test('when a cancelled request’s call had no response, what it may have created is found and deleted', async () => {
  shown('CREATE_IN_PROGRESS', 'DELETE_COMPLETE');
  const finds: (string | undefined)[] = [undefined, undefined, undefined, 'thing-one'];
  const { send, things, calls } = looking({
    find: async () => finds.shift(),
    create: async () => {
      things.set('thing-one', 'InService');
      throw reset;
    },
  });
  expect(await send()).toMatchObject({
    Status: 'FAILED',
    Reason: 'Creating thing-one: CloudFormation has cancelled this request, so it was deleted',
  });
  expect([...things.keys()]).toEqual([]);
  expect(calls.filter((call) => call === 'create')).toHaveLength(1);
});

test('when such a call has created nothing, the search ends', async () => {
  shown('CREATE_IN_PROGRESS', 'DELETE_COMPLETE');
  const { send, calls } = looking({ create: () => Promise.reject(reset) });
  expect(await send()).toMatchObject({
    Status: 'FAILED',
    PhysicalResourceId: 'studio-resources:create-failed:request-1',
    Reason: 'CloudFormation has cancelled this request, and it created nothing',
  });
  expect(calls).toEqual(['find', 'create', 'find', 'find', 'find']);
});

test('what another delivery of the request created and responded with is kept', async () => {
  shownAs('thing-one', 'CREATE_IN_PROGRESS', 'CREATE_COMPLETE');
  const { send, things } = looking({
    create: async () => {
      things.set('thing-one', 'InService');
      throw reset;
    },
  });
  await expect(send()).rejects.toThrow();
  expect(bucket.puts).toEqual([]);
  expect([...things.keys()]).toEqual(['thing-one']);
});

test('when a replacement is cancelled without a response, the resource that it was replacing is kept', async () => {
  shown('UPDATE_IN_PROGRESS', 'UPDATE_FAILED');
  const { send, things } = looking({
    create: async () => {
      things.set('thing-two', 'InService');
      throw reset;
    },
  });
  things.set('thing-one', 'InService');
  await send({
    RequestType: 'Update',
    PhysicalResourceId: 'thing-one',
    ResourceProperties: { Name: 'two' },
    OldResourceProperties: { Name: 'one' },
  });
  expect([...things.keys()]).toEqual(['thing-one']);
});

test('a creation that is cancelled while it is pending is deleted once it is ready', async () => {
  shown('CREATE_IN_PROGRESS', 'CREATE_IN_PROGRESS', 'DELETE_COMPLETE');
  const statuses = ['Pending', 'Pending', 'InService'];
  const { send, calls, things } = looking({
    read: async (id) => (things.has(id) ? { id, status: statuses.shift() ?? 'InService' } : undefined),
  });
  expect((await send()).Status).toBe('FAILED');
  expect(calls).toContain('delete thing-one');
  expect(cloudformation.commandCalls(DescribeStackResourceCommand)).toHaveLength(4);
});

test('a cancelled creation that fails is deleted, too', async () => {
  shown('CREATE_IN_PROGRESS', 'CREATE_IN_PROGRESS', 'gone');
  const statuses = ['Pending', 'Failed'];
  const { send, things, calls } = looking({
    read: async (id) => (things.has(id) ? { id, status: statuses.shift() ?? 'Failed' } : undefined),
  });
  await send();
  expect(calls).toContain('delete thing-one');
  expect([...things.keys()]).toEqual([]);
});

test('the deletion of a cancelled creation is repeated when the service fails', async () => {
  shown('CREATE_IN_PROGRESS', 'gone');
  const failures = ['Delete_Failed', 'Delete_Failed'];
  const { send, things, calls } = looking({
    delete: async (id) => {
      const failure = failures.shift();
      if (failure) things.set(id, failure);
      else things.delete(id);
      return undefined;
    },
  });
  expect(await send()).toMatchObject({
    Status: 'FAILED',
    Reason: 'Creating thing-one: CloudFormation has cancelled this request, so it was deleted',
  });
  expect([...things.keys()]).toEqual([]);
  expect(calls.filter((call) => call === 'delete thing-one').length).toBeGreaterThanOrEqual(3);
});

test('a cancelled creation that cannot be deleted is in the log, with its id', async () => {
  shown('CREATE_IN_PROGRESS', 'gone');
  const { send } = looking({ delete: async (id) => Promise.reject(new Error(`${id} is in use`)) });
  expect(await send()).toMatchObject({
    Status: 'FAILED',
    PhysicalResourceId: 'thing-one',
    Reason: 'thing-one is in use',
  });
});

test('a stack check that is denied or fails is a warning, and the creation succeeds', async () => {
  cloudformation
    .on(DescribeStackResourceCommand)
    .rejects(new CloudFormationServiceException({ name: 'AccessDenied', $fault: 'client', $metadata: {} }));
  const { send } = looking();
  expect((await send()).Status).toBe('SUCCESS');
  expect(lines.json()).toContainEqual(
    expect.objectContaining({ level: 'WARN', message: expect.stringMatching(/^Describing the stack failed/) }),
  );
});

describe("the stack's tags", () => {
  const seen: unknown[] = [];
  const tagged = () =>
    looking({
      async create(_, ctx) {
        seen.push(await ctx.stackTags(), await ctx.stackTags());
        return 'thing-one';
      },
      read: async (id) => ({ id, status: 'InService' }),
    });
  beforeEach(() => void seen.splice(0));

  test('are read once, without those of AWS', async () => {
    shown('CREATE_IN_PROGRESS');
    const Tags = [
      { Key: 'team', Value: 'red' },
      { Key: 'aws:servicecatalog:portfolioArn', Value: 'arn' },
    ];
    cloudformation.on(DescribeStacksCommand).resolves({ Stacks: [{ Tags } as never] });
    expect((await tagged().send()).Status).toBe('SUCCESS');
    expect(seen).toEqual([[Tags[0]], [Tags[0]]]);
    expect(cloudformation.commandCalls(DescribeStacksCommand)).toHaveLength(1);
  });

  test('are none where CloudFormation does not say, and the log says so', async () => {
    shown('CREATE_IN_PROGRESS');
    cloudformation.on(DescribeStacksCommand).rejects(new Error('no'));
    expect((await tagged().send()).Status).toBe('SUCCESS');
    expect(seen).toEqual([[], []]);
    expect(lines.json()).toContainEqual(
      expect.objectContaining({ level: 'WARN', message: expect.stringContaining("Reading the stack's tags failed") }),
    );
  });
});

test('a resource that succeeds may give a reason, without secrets', async () => {
  shown('CREATE_IN_PROGRESS');
  const { send } = looking({ summary: ({ id }) => `${id} is ready, but for hunter22` });
  const ResourceProperties = { Name: 'one', Secret: 'hunter22' };
  expect(await send({ ResourceProperties })).toMatchObject({
    Status: 'SUCCESS',
    Reason: expect.stringMatching(/^thing-one is ready, but for (?!hunter22)/),
  });
});

test('a function without a waiter does not check the stack unless checksStack is set', async () => {
  await serve(thing().resource)(event({ ResponseURL: bucket.url }), lambda());
  expect(bucket.answer().Status).toBe('SUCCESS');
  expect(cloudformation.calls()).toHaveLength(0);
});

test.each([
  ['CREATE_IN_PROGRESS', undefined, true, true],
  ['UPDATE_IN_PROGRESS', 'thing-0', true, true],
  ['DELETE_FAILED', 'thing-0', true, true],
  // A late duplicate of a request that was answered.
  ['CREATE_COMPLETE', 'thing-1', true, true],
  ['UPDATE_COMPLETE', 'thing-1', true, true],
  // CloudFormation has settled for another, and may go back to what was made before.
  ['UPDATE_COMPLETE', 'thing-0', true, false],
  ['UPDATE_FAILED', 'thing-0', true, false],
  ['UPDATE_COMPLETE', 'thing-0', false, true],
] as const)(
  'a resource that is %s as %s is kept: made by this request %s, so %s',
  (status, id, byThisRequest, kept) => {
    const resource = { ResourceStatus: status, PhysicalResourceId: id };
    expect(isWanted(resource, { id: 'thing-1', byThisRequest })).toBe(kept);
  },
);

test.each([
  ['Create', 'CREATE_IN_PROGRESS', true],
  ['Create', undefined, true],
  ['Create', 'CREATE_COMPLETE', false],
  ['Create', 'CREATE_FAILED', false],
  ['Create', 'UPDATE_IN_PROGRESS', false],
  ['Create', 'DELETE_IN_PROGRESS', false],
  ['Create', 'DELETE_FAILED', false],
  ['Update', 'UPDATE_IN_PROGRESS', true],
  ['Update', 'UPDATE_COMPLETE', false],
  ['Update', 'UPDATE_FAILED', false],
  ['Update', 'CREATE_COMPLETE', false],
  ['Update', 'DELETE_COMPLETE', false],
  ['Delete', 'DELETE_IN_PROGRESS', true],
  ['Delete', 'DELETE_COMPLETE', true],
  ['Delete', 'CREATE_FAILED', true],
  // It has been made anew since, under the same id or not yet under any.
  ['Delete', 'CREATE_COMPLETE', false],
  ['Delete', 'UPDATE_IN_PROGRESS', false],
  ['Delete', 'CREATE_IN_PROGRESS', false],
] as const)('the answer to a %s of a resource that is %s is awaited: %s', (requestType, ResourceStatus, awaited) => {
  const shown = { ResourceStatus, PhysicalResourceId: 'thing-1' };
  expect(isExpected(shown, { requestType, physicalResourceId: 'thing-1' })).toBe(awaited);
});

test('a Delete of the replaced resource is expected', () => {
  const shown = { ResourceStatus: 'UPDATE_COMPLETE', PhysicalResourceId: 'thing-2' };
  expect(isExpected(shown, { requestType: 'Delete', physicalResourceId: 'thing-1' })).toBe(true);
});

test.each([
  ['https://example.com/a?X-Amz-Date=20261121T062401Z&X-Amz-Signature=1', Date.UTC(2026, 10, 21, 6, 24, 1)],
  ['https://example.com/a?Expires=1&Signature=1', undefined],
  ['https://example.com/a?X-Amz-Date=yesterday', undefined],
])('the signature of %s shows when the request was sent', (responseUrl, time) => {
  expect(sentAt({ responseUrl })).toBe(time);
});

describe('a request that is delivered again after its response', () => {
  const update = {
    RequestType: 'Update',
    PhysicalResourceId: 'thing-one',
    ResourceProperties: { Name: 'one', Size: '2' },
    OldResourceProperties: { Name: 'one', Size: '1' },
  };

  /** Each time that is asked is ten seconds later than the one before. */
  function timeFlies(): void {
    let now = Date.now();
    jest.spyOn(Date, 'now').mockImplementation(() => (now += 10_000));
    jest
      .spyOn(globalThis, 'setTimeout')
      .mockImplementation(((run: () => void, ms: number) =>
        ms < 100_000 ? setImmediate(run) : undefined) as unknown as typeof setTimeout);
  }

  test.each([
    ['Create', {}, 'DELETE_COMPLETE'],
    ['Update', update, 'UPDATE_COMPLETE'],
    ['Delete', { RequestType: 'Delete', PhysicalResourceId: 'invented' }, 'CREATE_COMPLETE'],
  ] as const)('does nothing and sends no other response: a %s', async (_, fields, status) => {
    shown(status);
    timeFlies();
    const { resource, calls } = thing();
    const polled = await serve(resource, { checksStack: true })(
      event({ ResponseURL: bucket.url, ...fields }),
      lambda(),
    );
    expect(polled).toEqual({ done: true });
    expect(bucket.puts).toEqual([]);
    expect(calls).toEqual([]);
    expect(lines.json()).toContainEqual(
      expect.objectContaining({
        level: 'WARN',
        message: expect.stringMatching(/does not expect a response to this request/),
      }),
    );
  });

  test.each([
    ['Create', {}, ['CREATE_IN_PROGRESS', 'DELETE_COMPLETE']],
    ['Update', update, ['UPDATE_IN_PROGRESS', 'UPDATE_FAILED']],
  ] as const)(
    'is not retried once it was cancelled while the service refused it: a %s',
    async (type, fields, statuses) => {
      shown(...statuses);
      timeFlies();
      const refuse = () => Promise.reject(Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' }));
      const { resource, calls, things } = thing({ create: refuse, update: refuse });
      if (type === 'Update') things.set('thing-one', 'InService');
      await serve(resource, { checksStack: true })(event({ ResponseURL: bucket.url, ...fields }), lambda());
      expect(calls.filter((call) => /^create|^update/.test(call))).toHaveLength(1);
      expect(bucket.puts).toEqual([]);
    },
  );

  test('does nothing when CloudFormation said that it expects none, and cannot be asked again', async () => {
    const StackResourceDetail = {
      LogicalResourceId: 'MyThing',
      ResourceType: 'Custom::Thing',
      ResourceStatus: 'DELETE_COMPLETE' as const,
      LastUpdatedTimestamp: undefined,
    };
    cloudformation
      .on(DescribeStackResourceCommand)
      .resolvesOnce({ StackResourceDetail })
      .rejects(validationError('Rate exceeded'));
    timeFlies();
    const { resource, calls } = thing();
    await serve(resource, { checksStack: true })(event({ ResponseURL: bucket.url }), lambda());
    expect(bucket.puts).toEqual([]);
    expect(calls).toEqual([]);
  });

  test('is handled when CloudFormation was only late to show that it expects a response', async () => {
    shown('UPDATE_COMPLETE', 'UPDATE_IN_PROGRESS');
    const { send, things, calls } = looking();
    things.set('thing-one', 'InService');
    expect((await send(update)).Status).toBe('SUCCESS');
    expect(calls).toContain('update thing-one');
  });
});

describe('a replacement that CloudFormation rolls back while it is created', () => {
  const sent = new Date(Math.floor(Date.now() / 1000) * 1000);
  const replacing = {
    RequestType: 'Update',
    PhysicalResourceId: 'thing-zero',
    ResourceProperties: { Name: 'one' },
    OldResourceProperties: { Name: 'zero' },
  };

  /** CloudFormation rolls back, and the resource's events are these, so many seconds after the request was sent. */
  function rollingBack(...events: [ResourceStatus, number][]): void {
    shown('UPDATE_IN_PROGRESS');
    cloudformation.on(DescribeStacksCommand).resolves({
      Stacks: [{ StackName: 'studio', CreationTime: undefined, StackStatus: 'UPDATE_ROLLBACK_IN_PROGRESS' }],
    });
    const StackEvents = events.map(([ResourceStatus, seconds], index) => ({
      StackId: stackId,
      StackName: 'studio',
      EventId: String(index),
      LogicalResourceId: 'MyThing',
      ResourceStatus,
      Timestamp: new Date(sent.getTime() + 1000 * seconds),
    }));
    cloudformation.on(DescribeStackEventsCommand).resolves({ StackEvents });
  }

  async function replace(): Promise<Thing & { answered: number }> {
    const one = thing({ propertiesForOrphan: (props) => props });
    one.things.set('thing-zero', 'InService');
    const signed = `${bucket.url}&X-Amz-Date=${sent.toISOString().replace(/[-:]|\.\d+/g, '')}`;
    await serve(one.resource, { checksStack: true })(event({ ResponseURL: signed, ...replacing }), lambda());
    return { ...one, answered: bucket.puts.length };
  }

  test('is deleted, and the resource that it was replacing is kept', async () => {
    const before = shownBefore();
    const { things, calls } = await replace();
    expect(before).toHaveBeenCalled();
    expect(calls).toContain('create');
    expect([...things.keys()]).toEqual(['thing-zero']);
  });

  /** The rollback begins once the replacement is made. */
  function shownBefore() {
    const begins = jest.fn(() =>
      rollingBack(['UPDATE_IN_PROGRESS', 9], ['UPDATE_FAILED', 8], ['UPDATE_IN_PROGRESS', 0]),
    );
    let asked = 0;
    cloudformation.on(DescribeStackResourceCommand).callsFake(({ LogicalResourceId }) => {
      asked += 1;
      if (asked === 2) begins();
      return { StackResourceDetail: { LogicalResourceId, ResourceStatus: 'UPDATE_IN_PROGRESS' } };
    });
    cloudformation.on(DescribeStacksCommand).resolves({
      Stacks: [{ StackName: 'studio', CreationTime: undefined, StackStatus: 'UPDATE_IN_PROGRESS' }],
    });
    return begins;
  }

  test('is kept if the rollback requests it', async () => {
    rollingBack(['UPDATE_IN_PROGRESS', 0], ['UPDATE_FAILED', -1], ['UPDATE_IN_PROGRESS', -9]);
    const { things, answered } = await replace();
    expect(things.has('thing-one')).toBe(true);
    expect(answered).toBe(1);
  });
});

test('a cancelled creation is not deleted once CloudFormation requests it again', async () => {
  shown('CREATE_IN_PROGRESS', 'CREATE_FAILED', 'CREATE_IN_PROGRESS');
  const { resource, things, calls } = thing();
  await serve(resource, { checksStack: true })(event({ ResponseURL: bucket.url }), lambda());
  expect([...things.keys()]).toEqual(['thing-one']);
  expect(calls.filter((call) => call.startsWith('delete'))).toEqual([]);
  expect(bucket.puts).toEqual([]);
});

describe('an Update that rolls back a refused replacement', () => {
  const swapped = {
    RequestType: 'Update',
    PhysicalResourceId: 'thing-one',
    ResourceProperties: { Name: 'one', Size: '1' },
    OldResourceProperties: { Name: 'one', Size: '2' },
  };
  const own = { immutable: ['Size'], nameProperties: ['Name'] } as const;

  test('finds nothing replaced, and succeeds', async () => {
    cloudformation.on(DescribeStacksCommand).resolves({
      Stacks: [{ StackName: 'studio', CreationTime: undefined, StackStatus: 'UPDATE_ROLLBACK_IN_PROGRESS' }],
    });
    const { send, things } = looking(own);
    things.set('thing-one', 'InService');
    expect(await send(swapped)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'thing-one' });
  });

  test('is refused like the replacement if the stack is not rolling back', async () => {
    cloudformation.on(DescribeStacksCommand).resolves({
      Stacks: [{ StackName: 'studio', CreationTime: undefined, StackStatus: 'UPDATE_IN_PROGRESS' }],
    });
    const { send, things } = looking(own);
    things.set('thing-one', 'InService');
    expect((await send(swapped)).Reason).toMatch(/cannot be made in place/);
  });
});
