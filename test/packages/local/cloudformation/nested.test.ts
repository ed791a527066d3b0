import { s3 } from '../../../../packages/local/src/services/s3/index.ts';
import { custom, StackCloud } from '../stack-cloud.ts';

const url = 'http://127.0.0.1:4566/templates/inner.json';

const inner = (resources: Record<string, object> = { Inside: custom({ Size: { Ref: 'Size' } }) }) => ({
  Parameters: { Size: { Type: 'Number' }, List: { Type: 'CommaDelimitedList', Default: '' } },
  Resources: resources,
  Outputs: { Id: { Value: { 'Fn::Sub': '${Size}!' } } },
});

const outer = (Size: number, more: Record<string, object> = {}) => ({
  Resources: {
    Nested: {
      Type: 'AWS::CloudFormation::Stack',
      Properties: { TemplateURL: url, Parameters: { Size, List: ['a', 'b'] } },
    },
    User: custom({ Id: { 'Fn::GetAtt': ['Nested', 'Outputs.Id'] } }),
    ...more,
  },
});

async function cloudWith(template: object): Promise<StackCloud> {
  const cloud = new StackCloud();
  await cloud.invoke(s3, 'CreateBucket', { Bucket: 'templates' });
  await put(cloud, template);
  return cloud;
}

async function put(cloud: StackCloud, template: object): Promise<void> {
  const Body = new TextEncoder().encode(JSON.stringify(template));
  await cloud.invoke(s3, 'PutObject', { Bucket: 'templates', Key: 'inner.json', Body });
}

async function nestedId(cloud: StackCloud): Promise<string> {
  const { StackResourceDetail } = await cloud.call('DescribeStackResource', {
    StackName: 'studio',
    LogicalResourceId: 'Nested',
  });
  return StackResourceDetail!.PhysicalResourceId!;
}

test('a stack creates a nested stack, uses its outputs, and deletes it', async () => {
  const cloud = await cloudWith(inner());
  const parent = await cloud.create('studio', outer(3));
  expect(parent.StackStatus).toBe('CREATE_COMPLETE');
  const id = await nestedId(cloud);
  expect(await cloud.stack(id)).toMatchObject({
    StackName: expect.stringMatching(/^studio-Nested-\w{12}$/),
    StackStatus: 'CREATE_COMPLETE',
    ParentId: parent.StackId,
    RootId: parent.StackId,
    Parameters: [{ ParameterValue: '3' }, { ParameterValue: 'a,b' }],
  });
  expect(cloud.requests.at(-1)!.ResourceProperties.Id).toBe('3!');
  await expect(
    cloud.call('UpdateTerminationProtection', { StackName: id, EnableTerminationProtection: true }),
  ).rejects.toThrow('change it on its root stack');
  expect(await cloud.delete('studio')).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
  expect(await cloud.stack(id)).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
});

test('an update updates the nested stack, also when only its template has changed', async () => {
  const cloud = await cloudWith(inner());
  await cloud.create('studio', outer(3));
  expect(await cloud.update('studio', outer(4))).toMatchObject({ StackStatus: 'UPDATE_COMPLETE' });
  expect(cloud.asked().slice(2)).toEqual(['Update Inside id-of-Inside', 'Update User id-of-User']);
  await put(cloud, inner({ Inside: custom({ Size: { Ref: 'Size' } }), Second: custom() }));
  expect(await cloud.update('studio', outer(4))).toMatchObject({ StackStatus: 'UPDATE_COMPLETE' });
  expect(cloud.asked().at(-1)).toBe('Create Second');
  expect(await cloud.update('studio', outer(4))).toMatchObject({ StackStatus: 'UPDATE_COMPLETE' });
});

test('the failure of a nested stack fails its parent', async () => {
  const cloud = await cloudWith(inner());
  cloud.provider = ({ LogicalResourceId, RequestType }) =>
    LogicalResourceId === 'Inside' && RequestType === 'Create'
      ? { Status: 'FAILED', Reason: 'no', PhysicalResourceId: 'x' }
      : { PhysicalResourceId: 'x' };
  expect(await cloud.create('studio', outer(3))).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' });
  const id = await nestedId(cloud);
  expect(await cloud.history('studio')).toContain(
    `Nested CREATE_FAILED: Embedded stack ${id} was not successfully created: The following resource(s) failed to create: [Inside]. `,
  );
  expect(await cloud.stack(id)).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
});

test('a failed update of a nested stack is rolled back in both stacks', async () => {
  const cloud = await cloudWith(inner());
  await cloud.create('studio', outer(3));
  cloud.provider = ({ LogicalResourceId, ResourceProperties, PhysicalResourceId }) =>
    LogicalResourceId === 'Inside' && ResourceProperties.Size === '4'
      ? { Status: 'FAILED', Reason: 'no', PhysicalResourceId }
      : { PhysicalResourceId };
  expect(await cloud.update('studio', outer(4))).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE' });
  const id = await nestedId(cloud);
  expect(await cloud.stack(id)).toMatchObject({
    StackStatus: 'UPDATE_ROLLBACK_COMPLETE',
    Parameters: [{ ParameterValue: '3' }, {}],
  });
  const failed = (await cloud.history('studio')).find((line) => line.startsWith('Nested UPDATE_FAILED'));
  expect(failed).toContain(`Embedded stack ${id} was not successfully updated. Currently in UPDATE_ROLLBACK_`);
});

test('when another resource fails, a nested stack that is being created is deleted, with its creations in progress', async () => {
  const cloud = await cloudWith(inner());
  cloud.provider = async ({ LogicalResourceId, RequestType }) => {
    if (RequestType === 'Delete') return { PhysicalResourceId: 'x' };
    if (LogicalResourceId === 'Inside') return undefined;
    await cloud.when(() => cloud.requests.find((one) => one.LogicalResourceId === 'Inside'));
    return { Status: 'FAILED', Reason: 'no', PhysicalResourceId: 'x' };
  };
  await cloud.call('CreateStack', { StackName: 'studio', TemplateBody: JSON.stringify(outer(3, { Bad: custom() })) });
  expect(await cloud.ended('studio')).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' });
  expect(await cloud.stack(await nestedId(cloud))).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
  expect(cloud.asked()).toContainEqual(expect.stringMatching(/^Delete Inside studio-Nested-\w{12}-Inside-\w{12}$/));
});

test('when another resource fails, the update of a nested stack is cancelled, and both stacks roll back', async () => {
  const cloud = await cloudWith(inner());
  await cloud.create('studio', outer(3));
  cloud.provider = async ({ LogicalResourceId, RequestType, PhysicalResourceId = 'x', ResourceProperties }) => {
    if (LogicalResourceId === 'Bad' && RequestType === 'Create') {
      await cloud.when(() => cloud.requests.find((one) => one.ResourceProperties.Size === '4'));
      return { Status: 'FAILED', Reason: 'no', PhysicalResourceId };
    }
    return ResourceProperties.Size === '4' ? undefined : { PhysicalResourceId };
  };
  expect(await cloud.update('studio', outer(4, { Bad: custom() }))).toMatchObject({
    StackStatus: 'UPDATE_ROLLBACK_COMPLETE',
  });
  const id = await nestedId(cloud);
  expect(await cloud.history('studio')).toContain('Nested UPDATE_FAILED: Resource update cancelled');
  expect(await cloud.stack(id)).toMatchObject({
    StackStatus: 'UPDATE_ROLLBACK_COMPLETE',
    Parameters: [{ ParameterValue: '3' }, {}],
  });
});

test('a nested stack that cannot be deleted fails the deletion of its parent', async () => {
  const cloud = await cloudWith(inner());
  await cloud.create('studio', outer(3));
  cloud.provider = ({ LogicalResourceId, PhysicalResourceId }) =>
    LogicalResourceId === 'Inside' ? { Status: 'FAILED', Reason: 'no', PhysicalResourceId } : { PhysicalResourceId };
  expect(await cloud.delete('studio')).toMatchObject({ StackStatus: 'DELETE_FAILED' });
  const id = await nestedId(cloud);
  expect(await cloud.history('studio')).toContain(
    `Nested DELETE_FAILED: Embedded stack ${id} was not successfully deleted: The following resource(s) failed to delete: [Inside]. `,
  );
});
