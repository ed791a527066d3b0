import {
  CloudFormationClient,
  CloudFormationServiceException,
  DescribeStackEventsCommand,
  DescribeStackResourceCommand,
  DescribeStacksCommand,
  type ResourceStatus,
  type StackEvent,
  type StackStatus,
} from '@aws-sdk/client-cloudformation';
import { jest } from '@jest/globals';
import { serve } from '@studio-resources/core';
import { mockClient } from 'aws-sdk-client-mock';
import { type Bucket, responseBucket } from '../bucket.ts';
import { captured } from '../console.ts';
import { event, lambda, stackId } from '../event.ts';
import { thing } from '../thing.ts';

const cloudformation = mockClient(CloudFormationClient);
afterAll(() => cloudformation.restore());
let bucket: Bucket;

beforeEach(async () => {
  captured();
  bucket = await responseBucket();
  cloudformation.reset();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await bucket.close();
});

type Told = [LogicalResourceId: string, ResourceStatus: ResourceStatus, PhysicalResourceId?: string];

/** What CloudFormation shows: the stack, the resource, and the events, the newest first. */
function shown(StackStatus: StackStatus, ResourceStatus: ResourceStatus, ...events: Told[]): void {
  const at = { StackName: 'studio', CreationTime: new Date(), StackStatus };
  cloudformation.on(DescribeStacksCommand).resolves({ Stacks: [at] });
  const detail = { LogicalResourceId: 'MyThing', ResourceStatus, ResourceType: 'T', LastUpdatedTimestamp: new Date() };
  cloudformation.on(DescribeStackResourceCommand).resolves({ StackResourceDetail: detail });
  const StackEvents = events.map(
    ([LogicalResourceId, status, PhysicalResourceId = 'thing-one']): StackEvent => ({
      StackId: 'studio',
      EventId: 'event',
      StackName: 'studio',
      Timestamp: new Date(),
      LogicalResourceId,
      ResourceStatus: status,
      PhysicalResourceId,
    }),
  );
  cloudformation.on(DescribeStackEventsCommand).resolves({ StackEvents });
}

/** Sends a request about `thing-one`, which is there; gives its response, and the updates and deletions that were made. */
async function send(fields: object) {
  const updates: unknown[] = [];
  const { resource, calls } = thing({
    find: async () => 'thing-one',
    read: async (id) => ({ id, status: 'InService' }),
    update: async (id, props, old) => void updates.push([id, props, old]),
    delete: async () => 'retained',
  });
  await serve(resource, { checksStack: true })(event({ ResponseURL: bucket.url, ...fields }), lambda());
  return { answer: bucket.answer(), calls, updates };
}

const skipped: Told = ['MyThing', 'DELETE_SKIPPED'];
const starting: Told = ['MyThing', 'CREATE_IN_PROGRESS'];
const deleted: Told = ['MyThing', 'DELETE_COMPLETE'];
const updated: Told = ['studio', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS' as ResourceStatus, stackId];
const rolledBack: Told = ['studio', 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS' as ResourceStatus, stackId];

test.each<[string, Told[]]>([
  ['', [starting, ['Other', 'DELETE_COMPLETE'], updated, skipped]],
  [', for the second time after a rollback,', [starting, deleted, rolledBack, starting, skipped, updated]],
])('what a logical id has retained and names again%s becomes what its template says now', async (_, events) => {
  shown('UPDATE_IN_PROGRESS', 'CREATE_IN_PROGRESS', ...events);
  const { answer, calls, updates } = await send({});
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'thing-one' });
  expect(updates).toEqual([['thing-one', { Name: 'one', Size: 1 }, {}]]);
  expect(calls).not.toContain('create');
});

test.each<[string, Told[]]>([
  ['it has created in the same request', [starting]],
  ['it has created since another was retained', [starting, ['MyThing', 'DELETE_SKIPPED', 'thing-two']]],
  ['a deletion of it has left', [starting, deleted, updated, skipped, updated]],
  ['another logical id has retained', [starting, ['Other', 'DELETE_SKIPPED']]],
])('what %s is used as it is', async (_, events) => {
  shown('UPDATE_IN_PROGRESS', 'CREATE_IN_PROGRESS', ...events);
  const { answer, updates } = await send({});
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'thing-one' });
  expect(updates).toEqual([]);
});

const removal = { RequestType: 'Delete', PhysicalResourceId: 'thing-one' };

test.each<[string, object]>([
  ['its id', removal],
  ['an id that CloudFormation invented', { ...removal, PhysicalResourceId: 'studio-MyThing-1ABC' }],
])('a rollback that deletes it again, by %s, retains it', async (_, request) => {
  shown('UPDATE_ROLLBACK_IN_PROGRESS', 'DELETE_IN_PROGRESS', ['MyThing', 'DELETE_IN_PROGRESS'], starting, skipped);
  const { answer, calls } = await send(request);
  expect(answer.Status).toBe('SUCCESS');
  expect(calls.filter((call) => call.startsWith('delete'))).toEqual([]);
});

test.each<[string, StackStatus, Told[]]>([
  ['a deletion outside of a rollback', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', [starting, skipped]],
  ['the rollback of what was created', 'UPDATE_ROLLBACK_IN_PROGRESS', [starting]],
  [
    'the rollback of another one',
    'UPDATE_ROLLBACK_IN_PROGRESS',
    [starting, ['MyThing', 'DELETE_SKIPPED', 'thing-two']],
  ],
])('%s deletes', async (_, status, events) => {
  shown(status, 'DELETE_IN_PROGRESS', ...events);
  const { answer, calls } = await send(removal);
  expect(answer.Status).toBe('SUCCESS');
  expect(calls).toContain('delete thing-one');
});

test('where the events cannot be read, what is found is used as it is', async () => {
  shown('UPDATE_IN_PROGRESS', 'CREATE_IN_PROGRESS');
  const message = 'User: arn:aws:sts::1:role/f is not authorized to perform: cloudformation:DescribeStackEvents';
  const denied = new CloudFormationServiceException({ name: 'AccessDenied', message, $fault: 'client', $metadata: {} });
  cloudformation.on(DescribeStackEventsCommand).rejects(denied);
  const { answer, updates } = await send({});
  expect(answer.Status).toBe('SUCCESS');
  expect(updates).toEqual([]);
});
