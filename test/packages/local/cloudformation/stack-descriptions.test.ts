import { account, custom, StackCloud } from '../stack-cloud.ts';
import { things } from './stack-templates.ts';

test('events and stacks are listed in pages, newest first', async () => {
  const cloud = new StackCloud();
  const names = Array.from({ length: 60 }, (_, n) => `Thing${n}`);
  await cloud.create('studio', things(Object.fromEntries(names.map((name) => [name, custom()]))));
  const first = await cloud.call('DescribeStackEvents', { StackName: 'studio' });
  expect(first.StackEvents).toHaveLength(100);
  expect(first.StackEvents![0]).toMatchObject({ ResourceStatus: 'CREATE_COMPLETE', LogicalResourceId: 'studio' });
  const events = await cloud.events('studio');
  expect(events).toHaveLength(182);
  expect(new Set(events.map(({ EventId }) => EventId)).size).toBe(182);
  await cloud.create('second', things({ Thing: custom() }));
  const { Stacks } = await cloud.call('DescribeStacks', {});
  expect(Stacks!.map(({ StackName }) => StackName)).toEqual(['second', 'studio']);
  await expect(cloud.call('DescribeStackEvents', { StackName: 'studio', NextToken: '?' })).rejects.toThrow('NextToken');
  await expect(cloud.call('DescribeStackEvents', { StackName: 'none' })).rejects.toThrow('Stack [none] does not exist');
});

test('resources are described by logical id, all together, or by physical id', async () => {
  const cloud = new StackCloud();
  await cloud.create('studio', things({ Thing: custom({}, { Metadata: { Owner: 'ml' } }), Other: custom() }));
  const { StackResourceDetail } = await cloud.call('DescribeStackResource', {
    StackName: 'studio',
    LogicalResourceId: 'Thing',
  });
  expect(StackResourceDetail).toMatchObject({
    PhysicalResourceId: 'id-of-Thing',
    ResourceType: 'Custom::Thing',
    ResourceStatus: 'CREATE_COMPLETE',
    Metadata: '{"Owner":"ml"}',
  });
  const { StackResourceSummaries } = await cloud.call('ListStackResources', { StackName: 'studio' });
  expect(StackResourceSummaries!.map(({ LogicalResourceId }) => LogicalResourceId)).toEqual(['Other', 'Thing']);
  const { StackResources } = await cloud.call('DescribeStackResources', { PhysicalResourceId: 'id-of-Other' });
  expect(StackResources).toHaveLength(2);
  await expect(cloud.call('DescribeStackResource', { StackName: 'studio', LogicalResourceId: 'None' })).rejects.toThrow(
    'Resource None does not exist for stack studio',
  );
});

test('a deleted stack can be described by its ARN for 90 days, with its retained resources', async () => {
  const cloud = new StackCloud();
  const resources = { Gone: custom(), Retained: custom({}, { DeletionPolicy: 'Retain' }) };
  const { StackId } = await cloud.create('studio', things(resources));
  await cloud.delete('studio');
  const statusOf = async (LogicalResourceId: string) => {
    const found = await cloud.call('DescribeStackResource', { StackName: StackId!, LogicalResourceId });
    return found.StackResourceDetail!.ResourceStatus;
  };
  expect(await statusOf('Retained')).toBe('DELETE_SKIPPED');
  expect(await statusOf('Gone')).toBe('DELETE_COMPLETE');
  await expect(cloud.call('DescribeStackResource', { StackName: 'studio', LogicalResourceId: 'Gone' })).rejects.toThrow(
    'Stack [studio] does not exist',
  );
  const day = 24 * 3_600_000;
  await cloud.clock.pass(89 * day);
  expect(await statusOf('Retained')).toBe('DELETE_SKIPPED');
  await cloud.clock.pass(2 * day);
  await expect(statusOf('Retained')).rejects.toThrow(`Stack [${StackId}] does not exist`);
  expect((await cloud.call('ListStacks', {})).StackSummaries).toEqual([]);
});

test('a template can be read, summarised and validated', async () => {
  const cloud = new StackCloud();
  const template = { Parameters: { Size: { Type: 'Number', Default: 5 } }, ...things({ Thing: custom() }) };
  await cloud.create('studio', template);
  expect((await cloud.call('GetTemplate', { StackName: 'studio' })).TemplateBody).toBe(JSON.stringify(template));
  const summary = { Parameters: [{ ParameterKey: 'Size', DefaultValue: '5' }] };
  expect(await cloud.call('GetTemplateSummary', { StackName: 'studio' })).toMatchObject({
    ...summary,
    ResourceTypes: ['Custom::Thing'],
  });
  expect(await cloud.call('ValidateTemplate', { TemplateBody: JSON.stringify(template) })).toMatchObject(summary);
  await expect(cloud.call('ValidateTemplate', {})).rejects.toThrow('Either Template URL or Template Body');
});

test('stacks of another account are not seen', async () => {
  const cloud = new StackCloud();
  await cloud.create('studio', things({ Thing: custom() }));
  const other = { kind: 'account', account: '999988887777', arn: 'arn:aws:iam::999988887777:root' } as const;
  expect((await cloud.call('DescribeStacks', {}, other)).Stacks).toEqual([]);
  expect((await cloud.stack('studio')).StackId).toContain(`:${account}:`);
});

test('stacks are listed by status, the deleted ones too', async () => {
  const cloud = new StackCloud();
  await cloud.create('gone', things({ Thing: custom() }));
  await cloud.delete('gone');
  await cloud.create('here', things({ Thing: custom() }), { Tags: [{ Key: 'a', Value: 'b' }] });
  const names = async (StackStatusFilter?: ('CREATE_COMPLETE' | 'DELETE_COMPLETE')[]) =>
    (await cloud.call('ListStacks', { StackStatusFilter })).StackSummaries!.map(({ StackName }) => StackName);
  expect(await names()).toEqual(['here', 'gone']);
  expect(await names(['DELETE_COMPLETE'])).toEqual(['gone']);
});
