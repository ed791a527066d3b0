import { custom, StackCloud } from '../stack-cloud.ts';
import { named, physicalIds, things } from './stack-templates.ts';

test('a failed update is rolled back with the properties swapped, dependents first', async () => {
  const cloud = new StackCloud();
  await cloud.create('studio', things({ A: custom({ N: 1 }), B: custom({ N: 1, A: { Ref: 'A' } }) }));
  cloud.provider = ({ RequestType, LogicalResourceId, ResourceProperties, PhysicalResourceId }) =>
    RequestType === 'Update' && LogicalResourceId === 'B' && ResourceProperties.N === '2'
      ? { Status: 'FAILED', Reason: 'no', PhysicalResourceId }
      : { PhysicalResourceId };
  const stack = await cloud.update('studio', things({ A: custom({ N: 2 }), B: custom({ N: 2, A: { Ref: 'A' } }) }));
  expect(stack.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  const updates = cloud.requests
    .slice(2)
    .map(({ LogicalResourceId, ResourceProperties, OldResourceProperties }) => [
      LogicalResourceId,
      OldResourceProperties!.N,
      ResourceProperties.N,
    ]);
  expect(updates).toEqual([
    ['A', '1', '2'],
    ['B', '1', '2'],
    ['B', '2', '1'],
    ['A', '2', '1'],
  ]);
  expect(await cloud.history('studio')).toContain(
    'studio UPDATE_ROLLBACK_IN_PROGRESS: The following resource(s) failed to update: [B].',
  );
  await expect(
    cloud.update('studio', things({ A: custom({ N: 1 }), B: custom({ N: 1, A: { Ref: 'A' } }) })),
  ).rejects.toThrow('No updates are to be performed.');
});

test('a resource that a failed update created is deleted', async () => {
  const cloud = new StackCloud();
  await cloud.create('studio', things({ Thing: custom() }));
  cloud.provider = ({ LogicalResourceId, RequestType, PhysicalResourceId = 'new' }) =>
    LogicalResourceId === 'Bad' && RequestType === 'Create'
      ? { Status: 'FAILED', Reason: 'no', PhysicalResourceId: 'bad' }
      : { PhysicalResourceId };
  const stack = await cloud.update(
    'studio',
    things({ Thing: custom(), New: custom(), Bad: custom({ New: { Ref: 'New' } }) }),
  );
  expect(stack.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(cloud.asked().slice(1)).toEqual(['Create New', 'Create Bad', 'Delete Bad bad', 'Delete New new']);
  expect(await physicalIds(cloud)).toEqual({ Thing: 'id-of-Thing' });
});

test('a completed replacement is rolled back by an update, and the new resource is deleted', async () => {
  const cloud = new StackCloud();
  cloud.provider = named;
  await cloud.create('studio', things({ Thing: custom({ Name: 'old' }) }));
  cloud.provider = (request) =>
    request.LogicalResourceId === 'Bad' && request.RequestType === 'Create'
      ? { Status: 'FAILED', Reason: 'no', PhysicalResourceId: 'bad' }
      : named(request);
  await cloud.update('studio', things({ Thing: custom({ Name: 'new' }), Bad: custom({ Of: { Ref: 'Thing' } }) }));
  expect(cloud.asked().slice(1, 4)).toEqual(['Update Thing old', 'Create Bad', 'Update Thing new']);
  expect(cloud.asked().slice(4).sort()).toEqual(['Delete Bad bad', 'Delete Thing new']);
  expect(await physicalIds(cloud)).toEqual({ Thing: 'old' });
});

test('a replacement that failed is deleted with its own id, without another update', async () => {
  const cloud = new StackCloud();
  cloud.provider = named;
  await cloud.create('studio', things({ Thing: custom({ Name: 'old' }) }));
  cloud.provider = (request) =>
    request.RequestType === 'Update' ? { Status: 'FAILED', Reason: 'no', PhysicalResourceId: 'new' } : named(request);
  expect(await cloud.update('studio', things({ Thing: custom({ Name: 'new' }) }))).toMatchObject({
    StackStatus: 'UPDATE_ROLLBACK_COMPLETE',
  });
  expect(cloud.asked().slice(1)).toEqual(['Update Thing old', 'Delete Thing new']);
  expect(await physicalIds(cloud)).toEqual({ Thing: 'old' });
});

test('when the response to a rollback has a third id, the resources with the two others are deleted', async () => {
  const cloud = new StackCloud();
  let made = 0;
  cloud.provider = ({ RequestType, LogicalResourceId, PhysicalResourceId }) => {
    if (RequestType === 'Delete') return { PhysicalResourceId };
    if (LogicalResourceId === 'Bad') return { Status: 'FAILED', Reason: 'no', PhysicalResourceId: 'bad' };
    made += 1;
    return { PhysicalResourceId: `thing-${made}` };
  };
  await cloud.create('studio', things({ Thing: custom({ N: 1 }) }));
  await cloud.update('studio', things({ Thing: custom({ N: 2 }), Bad: custom({ Of: { Ref: 'Thing' } }) }));
  const deleted = cloud.asked().filter((line) => line.startsWith('Delete'));
  expect(deleted.sort()).toEqual(['Delete Bad bad', 'Delete Thing thing-1', 'Delete Thing thing-2']);
  expect(await physicalIds(cloud)).toEqual({ Thing: 'thing-3' });
});

test('a failed rollback can be continued, and resources that still fail can be skipped', async () => {
  const cloud = new StackCloud();
  await cloud.create('studio', things({ A: custom({ N: 1 }), B: custom({ N: 1 }) }));
  cloud.provider = ({ PhysicalResourceId }) => ({ Status: 'FAILED', Reason: 'stuck', PhysicalResourceId });
  const failed = await cloud.update('studio', things({ A: custom({ N: 2 }), B: custom({ N: 2 }) }));
  expect(failed).toMatchObject({
    StackStatus: 'UPDATE_ROLLBACK_FAILED',
    StackStatusReason: 'The following resource(s) failed to update: [A, B]. ',
  });
  await expect(cloud.update('studio', things({ A: custom({ N: 3 }) }))).rejects.toThrow(
    'is in UPDATE_ROLLBACK_FAILED state and can not be updated.',
  );
  await expect(cloud.call('ContinueUpdateRollback', { StackName: 'studio', ResourcesToSkip: ['C'] })).rejects.toThrow(
    '[C] are not',
  );

  cloud.provider = ({ LogicalResourceId, PhysicalResourceId }) =>
    LogicalResourceId === 'A' ? { PhysicalResourceId } : { Status: 'FAILED', Reason: 'stuck', PhysicalResourceId };
  await cloud.call('ContinueUpdateRollback', { StackName: 'studio' });
  expect(await cloud.ended('studio')).toMatchObject({
    StackStatus: 'UPDATE_ROLLBACK_FAILED',
    StackStatusReason: 'The following resource(s) failed to update: [B]. ',
  });
  const before = cloud.requests.length;
  await cloud.call('ContinueUpdateRollback', { StackName: 'studio', ResourcesToSkip: ['B'] });
  expect(await cloud.ended('studio')).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE' });
  expect(cloud.requests.length).toBe(before);
});

test('a cancelled update is rolled back', async () => {
  const cloud = new StackCloud();
  await cloud.create('studio', things({ Thing: custom({ N: 1 }) }));
  cloud.provider = ({ ResourceProperties, PhysicalResourceId }) =>
    ResourceProperties.N === '2' ? undefined : { PhysicalResourceId };
  await cloud.call('UpdateStack', {
    StackName: 'studio',
    TemplateBody: JSON.stringify(things({ Thing: custom({ N: 2 }) })),
  });
  await cloud.when(() => cloud.requests[1]);
  await cloud.call('CancelUpdateStack', { StackName: 'studio' });
  expect(await cloud.ended('studio')).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE' });
  expect((await cloud.history('studio')).slice(-8)).toEqual([
    'studio UPDATE_IN_PROGRESS: User Initiated',
    'Thing UPDATE_IN_PROGRESS',
    'Thing UPDATE_FAILED: Resource update cancelled',
    'studio UPDATE_ROLLBACK_IN_PROGRESS: User Initiated',
    'Thing UPDATE_IN_PROGRESS',
    'Thing UPDATE_COMPLETE',
    'studio UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
    'studio UPDATE_ROLLBACK_COMPLETE',
  ]);
  await expect(cloud.call('CancelUpdateStack', { StackName: 'studio' })).rejects.toThrow(
    'CancelUpdateStack cannot be called from current stack status: UPDATE_ROLLBACK_COMPLETE',
  );
});

test('an update with DisableRollback stays failed, and can be updated or rolled back', async () => {
  const cloud = new StackCloud();
  await cloud.create('studio', things({ A: custom({ N: 1 }), B: custom({ N: 1 }) }));
  const succeed = cloud.provider;
  cloud.provider = ({ LogicalResourceId, PhysicalResourceId }) =>
    LogicalResourceId === 'B' ? { Status: 'FAILED', Reason: 'no', PhysicalResourceId } : { PhysicalResourceId };
  const changed = things({ A: custom({ N: 2 }), B: custom({ N: 2 }) });
  expect(await cloud.update('studio', changed, { DisableRollback: true })).toMatchObject({
    StackStatus: 'UPDATE_FAILED',
    StackStatusReason: 'The following resource(s) failed to update: [B]. ',
  });
  cloud.provider = succeed;
  await cloud.call('RollbackStack', { StackName: 'studio' });
  expect(await cloud.ended('studio')).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE' });
  expect(cloud.requests.slice(-2).map(({ ResourceProperties }) => ResourceProperties.N)).toEqual(['1', '1']);

  cloud.provider = ({ PhysicalResourceId }) => ({ Status: 'FAILED', Reason: 'no', PhysicalResourceId });
  await cloud.update('studio', changed, { DisableRollback: true });
  cloud.provider = succeed;
  expect(await cloud.update('studio', changed)).toMatchObject({ StackStatus: 'UPDATE_COMPLETE' });
});

test('an update that failed before it changed a resource can be followed by another, without a replacement', async () => {
  const cloud = new StackCloud();
  const bucket = (BucketName: unknown) => ({
    Resources: { Thing: custom(), Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName } } },
  });
  await cloud.create('studio', bucket('first'));
  const missing = bucket({ 'Fn::GetAtt': ['Thing', 'Name'] });
  expect(await cloud.update('studio', missing, { DisableRollback: true })).toMatchObject({
    StackStatus: 'UPDATE_FAILED',
  });
  expect(await cloud.update('studio', bucket('first'))).toMatchObject({ StackStatus: 'UPDATE_COMPLETE' });
  const { StackResources } = await cloud.call('DescribeStackResources', { StackName: 'studio' });
  expect(StackResources!.map(({ ResourceStatus }) => ResourceStatus)).toEqual(['CREATE_COMPLETE', 'UPDATE_COMPLETE']);
  expect(await physicalIds(cloud)).toMatchObject({ Bucket: 'first' });
});

test('a parameter that was NoEcho is NoEcho again after a rollback', async () => {
  const cloud = new StackCloud();
  const template = (NoEcho: boolean, N: number) => ({
    Parameters: { Key: { Type: 'String', NoEcho, Default: 'secret' } },
    Resources: { Thing: custom({ N }) },
  });
  await cloud.create('studio', template(true, 1));
  cloud.provider = ({ ResourceProperties, PhysicalResourceId }) =>
    ResourceProperties.N === '2' ? { Status: 'FAILED', Reason: 'no', PhysicalResourceId } : { PhysicalResourceId };
  expect(await cloud.update('studio', template(false, 2))).toMatchObject({
    StackStatus: 'UPDATE_ROLLBACK_COMPLETE',
    Parameters: [{ ParameterValue: '****' }],
  });
});
