import {
  CloudFormationClient,
  ListStackResourcesCommand,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import type { Context } from '@studio-resources/core';
import { mockClient } from 'aws-sdk-client-mock';
import { handler, studioContents } from '../../handlers/studio-contents.ts';
import type { Answer } from '../contract.ts';
import { type MockWorld, mockWorld, stackId } from './mock-world.ts';

const DomainId = 'd-aaaaaaaaaaaa';
const jupyterServer = { UserProfileName: 'ada', AppType: 'JupyterServer', AppName: 'default' };
const kernel = { UserProfileName: 'ada', AppType: 'KernelGateway', AppName: 'kernel' };
const inSpace = { SpaceName: 'notes', AppType: 'JupyterLab', AppName: 'default' };

let world: MockWorld;
let cloudformation: { restore(): unknown };
/** What the stack has of its own. */
let declared: Partial<StackResourceSummary>[];

beforeEach(() => {
  world = mockWorld('UserProfile', handler, studioContents);
  declared = [];
  const mock = mockClient(CloudFormationClient);
  mock.on(ListStackResourcesCommand).callsFake(({ NextToken }) => {
    const at = Number(NextToken ?? 0);
    // A page has one of them.
    const NextPage = at + 1 < declared.length ? String(at + 1) : undefined;
    return { StackResourceSummaries: declared.slice(at, at + 1), NextToken: NextPage };
  });
  cloudformation = mock;
  const { studio } = world;
  const DomainArn = `arn:aws:sagemaker:eu-west-1:111122223333:domain/${DomainId}`;
  studio.domains.set(DomainId, { members: { DomainId, DomainArn, Status: 'InService' } });
  studio.addProfile(DomainId, 'ada');
  studio.addProfile(DomainId, 'bob');
});

afterEach(async () => {
  cloudformation.restore();
  await world.close();
});

function has(type: string, ...id: string[]): void {
  declared.push({ ResourceType: `AWS::SageMaker::${type}`, PhysicalResourceId: id.join('|') });
}

function create(properties: Record<string, unknown> = {}): Promise<Answer> {
  return world.send({ RequestType: 'Create', ResourceProperties: { DomainId, ...properties } });
}

function remove(PhysicalResourceId: string, properties: Record<string, unknown> = {}): Promise<Answer> {
  return world.send({ RequestType: 'Delete', PhysicalResourceId, ResourceProperties: { DomainId, ...properties } });
}

/** What was deleted, in order, by its name. */
function deleted(): string[] {
  return world.studio.mutations.map(({ operation, input }) =>
    [operation, input.AppType ?? input.SpaceName ?? input.UserProfileName].join(' '),
  );
}

test('its creation makes nothing, and its id is that of the domain, or of the profile in it', async () => {
  expect(await create()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: DomainId });
  const answer = await create({ UserProfileName: 'ada' });
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${DomainId}/ada` });
  expect(deleted()).toEqual([]);
});

test.each([
  [{ DomainId: 'd-bbbbbbbbbbbb' }, 'there is no domain d-bbbbbbbbbbbb in this account and Region; give the id of one'],
  [{ UserProfileName: 'eve' }, `there is no user profile eve in domain ${DomainId}; give the name of one that exists`],
  [{ DomainId: 'Domain' }, 'DomainId: expected the id of a domain, such as d-abc123, got "Domain"'],
  [{ DeleteContents: 'None' }, 'DeleteContents: expected one of Apps, All; got "None"'],
  [{ UserProfileNme: 'ada' }, 'UserProfileNme: unknown property; did you mean UserProfileName?'],
])('%j is refused', async (properties, reason) => {
  const answer = await create(properties);
  expect(answer.Status).toBe('FAILED');
  expect(answer.Reason).toContain(reason);
});

test('its deletion stops the running apps of the domain, also those in spaces, and waits until they are gone', async () => {
  const { studio } = world;
  studio.addSpace(DomainId, 'notes', 'bob');
  for (const app of [jupyterServer, kernel, inSpace]) studio.addApp(DomainId, app, 'InService');
  studio.addApp(DomainId, { ...kernel, AppName: 'starting' }, 'Pending');
  expect(await remove(DomainId)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: DomainId });
  expect(deleted().toSorted()).toEqual([
    'DeleteApp JupyterLab',
    'DeleteApp JupyterServer',
    'DeleteApp KernelGateway',
    'DeleteApp KernelGateway',
  ]);
  expect([...studio.apps.values()].map(({ members }) => members.Status)).toEqual(Array(4).fill('Deleted'));
});

test('with DeleteContents: All spaces and profiles go as well, but of a profile only its own', async () => {
  const { studio } = world;
  for (const name of ['ada', 'bob']) studio.addSpace(DomainId, `of-${name}`, name);
  studio.addApp(DomainId, { ...inSpace, SpaceName: 'of-ada' }, 'InService');
  studio.addApp(DomainId, { ...kernel, UserProfileName: 'bob' }, 'InService');
  await remove(`${DomainId}/ada`, { UserProfileName: 'ada', DeleteContents: 'All' });
  expect(deleted()).toEqual(['DeleteApp JupyterLab', 'DeleteSpace of-ada']);
  await remove(DomainId, { DeleteContents: 'All' });
  expect(deleted().slice(2)).toEqual([
    'DeleteApp KernelGateway',
    'DeleteSpace of-bob',
    ...['DeleteUserProfile ada', 'DeleteUserProfile bob'],
  ]);
});

test('what the stack itself declares is left to CloudFormation, and so is whoever holds it', async () => {
  const { studio } = world;
  studio.addProfile(DomainId, 'eve');
  studio.addProfile(DomainId, 'joe');
  studio.addSpace(DomainId, 'notes', 'ada');
  studio.addSpace(DomainId, 'declared', 'bob');
  studio.addApp(DomainId, jupyterServer, 'InService');
  studio.addApp(DomainId, { ...jupyterServer, UserProfileName: 'joe' }, 'InService');
  declared.push({ ResourceType: 'AWS::IAM::Role', PhysicalResourceId: 'eve' });
  declared.push({ ResourceType: 'AWS::SageMaker::UserProfile' });
  has('App', 'default', 'JupyterServer', DomainId, 'ada');
  has('Space', DomainId, 'declared');
  has('UserProfile', 'Eve', DomainId);
  // Another domain's is another one.
  has('UserProfile', 'joe', 'd-bbbbbbbbbbbb');
  await remove(DomainId, { DeleteContents: 'All' });
  expect(deleted()).toEqual(['DeleteApp JupyterServer', 'DeleteSpace notes', 'DeleteUserProfile joe']);
});

test('what the stack had, and CloudFormation has deleted, is whatever people have started since', async () => {
  world.studio.addApp(DomainId, jupyterServer, 'InService');
  has('App', 'default', 'JupyterServer', DomainId, 'ada');
  declared[0]!.ResourceStatus = 'DELETE_COMPLETE';
  await remove(DomainId);
  expect(deleted()).toEqual(['DeleteApp JupyterServer']);
});

test('a physical id that is the name alone is understood, and a domain is none of its contents', async () => {
  world.studio.addApp(DomainId, kernel, 'InService');
  has('App', 'kernel');
  has('Domain', DomainId);
  await remove(DomainId);
  expect(deleted()).toEqual([]);
});

test.each([
  ['a stack that goes back to how it was before', { requestType: 'Delete', isRollingBack: async () => true }],
  ['a creation that is called off', { requestType: 'Create', isRollingBack: async () => false }],
] as const)('%s stops nobody', async (_, how) => {
  world.studio.addApp(DomainId, kernel, 'InService');
  const ctx = { ...how, stackId, log: { info() {} } } as unknown as Context;
  expect(await studioContents.delete!(DomainId, { DomainId, DeleteContents: 'All' }, ctx)).toBe('kept');
  expect(deleted()).toEqual([]);
});

test('another domain replaces it, so that the contents of the one before go; other spelling or contents do not', async () => {
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
  expect(deleted()).toEqual([]);
});

test.each([
  ['a domain that is gone', 'd-cccccccccccc'],
  ['an id that CloudFormation invented', 'studio-Contents-1A2B3C'],
])('the deletion of %s is done', async (_, id) => {
  expect(await remove(id)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
  expect(deleted()).toEqual([]);
});

test('a Delete with properties that nobody understands any more stops apps, and no more', async () => {
  world.studio.addSpace(DomainId, 'notes', 'ada');
  world.studio.addApp(DomainId, inSpace, 'InService');
  expect(await remove(DomainId, { DeleteContents: 'Everything' })).toMatchObject({ Status: 'SUCCESS' });
  expect(deleted()).toEqual(['DeleteApp JupyterLab']);
});
