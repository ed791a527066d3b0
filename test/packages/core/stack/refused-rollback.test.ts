import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { serve } from '@studio-resources/core';
import { event, lambda } from '../event.ts';
import { thing } from '../thing.ts';
import { checkedStack } from './checked-stack.ts';

const { bucket, cloudformation, shown } = checkedStack();

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
