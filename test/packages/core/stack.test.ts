import {
  CloudFormationClient,
  CloudFormationServiceException,
  DescribeStackResourceCommand,
  DescribeStacksCommand,
  type ResourceStatus,
} from '@aws-sdk/client-cloudformation';
import { jest } from '@jest/globals';
import { serve } from '@studio-resources/core';
import { mockClient } from 'aws-sdk-client-mock';
import { isAwaited, isWanted } from '../../../packages/core/src/stack.ts';
import { type Answer, type Bucket, responseBucket } from './bucket.ts';
import { captured, type Lines } from './console.ts';
import { event, lambda, stackId } from './event.ts';
import { type Thing, thing } from './thing.ts';

const cloudformation = mockClient(CloudFormationClient);
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
  cloudformation.on(DescribeStackResourceCommand).callsFake(({ LogicalResourceId }) => {
    const status = statuses.length > 1 ? statuses.shift() : statuses[0];
    if (status === 'gone') throw validationError(`Stack '${stackId}' does not exist`);
    return { StackResourceDetail: { LogicalResourceId, ResourceStatus: status, PhysicalResourceId: 'invented' } };
  });
}

function validationError(message: string): CloudFormationServiceException {
  return new CloudFormationServiceException({ name: 'ValidationError', message, $fault: 'client', $metadata: {} });
}

function looking(own: Parameters<typeof thing>[0] = {}): Thing & { send(fields?: object): Promise<Answer> } {
  const one = thing(own);
  const handler = serve(one.resource, { looksAtStack: true });
  return {
    ...one,
    async send(fields = {}) {
      await handler(event({ ResponseURL: bucket.url, ...fields }), lambda());
      return bucket.answer();
    },
  };
}

test('a creation that CloudFormation waits for is asked about before and once it is made, and kept', async () => {
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
      Reason: 'Creating thing-one: CloudFormation has called this request off meanwhile, so it was deleted again',
    });
    expect([...things.keys()]).toEqual([]);
    expect(calls.filter((call) => call === 'create')).toHaveLength(1);
  },
);

test('a creation that is called off while it is waited for is deleted once it is ready', async () => {
  shown('CREATE_IN_PROGRESS', 'CREATE_IN_PROGRESS', 'DELETE_COMPLETE');
  const statuses = ['Pending', 'Pending', 'InService'];
  const { send, calls, things } = looking({
    read: async (id) => (things.has(id) ? { id, status: statuses.shift() ?? 'InService' } : undefined),
  });
  expect((await send()).Status).toBe('FAILED');
  expect(calls).toContain('delete thing-one');
  expect(cloudformation.commandCalls(DescribeStackResourceCommand)).toHaveLength(3);
});

test('a creation that fails is deleted too where nobody waits for it any more', async () => {
  shown('CREATE_IN_PROGRESS', 'CREATE_IN_PROGRESS', 'gone');
  const statuses = ['Pending', 'Failed'];
  const { send, things, calls } = looking({
    read: async (id) => (things.has(id) ? { id, status: statuses.shift() ?? 'Failed' } : undefined),
  });
  await send();
  expect(calls).toContain('delete thing-one');
  expect([...things.keys()]).toEqual([]);
});

test('what is called off and cannot be deleted is told in the log, with its id', async () => {
  shown('CREATE_IN_PROGRESS', 'gone');
  const { send } = looking({ delete: async (id) => Promise.reject(new Error(`${id} is in use`)) });
  expect(await send()).toMatchObject({
    Status: 'FAILED',
    PhysicalResourceId: 'thing-one',
    Reason: 'thing-one is in use',
  });
});

test('a look that is refused or fails is a warning, and the creation succeeds', async () => {
  cloudformation
    .on(DescribeStackResourceCommand)
    .rejects(new CloudFormationServiceException({ name: 'AccessDenied', $fault: 'client', $metadata: {} }));
  const { send } = looking();
  expect((await send()).Status).toBe('SUCCESS');
  expect(lines.json()).toContainEqual(
    expect.objectContaining({ level: 'WARN', message: expect.stringMatching(/^The stack could not be looked at/) }),
  );
});

test('a function without a waiter does not look, unless it is asked to', async () => {
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
] as const)('the answer to a %s of a resource that is %s is awaited: %s', (requestType, ResourceStatus, awaited) => {
  expect(isAwaited({ ResourceStatus }, requestType)).toBe(awaited);
});

describe('a request that comes again once it has its answer', () => {
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
  ] as const)('does nothing and gets no other: a %s', async (_, fields, status) => {
    shown(status);
    timeFlies();
    const { resource, calls } = thing();
    const polled = await serve(resource, { looksAtStack: true })(
      event({ ResponseURL: bucket.url, ...fields }),
      lambda(),
    );
    expect(polled).toEqual({ done: true });
    expect(bucket.puts).toEqual([]);
    expect(calls).toEqual([]);
    expect(lines.json()).toContainEqual(
      expect.objectContaining({ level: 'WARN', message: expect.stringMatching(/does not wait for this request/) }),
    );
  });

  test('is worked on where CloudFormation was merely late to show that it waits', async () => {
    shown('UPDATE_COMPLETE', 'UPDATE_IN_PROGRESS');
    const { send, things, calls } = looking();
    things.set('thing-one', 'InService');
    expect((await send(update)).Status).toBe('SUCCESS');
    expect(calls).toContain('update thing-one');
  });
});

describe('an Update that takes back a replacement that was refused', () => {
  const swapped = {
    RequestType: 'Update',
    PhysicalResourceId: 'thing-one',
    ResourceProperties: { Name: 'one', Size: '1' },
    OldResourceProperties: { Name: 'one', Size: '2' },
  };
  const own = { immutable: ['Size'], fixedName: ['Name'] } as const;

  test('finds nothing replaced, and succeeds', async () => {
    cloudformation.on(DescribeStacksCommand).resolves({
      Stacks: [{ StackName: 'studio', CreationTime: undefined, StackStatus: 'UPDATE_ROLLBACK_IN_PROGRESS' }],
    });
    const { send, things } = looking(own);
    things.set('thing-one', 'InService');
    expect(await send(swapped)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'thing-one' });
  });

  test('is refused like the replacement where the stack is not on its way back', async () => {
    cloudformation.on(DescribeStacksCommand).resolves({
      Stacks: [{ StackName: 'studio', CreationTime: undefined, StackStatus: 'UPDATE_IN_PROGRESS' }],
    });
    const { send, things } = looking(own);
    things.set('thing-one', 'InService');
    expect((await send(swapped)).Reason).toMatch(/cannot be made in place/);
  });
});
