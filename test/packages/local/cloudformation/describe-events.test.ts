import { StackCloud } from '../stack-cloud.ts';
import { badFails, bucket, things } from './stack-templates.ts';

const custom = {
  Type: 'Custom::Thing',
  Properties: { ServiceToken: 'arn:aws:lambda:us-east-1:111122223333:function:provider' },
};
let cloud: StackCloud;
beforeEach(() => {
  cloud = new StackCloud();
});
afterEach(() => cloud.cloud.close());

const shown = async (input: Parameters<typeof cloud.call<'DescribeEvents'>>[1]) => {
  const { OperationEvents } = await cloud.call('DescribeEvents', input);
  return OperationEvents!.toReversed();
};

test('the operations of a stack have their events, and one of their own with their outcome', async () => {
  const TemplateBody = JSON.stringify(things({ Bucket: bucket('thing') }));
  const { OperationId } = await cloud.call('CreateStack', { StackName: 'studio', TemplateBody });
  const inProgress = await shown({ OperationId });
  expect(inProgress[0]).toMatchObject({ EventType: 'STACK_EVENT', OperationStatus: 'IN_PROGRESS' });
  const { LastOperations } = await cloud.ended('studio');
  expect(LastOperations).toEqual([{ OperationId, OperationType: 'CREATE_STACK' }]);
  const all = await shown({ OperationId });
  expect(new Set(all.map((event) => event.OperationType))).toEqual(new Set(['CREATE_STACK']));
  expect(all.find(({ EventType }) => EventType === 'STACK_EVENT')).toMatchObject({
    OperationStatus: 'SUCCEEDED',
    StartTime: all[0]!.Timestamp,
    EndTime: all.at(-1)!.Timestamp,
  });
  expect(all.at(-1)).toMatchObject({ EventType: 'PROGRESS_EVENT', ResourceStatus: 'CREATE_COMPLETE' });
  await cloud.delete('studio');
  expect(await shown({ OperationId })).toEqual(all);
});

test('a failure is found by its filter, in an operation that failed; the rollback is another one', async () => {
  cloud.provider = badFails;
  const { StackId } = await cloud.create('studio', things({ Bad: custom, Bucket: bucket('thing') }));
  const failed = await shown({ StackName: StackId, Filters: { FailedEvents: true } });
  expect(failed[0]).toMatchObject({
    ...{ EventType: 'PROVISIONING_ERROR', LogicalResourceId: 'Bad', OperationType: 'CREATE_STACK' },
    ResourceStatusReason: expect.stringContaining('no'),
  });
  const operations = (await shown({ StackName: StackId })).filter(({ EventType }) => EventType === 'STACK_EVENT');
  expect(operations.map((one) => [one.OperationType, one.OperationStatus])).toEqual([
    ['CREATE_STACK', 'FAILED'],
    ['ROLLBACK', 'SUCCEEDED'],
  ]);
});

test('a change set is an operation of its own', async () => {
  const request = { StackName: 'studio', ChangeSetName: 'first', ChangeSetType: 'CREATE' } as const;
  const TemplateBody = JSON.stringify(things({ Bucket: bucket('thing') }));
  const { Id } = await cloud.call('CreateChangeSet', { ...request, TemplateBody });
  const [event, ...others] = await shown({ ChangeSetName: Id });
  expect(event).toMatchObject({ OperationType: 'CREATE_CHANGESET', EventType: 'STACK_EVENT' });
  expect(others).toEqual([]);
  expect(await shown({ OperationId: event!.OperationId })).toEqual([event]);
});

test('a stack, a change set or an operation has to be named, and to exist', async () => {
  await expect(shown({})).rejects.toThrow('One of ChangeSetName, OperationId or StackName must be specified as input.');
  await expect(shown({ StackName: 'none' })).rejects.toThrow('Stack [none] does not exist');
  await expect(shown({ OperationId: 'none' })).rejects.toThrow('Operation [none] does not exist');
});
