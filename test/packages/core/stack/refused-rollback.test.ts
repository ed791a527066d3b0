import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { matching, number, properties, serve, string } from '@studio-resources/core';
import { event, lambda } from '../event.ts';
import { thing } from '../thing.ts';
import { checkedStack } from './checked-stack.ts';

const { bucket, cloudformation, shown, stackIs, checkingThing } = checkedStack();

test('a rollback that must not succeeds, changes nothing, and answers the attributes', async () => {
  shown('UPDATE_IN_PROGRESS');
  cloudformation.on(DescribeStacksCommand).resolves({
    Stacks: [{ StackName: 'studio', CreationTime: new Date(), StackStatus: 'UPDATE_ROLLBACK_IN_PROGRESS' }],
  });
  const { resource, calls, things } = thing({ authorize: async () => 'it is closed' });
  things.set('thing-one', 'Updating');
  const properties = { ResourceProperties: { Name: 'one', Size: '1' }, OldResourceProperties: { Name: 'two' } };
  const request = { RequestType: 'Update', PhysicalResourceId: 'thing-one', ...properties };
  await serve(resource)(event({ ResponseURL: bucket.url, ...request }), lambda());
  expect(bucket.answer()).toMatchObject({
    Status: 'SUCCESS',
    PhysicalResourceId: 'thing-one',
    Data: { Arn: 'arn:thing/thing-one' },
  });
  expect(calls).toEqual(['read thing-one']);
});

describe('former properties that a newer release refuses', () => {
  const schema = properties({
    Name: string(),
    Size: number().optional(),
    Secret: matching(/^[a-z]+$/, 'small letters').optional(),
  });
  const former = { Name: 'one', Size: '1', Secret: 'UPPER' };
  const update = {
    RequestType: 'Update',
    PhysicalResourceId: 'thing-one',
    ResourceProperties: former,
    OldResourceProperties: { Name: 'one', Size: '2' },
  };

  test('are taken as they are in a rollback, beside the others, which are read', async () => {
    shown('UPDATE_IN_PROGRESS');
    stackIs('UPDATE_ROLLBACK_IN_PROGRESS');
    const seen: unknown[] = [];
    const { send, things } = checkingThing({ schema, update: async (_, props, old) => void seen.push(props, old) });
    things.set('thing-one', 'InService');
    expect(await send(update)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'thing-one' });
    expect(seen).toEqual([
      { Name: 'one', Size: 1, Secret: 'UPPER' },
      { Name: 'one', Size: 2 },
    ]);
  });

  test('are refused in an update, before anything is changed', async () => {
    shown('UPDATE_IN_PROGRESS');
    stackIs('UPDATE_IN_PROGRESS');
    const { send, calls } = checkingThing({ schema });
    expect(await send(update)).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('Secret: expected') });
    expect(calls).toEqual([]);
  });
});
