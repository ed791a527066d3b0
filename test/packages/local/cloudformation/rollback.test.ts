import { custom, StackCloud } from '../stack-cloud.ts';
import { badFails, body, bucket, bucketNames, things } from './stack-templates.ts';

test('a failure rolls back what was created, dependents first', async () => {
  const cloud = new StackCloud();
  cloud.provider = badFails;
  const template = things({
    First: custom(),
    Second: custom({ First: { Ref: 'First' } }),
    Bad: custom({ Second: { Ref: 'Second' } }),
    Never: custom({ Bad: { Ref: 'Bad' } }),
  });
  expect(await cloud.create('studio', template)).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE', Outputs: [] });
  expect(cloud.asked().slice(3)).toEqual(['Delete Bad Bad', 'Delete Second Second', 'Delete First First']);
  await expect(cloud.update('studio', template)).rejects.toThrow(
    'is in ROLLBACK_COMPLETE state and can not be updated.',
  );
});

test.each([
  [{ OnFailure: 'DELETE' as const }, 'DELETE_COMPLETE', ['Delete Bad Bad']],
  [{ OnFailure: 'DO_NOTHING' as const }, 'CREATE_FAILED', []],
  [{ DisableRollback: true }, 'CREATE_FAILED', []],
])('%j after a failure leads to %s', async (more, StackStatus, asked) => {
  const cloud = new StackCloud();
  cloud.provider = badFails;
  expect(await cloud.create('studio', things({ Bad: custom() }), more)).toMatchObject({ StackStatus });
  expect(cloud.asked().slice(1)).toEqual(asked);
});

test('a failed creation that was not rolled back can be rolled back, updated or deleted', async () => {
  const cloud = new StackCloud();
  const succeed = cloud.provider;
  const template = things({ Bad: custom(), Good: custom({ Bad: { Ref: 'Bad' } }) });
  for (const StackName of ['rolled-back', 'mended', 'deleted']) {
    cloud.provider = badFails;
    expect(await cloud.create(StackName, template, { DisableRollback: true })).toMatchObject({
      StackStatus: 'CREATE_FAILED',
      StackStatusReason: 'The following resource(s) failed to create: [Bad]. ',
    });
  }
  await cloud.call('RollbackStack', { StackName: 'rolled-back' });
  expect(await cloud.ended('rolled-back')).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' });
  expect(await cloud.delete('deleted')).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });

  cloud.provider = succeed;
  cloud.requests.length = 0;
  expect(await cloud.update('mended', template)).toMatchObject({ StackStatus: 'UPDATE_COMPLETE' });
  expect(cloud.asked()).toEqual(['Create Bad', 'Create Good', 'Delete Bad Bad']);
  await expect(cloud.call('RollbackStack', { StackName: 'mended' })).rejects.toThrow('can not be rolled back');
});

test('a failed update of a stack whose creation failed is rolled back by deleting its resources', async () => {
  const cloud = new StackCloud();
  cloud.provider = badFails;
  const template = (N: number) => things({ Good: custom({ N }), Bad: custom({ N, Good: { Ref: 'Good' } }) });
  await cloud.create('studio', template(1), { DisableRollback: true });
  const failed = await cloud.update('studio', template(2), { DisableRollback: true });
  expect(failed).toMatchObject({ StackStatus: 'UPDATE_FAILED' });
  expect(await cloud.update('studio', template(3))).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' });
  expect(cloud.asked().slice(-2)).toEqual(['Delete Bad Bad', 'Delete Good Good']);
});

test('a creation that takes too long is rolled back', async () => {
  const cloud = new StackCloud();
  cloud.provider = ({ RequestType }) => (RequestType === 'Create' ? undefined : { PhysicalResourceId: 'x' });
  const stack = await cloud.create('studio', things({ Slow: custom() }), { TimeoutInMinutes: 5 });
  expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
  expect(await cloud.history('studio')).toEqual(
    expect.arrayContaining([
      'Slow CREATE_FAILED: Resource creation cancelled',
      'studio ROLLBACK_IN_PROGRESS: Stack creation time exceeded the specified timeout. Rollback requested by user.',
    ]),
  );
});

test('a stack that is being created can be deleted', async () => {
  const cloud = new StackCloud();
  cloud.provider = ({ RequestType }) => (RequestType === 'Create' ? undefined : { PhysicalResourceId: 'x' });
  const { StackId } = await cloud.call('CreateStack', body(things({ Slow: custom() })));
  await cloud.when(() => cloud.requests[0]);
  await cloud.call('DeleteStack', { StackName: 'studio' });
  expect(await cloud.ended(StackId!)).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
  expect(cloud.asked()).toEqual(['Create Slow', expect.stringMatching(/^Delete Slow studio-Slow-\w{12}$/)]);
});

test('a failed deletion keeps the resources that could not be deleted and their dependencies; a later one can retain them', async () => {
  const cloud = new StackCloud();
  await cloud.create('studio', things({ First: custom(), Stuck: custom({ First: { Ref: 'First' } }), Free: custom() }));
  cloud.provider = ({ LogicalResourceId, PhysicalResourceId }) =>
    LogicalResourceId === 'Stuck' ? { Status: 'FAILED', Reason: 'no', PhysicalResourceId } : { PhysicalResourceId };
  await expect(cloud.call('DeleteStack', { StackName: 'studio', RetainResources: ['Stuck'] })).rejects.toThrow(
    'RetainResources can only be specified',
  );
  expect(await cloud.delete('studio')).toMatchObject({
    StackStatus: 'DELETE_FAILED',
    StackStatusReason: 'The following resource(s) failed to delete: [Stuck]. ',
  });
  const { StackResources } = await cloud.call('DescribeStackResources', { StackName: 'studio' });
  expect(Object.fromEntries(StackResources!.map((one) => [one.LogicalResourceId, one.ResourceStatus]))).toEqual({
    First: 'CREATE_COMPLETE',
    Stuck: 'DELETE_FAILED',
    Free: 'DELETE_COMPLETE',
  });
  await expect(cloud.call('DeleteStack', { StackName: 'studio', RetainResources: ['Other'] })).rejects.toThrow(
    '[Other] do not exist',
  );
  const { StackId } = await cloud.stack('studio');
  await cloud.call('DeleteStack', { StackName: 'studio', RetainResources: ['Stuck'] });
  expect(await cloud.ended(StackId!)).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
  expect(await cloud.history(StackId!)).toContain('Stuck DELETE_SKIPPED');
});

test('a deletion policy retains a resource when its stack is deleted, and decides what a failed creation leaves', async () => {
  const cloud = new StackCloud();
  const template = things({
    Always: bucket('always', { DeletionPolicy: 'Retain' }),
    Once: bucket('once-made', { DeletionPolicy: 'RetainExceptOnCreate' }),
    Never: bucket('never', { DeletionPolicy: 'Delete' }),
  });
  await cloud.create('studio', template);
  await cloud.delete('studio');
  expect(await bucketNames(cloud)).toEqual(['always', 'once-made']);

  const other = new StackCloud();
  other.provider = badFails;
  const resources = { ...template.Resources, Bad: custom({}, { DependsOn: ['Always', 'Once', 'Never'] }) };
  expect(await other.create('studio', things(resources))).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' });
  expect(await bucketNames(other)).toEqual(['always']);
});

test('a stack that is rolling back is deleted only after the rollback', async () => {
  const cloud = new StackCloud();
  cloud.provider = ({ RequestType, PhysicalResourceId = 'x' }) =>
    RequestType === 'Create' ? { Status: 'FAILED', Reason: 'no', PhysicalResourceId } : undefined;
  await cloud.call('CreateStack', body(things({ Thing: custom() })));
  await cloud.when(() => cloud.requests[1]);
  await expect(cloud.call('DeleteStack', { StackName: 'studio' })).rejects.toThrow(
    'cannot be deleted while in status ROLLBACK_IN_PROGRESS',
  );
});
