import { DescribeStackResourceCommand } from '@aws-sdk/client-cloudformation';
import { serve } from '@studio-resources/core';
import { isWanted } from '../../../../packages/core/src/stack/stack.ts';
import { event, lambda } from '../event.ts';
import { connectionReset } from '../sdk-errors.ts';
import { thing } from '../thing.ts';
import { checkedStack } from './checked-stack.ts';

const { bucket, cloudformation, shown, shownAs, checkingThing } = checkedStack();

test.each(['DELETE_IN_PROGRESS', 'DELETE_COMPLETE', 'CREATE_FAILED', 'gone'] as const)(
  'what was made for a resource that is %s is deleted again',
  async (status) => {
    shown('CREATE_IN_PROGRESS', status);
    const { send, things, calls } = checkingThing();
    expect(await send()).toMatchObject({
      Status: 'FAILED',
      PhysicalResourceId: 'thing-one',
      Reason: 'Creating thing-one: CloudFormation has cancelled this request, so it was deleted',
    });
    expect([...things.keys()]).toEqual([]);
    expect(calls.filter((call) => call === 'create')).toHaveLength(1);
  },
);

test('when a cancelled request’s call had no response, what it may have created is found and deleted', async () => {
  shown('CREATE_IN_PROGRESS', 'DELETE_COMPLETE');
  const finds: (string | undefined)[] = [undefined, undefined, undefined, 'thing-one'];
  const { send, things, calls } = checkingThing({
    find: async () => finds.shift(),
    create: async () => {
      things.set('thing-one', 'InService');
      throw connectionReset();
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
  const { send, calls } = checkingThing({ create: () => Promise.reject(connectionReset()) });
  expect(await send()).toMatchObject({
    Status: 'FAILED',
    PhysicalResourceId: 'studio-resources:create-failed:request-1',
    Reason: 'CloudFormation has cancelled this request, and it created nothing',
  });
  expect(calls).toEqual(['find', 'create', 'find', 'find', 'find']);
});

test('what another delivery of the request created and responded with is kept', async () => {
  shownAs('thing-one', 'CREATE_IN_PROGRESS', 'CREATE_COMPLETE');
  const { send, things } = checkingThing({
    create: async () => {
      things.set('thing-one', 'InService');
      throw connectionReset();
    },
  });
  await expect(send()).rejects.toThrow();
  expect(bucket.puts).toEqual([]);
  expect([...things.keys()]).toEqual(['thing-one']);
});

test('a creation that is cancelled while it is pending is deleted once it is ready', async () => {
  shown('CREATE_IN_PROGRESS', 'CREATE_IN_PROGRESS', 'DELETE_COMPLETE');
  const statuses = ['Pending', 'Pending', 'InService'];
  const { send, calls, things } = checkingThing({
    read: async (id) => (things.has(id) ? { id, status: statuses.shift() ?? 'InService' } : undefined),
  });
  expect((await send()).Status).toBe('FAILED');
  expect(calls).toContain('delete thing-one');
  expect(cloudformation.commandCalls(DescribeStackResourceCommand)).toHaveLength(4);
});

test('a cancelled creation that fails is deleted, too', async () => {
  shown('CREATE_IN_PROGRESS', 'CREATE_IN_PROGRESS', 'gone');
  const statuses = ['Pending', 'Failed'];
  const { send, things, calls } = checkingThing({
    read: async (id) => (things.has(id) ? { id, status: statuses.shift() ?? 'Failed' } : undefined),
  });
  await send();
  expect(calls).toContain('delete thing-one');
  expect([...things.keys()]).toEqual([]);
});

test('the deletion of a cancelled creation is repeated when the service fails', async () => {
  shown('CREATE_IN_PROGRESS', 'gone');
  const failures = ['Delete_Failed', 'Delete_Failed'];
  const { send, things, calls } = checkingThing({
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

test('a cancelled creation that cannot be deleted is responded to with its id and the reason', async () => {
  shown('CREATE_IN_PROGRESS', 'gone');
  const { send } = checkingThing({ delete: async (id) => Promise.reject(new Error(`${id} is in use`)) });
  expect(await send()).toMatchObject({
    Status: 'FAILED',
    PhysicalResourceId: 'thing-one',
    Reason: 'thing-one is in use',
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

test.each([
  ['CREATE_IN_PROGRESS', undefined, true, true],
  ['UPDATE_IN_PROGRESS', 'thing-0', true, true],
  ['DELETE_FAILED', 'thing-0', true, false],
  // A late duplicate of a request that was answered.
  ['CREATE_COMPLETE', 'thing-1', true, true],
  ['UPDATE_COMPLETE', 'thing-1', true, true],
  // CloudFormation has settled for another, and may go back to what was made before.
  ['UPDATE_COMPLETE', 'thing-0', true, false],
  ['UPDATE_FAILED', 'thing-0', true, false],
  ['UPDATE_COMPLETE', 'thing-0', false, true],
] as const)(
  'a resource that CloudFormation shows as %s with the id %s, created by this request: %s, is wanted: %s',
  (status, id, byThisRequest, wanted) => {
    const resource = { ResourceStatus: status, PhysicalResourceId: id };
    expect(isWanted(resource, { id: 'thing-1', byThisRequest })).toBe(wanted);
  },
);
