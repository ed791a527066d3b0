import { type CreateAppCommandInput, SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { Context } from '@studio-resources/core';
import { mockClient } from 'aws-sdk-client-mock';
import { studioContents } from '../../handlers/studio-contents.ts';
import { stackId } from './built-function.ts';
import { type ContentsWorld, contentsRequests } from './contents-world.ts';

let world: ContentsWorld;
let DomainId: string;

const { create, remove } = contentsRequests((started) => {
  world = started;
  DomainId = world.domainIds[0]!;
});
const kernel = (UserProfileName: string, AppName = 'kernel'): CreateAppCommandInput => {
  const ResourceSpec = { InstanceType: 'ml.t3.medium' } as const;
  return { DomainId, UserProfileName, AppName, AppType: 'KernelGateway', ResourceSpec };
};
const runKernel = (UserProfileName: string) => world.addApp(kernel(UserProfileName));
const runInSpace = (SpaceName: string) =>
  world.addApp({ DomainId, SpaceName, AppType: 'JupyterLab', AppName: 'default' });

function has(type: string, ...id: string[]): void {
  world.stack.resources.push({ ResourceType: `AWS::SageMaker::${type}`, PhysicalResourceId: id.join('|') });
}

test('its creation makes nothing, and its id is that of the domain, or of the profile in it', async () => {
  expect(await create()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: DomainId });
  const answer = await create({ UserProfileName: 'ada' });
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${DomainId}/ada` });
  expect(world.deleted()).toEqual([]);
});

test.each<[Record<string, unknown>, string]>([
  [{ DomainId: 'd-bbbbbbbbbbbb' }, 'there is no domain d-bbbbbbbbbbbb in this account and Region; give the id of one'],
  [{ UserProfileName: 'eve' }, 'there is no user profile eve in domain DOMAIN; give the name of one that exists'],
  [{ DomainId: 'Domain' }, 'DomainId: expected the id of a domain, such as d-abc123, got "Domain"'],
  [{ DeleteContents: 'None' }, 'DeleteContents: expected one of Apps, All; got "None"'],
  [{ UserProfileNme: 'ada' }, 'UserProfileNme: unknown property; did you mean UserProfileName?'],
])('%j is refused', async (properties, reason) => {
  const answer = await create(properties);
  expect(answer.Status).toBe('FAILED');
  expect(answer.Reason).toContain(reason.replace('DOMAIN', DomainId));
});

test('its deletion stops the running apps of the domain, also those in spaces, and waits until they are gone', async () => {
  await world.addSpace(DomainId, 'notes', 'bob');
  await world.runServer('ada');
  await runKernel('ada');
  await runInSpace('notes');
  await world.startApp(kernel('ada', 'starting'));
  expect(await remove(DomainId)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: DomainId });
  expect(world.deleted().toSorted()).toEqual([
    'DeleteApp JupyterLab',
    'DeleteApp JupyterServer',
    'DeleteApp KernelGateway',
    'DeleteApp KernelGateway',
  ]);
  expect(world.keys('app').map((key) => world.members('app', key).Status)).toEqual(Array(4).fill('Deleted'));
});

test('with DeleteContents: All spaces and profiles are deleted as well, but of a profile only its own spaces', async () => {
  for (const name of ['ada', 'bob']) await world.addSpace(DomainId, `of-${name}`, name);
  await runInSpace('of-ada');
  await runKernel('bob');
  await remove(`${DomainId}/ada`, { UserProfileName: 'ada', DeleteContents: 'All' });
  expect(world.deleted()).toEqual(['DeleteApp JupyterLab', 'DeleteSpace of-ada']);
  await remove(DomainId, { DeleteContents: 'All' });
  const deleted = world.deleted().slice(2);
  // A space with no app of its own does not wait for those of its owner.
  expect(deleted.toSorted()).toEqual([
    ...['DeleteApp KernelGateway', 'DeleteSpace of-bob', 'DeleteUserProfile ada', 'DeleteUserProfile bob'],
  ]);
  expect(deleted.at(-1)).toBe('DeleteUserProfile bob');
});

test('what the stack declares is left to CloudFormation, and so are the profiles that it belongs to', async () => {
  await world.addProfile(DomainId, 'eve');
  await world.addProfile(DomainId, 'joe');
  await world.addSpace(DomainId, 'notes', 'ada');
  await world.addSpace(DomainId, 'declared', 'bob');
  await world.runServer('ada');
  await world.runServer('joe');
  world.stack.resources.push({ ResourceType: 'AWS::IAM::Role', PhysicalResourceId: 'eve' });
  world.stack.resources.push({ ResourceType: 'AWS::SageMaker::UserProfile' });
  has('App', 'default', 'JupyterServer', DomainId, 'ada');
  has('Space', DomainId, 'declared');
  has('UserProfile', 'Eve', DomainId);
  // The profile of another domain.
  has('UserProfile', 'joe', 'd-bbbbbbbbbbbb');
  await remove(DomainId, { DeleteContents: 'All' });
  expect(world.deleted().toSorted()).toEqual(['DeleteApp JupyterServer', 'DeleteSpace notes', 'DeleteUserProfile joe']);
  expect(world.deleted().at(-1)).toBe('DeleteUserProfile joe');
});

test('an app that has the name of one that CloudFormation has deleted belongs to a user, and is deleted', async () => {
  await world.runServer('ada');
  has('App', 'default', 'JupyterServer', DomainId, 'ada');
  world.stack.resources[0]!.ResourceStatus = 'DELETE_COMPLETE';
  await remove(DomainId);
  expect(world.deleted()).toEqual(['DeleteApp JupyterServer']);
});

test('a physical id may be the name alone, and a domain does not count as its contents', async () => {
  await runKernel('ada');
  has('App', 'kernel');
  has('Domain', DomainId);
  await remove(DomainId);
  expect(world.deleted()).toEqual([]);
});

test('a creation that is cancelled deletes nothing', async () => {
  const sagemaker = mockClient(SageMakerClient);
  const ctx = { requestType: 'Create', notes: {}, stackId, log: { info() {} } } as unknown as Context;
  expect(await studioContents.delete!(DomainId, { DomainId, DeleteContents: 'All' }, ctx)).toBe('retained');
  expect(sagemaker.calls()).toEqual([]);
  sagemaker.restore();
});

test('the deletion of the stack retains what is in a domain with DeletionPolicy: Retain', async () => {
  await world.runServer('ada');
  has('Domain', DomainId);
  world.stack.template = { Thing: { DeletionPolicy: 'Retain' } };
  await remove(DomainId);
  expect(world.deleted()).toEqual([]);
  world.stack.template = { Thing: { DeletionPolicy: 'Delete' } };
  await remove(DomainId);
  expect(world.deleted()).toEqual(['DeleteApp JupyterServer']);
});

test('another domain or profile replaces it; another case of the name or another DeleteContents does not', async () => {
  const update = async (now: object, old: object) => {
    const answer = await world.send({
      RequestType: 'Update',
      PhysicalResourceId: `${DomainId}/ada`,
      ResourceProperties: { DomainId, UserProfileName: 'ada', ...now },
      OldResourceProperties: { DomainId, UserProfileName: 'ada', ...old },
    });
    return answer.PhysicalResourceId;
  };
  expect(await update({ DeleteContents: 'All' }, {})).toBe(`${DomainId}/ada`);
  expect(await update({ UserProfileName: 'Ada' }, {})).toBe(`${DomainId}/ada`);
  expect(await update({ UserProfileName: 'bob' }, {})).toBe(`${DomainId}/bob`);
  expect(world.deleted()).toEqual([]);
});

test.each([
  ['a domain that is gone', 'd-cccccccccccc'],
  ['an id that CloudFormation invented', 'studio-Contents-1A2B3C'],
])('the deletion of %s is done', async (_, id) => {
  expect(await remove(id)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
  expect(world.deleted()).toEqual([]);
});

test('a Delete with invalid properties only stops apps', async () => {
  await world.addSpace(DomainId, 'notes', 'ada');
  await runInSpace('notes');
  expect(await remove(DomainId, { DeleteContents: 'Everything' })).toMatchObject({ Status: 'SUCCESS' });
  expect(world.deleted()).toEqual(['DeleteApp JupyterLab']);
});
