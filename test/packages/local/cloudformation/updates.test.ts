import { s3 } from '../../../../packages/local/src/services/s3/index.ts';
import { custom, StackCloud } from '../stack-cloud.ts';
import { named, physicalIds, things } from './stack-templates.ts';

test('an update changes and creates resources, and deletes removed ones in the clean-up', async () => {
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

test('a removed resource is shown until it is deleted, with the new template already in place', async () => {
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
  const template = things({ Thing: custom({ Size: 5 }) }, { Outputs: { Id: { Value: { Ref: 'Thing' } } } });
  await cloud.create('studio', template);
  await expect(cloud.update('studio', template)).rejects.toThrow('No updates are to be performed.');
  const another = things({ Thing: custom({ Size: '5' }) }, { Outputs: { Id: { Value: { Ref: 'Thing' } } } });
  await expect(cloud.update('studio', another)).rejects.toThrow('No updates are to be performed.');
});

test('a change of an output or of the tags alone is an update', async () => {
  const cloud = new StackCloud();
  await cloud.create('studio', things({ Thing: custom() }));
  const template = things({ Thing: custom() }, { Outputs: { Id: { Value: { Ref: 'Thing' } } } });
  expect(await cloud.update('studio', template)).toMatchObject({ Outputs: [{ OutputValue: 'id-of-Thing' }] });
  const Tags = [{ Key: 'team', Value: 'ml' }];
  expect(await cloud.update('studio', template, { Tags })).toMatchObject({ StackStatus: 'UPDATE_COMPLETE', Tags });
});

test('another physical id in the response is a replacement: the old resource is deleted in the clean-up', async () => {
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

test('a change of the type of a logical id is refused', async () => {
  const cloud = new StackCloud();
  await cloud.create('studio', things({ Thing: custom() }));
  const template = things({ Thing: custom({}, { Type: 'Custom::Other' }) });
  await expect(cloud.update('studio', template)).rejects.toThrow(
    'Update of resource type is not permitted. The new template modifies resource type of the following resources: [Thing]',
  );
});

test('a native resource is updated in place or replaced, depending on the property', async () => {
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

test('a replaced or removed resource is kept if its policy is Retain', async () => {
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

test('an update succeeds even if its clean-up fails, with a reason that says so', async () => {
  const cloud = new StackCloud();
  await cloud.create('studio', things({ Gone: custom(), Kept: custom() }));
  cloud.provider = ({ PhysicalResourceId }) => ({ Status: 'FAILED', Reason: 'stuck', PhysicalResourceId });
  expect(await cloud.update('studio', things({ Kept: custom() }))).toMatchObject({
    StackStatus: 'UPDATE_COMPLETE',
    StackStatusReason: 'Update successful. One or more resources could not be deleted.',
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

test('during an update GetTemplate gives the old template if a fault says so', async () => {
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
