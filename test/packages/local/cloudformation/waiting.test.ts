import { jest } from '@jest/globals';
import { cloudformation } from '../../../../packages/local/src/cloudformation/service.ts';
import type { StackRecord } from '../../../../packages/local/src/cloudformation/stack.ts';
import { handle } from '../../../../packages/local/src/http.ts';
import { Store } from '../../../../packages/local/src/store.ts';
import { custom, StackCloud } from '../stack-cloud.ts';

const waiting = (Properties: object = {}) => ({
  Resources: {
    Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' },
    Wait: {
      Type: 'AWS::CloudFormation::WaitCondition',
      Properties: { Handle: { Ref: 'Handle' }, Timeout: '600', Count: 2, ...Properties },
    },
  },
  Outputs: { Data: { Value: { 'Fn::GetAtt': ['Wait', 'Data'] } } },
});

async function handleUrl(cloud: StackCloud): Promise<string> {
  return cloud.when(async () => {
    const { StackResources } = await cloud.call('DescribeStackResources', { StackName: 'studio' });
    return StackResources!.find(({ LogicalResourceId }) => LogicalResourceId === 'Handle')?.PhysicalResourceId;
  });
}

async function put(cloud: StackCloud, address: string, body: string): Promise<void> {
  const { host, pathname, search } = new URL(address);
  const request = { method: 'PUT', url: pathname + search, headers: { host }, body: new TextEncoder().encode(body) };
  expect((await handle(cloud.cloud, request)).status).toBe(200);
}

const signal = (UniqueId: string, more: object = {}) =>
  JSON.stringify({ Status: 'SUCCESS', UniqueId, Data: UniqueId, ...more });

test('a wait condition ends after the number of signals in its Count, and has their data', async () => {
  const cloud = new StackCloud();
  await cloud.call('CreateStack', { StackName: 'studio', TemplateBody: JSON.stringify(waiting()) });
  const address = await handleUrl(cloud);
  for (const body of [signal('a'), signal('a'), 'no signal', '{}']) await put(cloud, address, body);
  await cloud.clock.pass(60_000);
  expect(await cloud.stack('studio')).toMatchObject({ StackStatus: 'CREATE_IN_PROGRESS' });
  await put(cloud, address, signal('b'));
  const stack = await cloud.ended('studio');
  expect(stack).toMatchObject({ StackStatus: 'CREATE_COMPLETE', Outputs: [{ OutputValue: '{"a":"a","b":"b"}' }] });
  expect(await cloud.delete('studio')).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
});

test('a wait condition fails with the reason of a failure signal, or at its timeout', async () => {
  const cloud = new StackCloud();
  await cloud.call('CreateStack', { StackName: 'studio', TemplateBody: JSON.stringify(waiting()) });
  await put(cloud, await handleUrl(cloud), signal('a', { Status: 'FAILURE', Reason: 'broken' }));
  await cloud.ended('studio');
  expect(await cloud.history('studio')).toContain(
    "Wait CREATE_FAILED: WaitCondition received failed message: 'broken' for uniqueId: a",
  );
  await cloud.create('late', waiting());
  expect(await cloud.history('late')).toContain(
    'Wait CREATE_FAILED: WaitCondition timed out. Received 0 conditions when expecting 2',
  );
});

test('a wait condition with a creation policy accepts signals through the API', async () => {
  const cloud = new StackCloud();
  const CreationPolicy = { ResourceSignal: { Count: 1, Timeout: 'PT1H5M' } };
  const template = { Resources: { Wait: { Type: 'AWS::CloudFormation::WaitCondition', CreationPolicy } } };
  await cloud.call('CreateStack', { StackName: 'studio', TemplateBody: JSON.stringify(template) });
  await cloud.clock.pass(3_600_000);
  const input = { StackName: 'studio', LogicalResourceId: 'Wait', UniqueId: 'a', Status: 'SUCCESS' as const };
  await cloud.call('SignalResource', input);
  expect(await cloud.ended('studio')).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
  await expect(cloud.call('SignalResource', input)).rejects.toThrow('not in a state in which it takes signals');
});

test('an operation that was in progress when the cloud was stopped has failed when it is started again', async () => {
  const store = new Store();
  const before = new StackCloud(store);
  before.provider = () => undefined;
  const TemplateBody = JSON.stringify({ Resources: { Thing: custom() } });
  await before.call('CreateStack', { StackName: 'creating', TemplateBody });
  await before.when(() => before.requests[0]);
  before.cloud.close();
  const kept = new Store();
  kept.load(store.save(before.clock.now()));

  const after = new StackCloud(kept);
  expect(await after.stack('creating')).toMatchObject({
    StackStatus: 'CREATE_FAILED',
    StackStatusReason: 'The local cloud was stopped while this was in progress',
  });
  expect((await after.history('creating')).at(-2)).toBe(
    'Thing CREATE_FAILED: The local cloud was stopped while this was in progress',
  );
  expect(await after.delete('creating')).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
});

test.each([
  ['updating', 'UPDATE_FAILED', 'UPDATE_FAILED'],
  ['deleting', 'DELETE_FAILED', 'DELETE_FAILED'],
] as const)('an operation that was interrupted while %s is marked %s', async (operation, status, resourceStatus) => {
  const store = new Store();
  const before = new StackCloud(store);
  const template = (N: number) => JSON.stringify({ Resources: { Thing: custom({ N }) } });
  await before.create('studio', JSON.parse(template(1)));
  before.provider = () => undefined;
  if (operation === 'updating') await before.call('UpdateStack', { StackName: 'studio', TemplateBody: template(2) });
  else await before.call('DeleteStack', { StackName: 'studio' });
  await before.when(() => before.requests[1]);
  const kept = new Store();
  kept.load(store.save(before.clock.now()));
  const after = new StackCloud(kept);
  expect(await after.stack('studio')).toMatchObject({ StackStatus: status });
  const { StackResources } = await after.call('DescribeStackResources', { StackName: 'studio' });
  expect(StackResources).toMatchObject([{ ResourceStatus: resourceStatus }]);
  if (operation === 'deleting') return;
  await after.call('RollbackStack', { StackName: 'studio' });
  expect(await after.ended('studio')).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE' });
  expect(after.requests.at(-1)!.ResourceProperties.N).toBe('1');
});

test('an operation whose saved state is invalid ends with a reason, and never hangs', async () => {
  const cloud = new StackCloud();
  const told = jest.spyOn(console, 'error').mockImplementation(() => {});
  await cloud.create('studio', { Resources: { Thing: custom() } });
  const home = { account: '111122223333', region: 'us-east-1' };
  const [stack] = cloud.cloud.store.table<StackRecord>(cloudformation.id, home, 'stacks').values();
  // There is nothing to roll back to.
  stack!.status = 'UPDATE_ROLLBACK_FAILED';
  await cloud.call('ContinueUpdateRollback', { StackName: 'studio' });
  expect(await cloud.ended('studio')).toMatchObject({
    StackStatus: 'UPDATE_ROLLBACK_FAILED',
    StackStatusReason: expect.stringContaining('undefined'),
  });
  // There is no such type.
  stack!.resources.Thing!.type = 'AWS::Future::Thing';
  expect(await cloud.delete('studio')).toMatchObject({ StackStatus: 'DELETE_FAILED' });
  expect(await cloud.history('studio')).toContain(
    'Thing DELETE_FAILED: Internal failure: Finding the type AWS::Future::Thing: there is none',
  );
  expect(told).toHaveBeenCalledTimes(2);
  told.mockRestore();
});
