import { s3 } from '../../../../packages/local/src/services/s3/index.ts';
import { custom, type ProviderRequest, StackCloud } from '../stack-cloud.ts';

const things = (resources: Record<string, object>, outputs?: object) => ({ Resources: resources, Outputs: outputs });

/** A provider whose things are replaced when their `Name` changes: the id is the name. */
function named({ ResourceProperties, PhysicalResourceId, RequestType }: ProviderRequest) {
  return { PhysicalResourceId: RequestType === 'Delete' ? PhysicalResourceId : ResourceProperties.Name };
}

async function physicalIds(cloud: StackCloud): Promise<Record<string, string>> {
  const { StackResources } = await cloud.call('DescribeStackResources', { StackName: 'studio' });
  return Object.fromEntries(StackResources!.map((one) => [one.LogicalResourceId, one.PhysicalResourceId]));
}

test('an update changes, makes and drops, and cleans up when all is done', async () => {
  const cloud = new StackCloud();
  await cloud.create('studio', things({ Kept: custom({ A: 1 }), Same: custom(), Gone: custom() }));
  const stack = await cloud.update('studio', things({ Kept: custom({ A: 2 }), Same: custom(), New: custom() }));
  expect(stack.StackStatus).toBe('UPDATE_COMPLETE');
  const history = (await cloud.history('studio')).filter((line) => line.startsWith('studio'));
  expect(history.slice(2)).toEqual([
    'studio UPDATE_IN_PROGRESS: User Initiated',
    'studio UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
    'studio UPDATE_COMPLETE',
  ]);
  expect(cloud.asked().slice(3, 5).sort()).toEqual(['Create New', 'Update Kept id-of-Kept']);
  expect(cloud.asked().slice(5)).toEqual(['Delete Gone id-of-Gone']);
  expect(Object.keys(await physicalIds(cloud)).sort()).toEqual(['Kept', 'New', 'Same']);
});

test('what an update has removed is shown until it is deleted, and the template is the new one by then', async () => {
  const cloud = new StackCloud();
  let shown: Record<string, string> = {};
  let template = '';
  cloud.provider = async ({ RequestType, LogicalResourceId, PhysicalResourceId }) => {
    if (RequestType === 'Delete') {
      const { StackResourceSummaries } = await cloud.call('ListStackResources', { StackName: 'studio' });
      shown = Object.fromEntries(
        StackResourceSummaries!.map((one) => [
          one.LogicalResourceId!,
          `${one.PhysicalResourceId} ${one.ResourceStatus}`,
        ]),
      );
      const input = { StackName: 'studio', TemplateStage: 'Processed' } as const;
      template = (await cloud.call('GetTemplate', input)).TemplateBody!;
    }
    return { PhysicalResourceId: PhysicalResourceId ?? `id-of-${LogicalResourceId}` };
  };
  await cloud.create('studio', things({ Kept: custom(), Gone: custom() }));
  await cloud.update('studio', things({ Kept: custom() }));
  expect(shown).toEqual({ Kept: 'id-of-Kept CREATE_COMPLETE', Gone: 'id-of-Gone DELETE_IN_PROGRESS' });
  expect(Object.keys(JSON.parse(template).Resources)).toEqual(['Kept']);
  expect(await physicalIds(cloud)).toEqual({ Kept: 'id-of-Kept' });
});

test('an update without changes is refused', async () => {
  const cloud = new StackCloud();
  const template = things({ Thing: custom({ Size: 5 }) }, { Id: { Value: { Ref: 'Thing' } } });
  await cloud.create('studio', template);
  await expect(cloud.update('studio', template)).rejects.toThrow('No updates are to be performed.');
  const another = things({ Thing: custom({ Size: '5' }) }, { Id: { Value: { Ref: 'Thing' } } });
  await expect(cloud.update('studio', another)).rejects.toThrow('No updates are to be performed.');
});

test('a change of an output or of the tags alone is an update', async () => {
  const cloud = new StackCloud();
  await cloud.create('studio', things({ Thing: custom() }));
  const template = things({ Thing: custom() }, { Id: { Value: { Ref: 'Thing' } } });
  expect(await cloud.update('studio', template)).toMatchObject({ Outputs: [{ OutputValue: 'id-of-Thing' }] });
  const Tags = [{ Key: 'team', Value: 'ml' }];
  expect(await cloud.update('studio', template, { Tags })).toMatchObject({ StackStatus: 'UPDATE_COMPLETE', Tags });
});

test('another id in the answer is a replacement: the old thing goes in clean-up', async () => {
  const cloud = new StackCloud();
  cloud.provider = named;
  await cloud.create(
    'studio',
    things({ Thing: custom({ Name: 'old' }), User: custom({ Name: 'u', Of: { Ref: 'Thing' } }) }),
  );
  await cloud.update(
    'studio',
    things({ Thing: custom({ Name: 'new' }), User: custom({ Name: 'u', Of: { Ref: 'Thing' } }) }),
  );
  expect(cloud.asked().slice(2)).toEqual(['Update Thing old', 'Update User u', 'Delete Thing old']);
  expect(cloud.requests[3]!.ResourceProperties.Of).toBe('new');
  expect(cloud.requests[4]!.ResourceProperties.Name).toBe('old');
  expect(await cloud.history('studio')).toContain(
    'Thing UPDATE_IN_PROGRESS: Requested update required the provider to create a new physical resource',
  );
  expect(await physicalIds(cloud)).toEqual({ Thing: 'new', User: 'u' });
});

test('a failed update is taken back with the properties swapped, dependents first', async () => {
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

test('what a failed update made is deleted', async () => {
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

test('a made replacement is asked back, and the new thing is deleted', async () => {
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

test('a replacement that failed half-made is deleted by its own id, without another update', async () => {
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

test('a provider that answers the rollback with a third id leaves neither of the others', async () => {
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

test('a rollback that fails can be continued, and what still fails skipped', async () => {
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

test('an update that may not roll back stays as it failed, and can be mended or taken back', async () => {
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

test('another type under the same logical id is refused', async () => {
  const cloud = new StackCloud();
  await cloud.create('studio', things({ Thing: custom() }));
  const template = things({ Thing: custom({}, { Type: 'Custom::Other' }) });
  await expect(cloud.update('studio', template)).rejects.toThrow(
    'Update of resource type is not permitted. The new template modifies resource type of the following resources: [Thing]',
  );
});

test('a native thing is changed in place or replaced as its property demands', async () => {
  const cloud = new StackCloud();
  const bucket = (Properties: object) => ({ Resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties } } });
  await cloud.create('studio', bucket({ BucketName: 'first' }));
  await cloud.update('studio', bucket({ BucketName: 'first', VersioningConfiguration: { Status: 'Enabled' } }));
  expect((await cloud.invoke(s3, 'GetBucketVersioning', { Bucket: 'first' })).Status).toBe('Enabled');
  await cloud.update('studio', bucket({ BucketName: 'second' }));
  expect((await cloud.invoke(s3, 'ListBuckets', {})).Buckets).toMatchObject([{ Name: 'second' }]);
  expect((await cloud.history('studio')).slice(-8)).toEqual([
    'studio UPDATE_IN_PROGRESS: User Initiated',
    'Bucket UPDATE_IN_PROGRESS: Requested update requires the creation of a new physical resource; hence creating one.',
    'Bucket UPDATE_IN_PROGRESS: Resource creation Initiated',
    'Bucket UPDATE_COMPLETE',
    'studio UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
    'Bucket DELETE_IN_PROGRESS',
    'Bucket DELETE_COMPLETE',
    'studio UPDATE_COMPLETE',
  ]);
});

test('what is replaced or dropped stays where its policies say so', async () => {
  const cloud = new StackCloud();
  const bucket = (BucketName: string) => ({ Type: 'AWS::S3::Bucket', Properties: { BucketName } });
  await cloud.create(
    'studio',
    things({
      A: { ...bucket('first-1'), UpdateReplacePolicy: 'Retain' },
      B: { ...bucket('kept'), DeletionPolicy: 'Retain' },
      C: bucket('dropped'),
      D: bucket('untouched'),
    }),
  );
  await cloud.update(
    'studio',
    things({ A: { ...bucket('first-2'), UpdateReplacePolicy: 'Retain' }, D: bucket('untouched') }),
  );
  const { Buckets } = await cloud.invoke(s3, 'ListBuckets', {});
  expect(Buckets!.map(({ Name }) => Name)).toEqual(['first-1', 'first-2', 'kept', 'untouched']);
  expect(await cloud.history('studio')).toEqual(expect.arrayContaining(['A DELETE_SKIPPED', 'B DELETE_SKIPPED']));
});

test('a clean-up that fails is given up, and told', async () => {
  const cloud = new StackCloud();
  await cloud.create('studio', things({ Gone: custom(), Kept: custom() }));
  cloud.provider = ({ PhysicalResourceId }) => ({ Status: 'FAILED', Reason: 'stuck', PhysicalResourceId });
  expect(await cloud.update('studio', things({ Kept: custom() }))).toMatchObject({
    StackStatus: 'UPDATE_COMPLETE',
    StackStatusReason: 'Update successful. One or more resources could not be deleted.',
  });
});

test('an update that failed before anything was sent can be mended, also where a change would replace', async () => {
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

test('a parameter that was NoEcho is so again after a rollback', async () => {
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

const kept = things({ Kept: custom() });
const renamed = things({ Renamed: custom({ Fails: true }) });

/** The logical ids in the template that GetTemplate gives while the provider is asked, and the resources described then. */
async function seenDuring(cloud: StackCloud, update: () => Promise<unknown>): Promise<Record<string, string[]>> {
  const seen: Record<string, string[]> = {};
  const { provider } = cloud;
  cloud.provider = async (request) => {
    const { TemplateBody } = await cloud.call('GetTemplate', { StackName: 'studio', TemplateStage: 'Processed' });
    const { StackResourceSummaries } = await cloud.call('ListStackResources', { StackName: 'studio' });
    const statuses = StackResourceSummaries!.map((one) => `${one.LogicalResourceId} ${one.ResourceStatus}`);
    const asked = `${request.RequestType} ${request.LogicalResourceId}`;
    seen[asked] = [Object.keys(JSON.parse(TemplateBody!).Resources).join(), ...statuses];
    return provider(request);
  };
  await update();
  return seen;
}

test('during an update GetTemplate gives the new template, and what is removed is described until it is deleted', async () => {
  const cloud = new StackCloud();
  await cloud.create('studio', kept);
  expect(await seenDuring(cloud, () => cloud.update('studio', renamed))).toEqual({
    'Create Renamed': ['Renamed', 'Kept CREATE_COMPLETE', 'Renamed CREATE_IN_PROGRESS'],
    'Delete Kept': ['Renamed', 'Kept DELETE_IN_PROGRESS', 'Renamed CREATE_COMPLETE'],
  });
  await expect(cloud.call('DescribeStackResource', { StackName: 'studio', LogicalResourceId: 'Kept' })).rejects.toThrow(
    'Resource Kept does not exist for stack studio',
  );
});

test('during an update GetTemplate gives the old template, where a fault says so', async () => {
  const cloud = new StackCloud(undefined, [], { rules: [{ on: 'template', fault: 'old' }] });
  await cloud.create('studio', kept);
  expect(await seenDuring(cloud, () => cloud.update('studio', renamed))).toMatchObject({
    'Create Renamed': ['Kept', 'Kept CREATE_COMPLETE', 'Renamed CREATE_IN_PROGRESS'],
    'Delete Kept': ['Renamed', 'Kept DELETE_IN_PROGRESS', 'Renamed CREATE_COMPLETE'],
  });
});

test('once an update is rolled back GetTemplate gives the old template, and what the update created is deleted', async () => {
  const cloud = new StackCloud();
  await cloud.create('studio', kept);
  cloud.provider = ({ RequestType, LogicalResourceId, PhysicalResourceId = 'new' }) =>
    RequestType === 'Create' && LogicalResourceId === 'Renamed'
      ? { Status: 'FAILED', Reason: 'no', PhysicalResourceId }
      : { PhysicalResourceId };
  expect(await seenDuring(cloud, () => cloud.update('studio', renamed))).toEqual({
    'Create Renamed': ['Renamed', 'Kept CREATE_COMPLETE', 'Renamed CREATE_IN_PROGRESS'],
    'Delete Renamed': ['Kept', 'Kept CREATE_COMPLETE', 'Renamed DELETE_IN_PROGRESS'],
  });
  expect(await physicalIds(cloud)).toEqual({ Kept: 'id-of-Kept' });
});
