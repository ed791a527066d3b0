import type { StackEvent, StackResourceSummary } from '@aws-sdk/client-cloudformation';
import { type CreateAppCommandInput, SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { Context } from '@studio-resources/core';
import { mockClient } from 'aws-sdk-client-mock';
import { studioContents } from '../../handlers/studio-contents.ts';
import { cloudformation } from '../../packages/local/src/cloudformation/service.ts';
import { AwsError } from '../../packages/local/src/errors.ts';
import type { Service } from '../../packages/local/src/service.ts';
import type { Answer } from '../subject.ts';
import { stackId } from './built-function.ts';
import { type StudioWorld, studioWorld } from './studio-world.ts';

const start = studioWorld('studio-contents', 'UserProfile', studioContents, { domains: ['team', 'other'] });

let world: StudioWorld;
let DomainId: string;

/** What the stack has of its own. */
let declared: Partial<StackResourceSummary>[];

/** What CloudFormation shows of the stack: undefined where there is none. */
let status: string | undefined;
/** The stack's template, by the logical ids of its resources. */
let template: Record<string, object>;
/** The newest come first. */
let events: Partial<StackEvent>[];

/** CloudFormation with that stack. A page has one of its resources. */
const withStack = {
  ...cloudformation,
  operations: {
    ...cloudformation.operations,
    DescribeStacks() {
      const shown = { StackName: 'studio', CreationTime: new Date(0), StackStatus: status };
      if (status !== undefined) return { Stacks: [shown] };
      throw new AwsError('ValidationError', `Stack with id ${stackId} does not exist`);
    },
    GetTemplate: () => ({ TemplateBody: JSON.stringify({ Resources: template }) }),
    DescribeStackEvents: () => ({
      StackEvents: events.map((each, index) => ({
        ...{ StackId: stackId, StackName: 'studio', EventId: String(index), Timestamp: new Date(0), ...each },
      })),
    }),
    ListStackResources({ NextToken }: { NextToken?: string }) {
      const at = Number(NextToken ?? 0);
      const StackResourceSummaries = declared.slice(at, at + 1).map((each) => ({
        LogicalResourceId: 'Thing',
        LastUpdatedTimestamp: new Date(0),
        ResourceStatus: 'CREATE_COMPLETE',
        ...each,
      }));
      return { StackResourceSummaries, NextToken: at + 1 < declared.length ? String(at + 1) : undefined };
    },
  },
} as unknown as Service;

beforeEach(async () => {
  declared = [];
  status = 'DELETE_IN_PROGRESS';
  template = {};
  events = [];
  world = await start([withStack]);
  DomainId = world.domainIds[0]!;
  await world.addProfile(DomainId, 'ada');
  await world.addProfile(DomainId, 'bob');
});
afterEach(() => world.close());

const runServer = (UserProfileName: string) =>
  world.addApp({ DomainId, UserProfileName, AppType: 'JupyterServer', AppName: 'default' });
const kernel = (UserProfileName: string, AppName = 'kernel'): CreateAppCommandInput => {
  const ResourceSpec = { InstanceType: 'ml.t3.medium' } as const;
  return { DomainId, UserProfileName, AppName, AppType: 'KernelGateway', ResourceSpec };
};
const runKernel = (UserProfileName: string) => world.addApp(kernel(UserProfileName));
const runInSpace = (SpaceName: string) =>
  world.addApp({ DomainId, SpaceName, AppType: 'JupyterLab', AppName: 'default' });

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
  return world
    .calls()
    .map(({ operation, input }) => [operation, input.AppType ?? input.SpaceName ?? input.UserProfileName].join(' '));
}

test('its creation makes nothing, and its id is that of the domain, or of the profile in it', async () => {
  expect(await create()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: DomainId });
  const answer = await create({ UserProfileName: 'ada' });
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${DomainId}/ada` });
  expect(deleted()).toEqual([]);
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
  await runServer('ada');
  await runKernel('ada');
  await runInSpace('notes');
  await world.startApp(kernel('ada', 'starting'));
  expect(await remove(DomainId)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: DomainId });
  expect(deleted().toSorted()).toEqual([
    'DeleteApp JupyterLab',
    'DeleteApp JupyterServer',
    'DeleteApp KernelGateway',
    'DeleteApp KernelGateway',
  ]);
  expect(world.keys('app').map((key) => world.members('app', key).Status)).toEqual(Array(4).fill('Deleted'));
});

test('with DeleteContents: All spaces and profiles go as well, but of a profile only its own', async () => {
  for (const name of ['ada', 'bob']) await world.addSpace(DomainId, `of-${name}`, name);
  await runInSpace('of-ada');
  await runKernel('bob');
  await remove(`${DomainId}/ada`, { UserProfileName: 'ada', DeleteContents: 'All' });
  expect(deleted()).toEqual(['DeleteApp JupyterLab', 'DeleteSpace of-ada']);
  await remove(DomainId, { DeleteContents: 'All' });
  expect(deleted().slice(2)).toEqual([
    ...['DeleteUserProfile ada', 'DeleteApp KernelGateway', 'DeleteSpace of-bob', 'DeleteUserProfile bob'],
  ]);
});

test('what the stack itself declares is left to CloudFormation, and so is whoever holds it', async () => {
  await world.addProfile(DomainId, 'eve');
  await world.addProfile(DomainId, 'joe');
  await world.addSpace(DomainId, 'notes', 'ada');
  await world.addSpace(DomainId, 'declared', 'bob');
  await runServer('ada');
  await runServer('joe');
  declared.push({ ResourceType: 'AWS::IAM::Role', PhysicalResourceId: 'eve' });
  declared.push({ ResourceType: 'AWS::SageMaker::UserProfile' });
  has('App', 'default', 'JupyterServer', DomainId, 'ada');
  has('Space', DomainId, 'declared');
  has('UserProfile', 'Eve', DomainId);
  // Another domain's is another one.
  has('UserProfile', 'joe', 'd-bbbbbbbbbbbb');
  await remove(DomainId, { DeleteContents: 'All' });
  expect(deleted().toSorted()).toEqual(['DeleteApp JupyterServer', 'DeleteSpace notes', 'DeleteUserProfile joe']);
  expect(deleted().at(-1)).toBe('DeleteUserProfile joe');
});

test('what the stack had, and CloudFormation has deleted, is whatever people have started since', async () => {
  await runServer('ada');
  has('App', 'default', 'JupyterServer', DomainId, 'ada');
  declared[0]!.ResourceStatus = 'DELETE_COMPLETE';
  await remove(DomainId);
  expect(deleted()).toEqual(['DeleteApp JupyterServer']);
});

test('a physical id that is the name alone is understood, and a domain is none of its contents', async () => {
  await runKernel('ada');
  has('App', 'kernel');
  has('Domain', DomainId);
  await remove(DomainId);
  expect(deleted()).toEqual([]);
});

/** Why what is in the domain stayed, as the log says it. */
async function reasons(): Promise<string[]> {
  const said = (await world.run.log()).map(({ message }) => String(message));
  return said.filter((message) => message.startsWith('The contents are retained: ')).map((text) => text.slice(27));
}

test('a creation that is cancelled deletes nothing', async () => {
  const sagemaker = mockClient(SageMakerClient);
  const ctx = { requestType: 'Create', notes: {}, stackId, log: { info() {} } } as unknown as Context;
  expect(await studioContents.delete!(DomainId, { DomainId, DeleteContents: 'All' }, ctx)).toBe('retained');
  expect(sagemaker.calls()).toEqual([]);
  sagemaker.restore();
});

describe('in an update', () => {
  const has = (type: string, LogicalResourceId: string, PhysicalResourceId: string, more: object = {}) =>
    declared.push({ ResourceType: `AWS::SageMaker::${type}`, LogicalResourceId, PhysicalResourceId, ...more });

  beforeEach(async () => {
    status = 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS';
    await world.addSpace(DomainId, 'notes', 'ada');
    await runServer('ada');
  });

  const all = { DeleteContents: 'All' };
  const ofAda = { ...all, UserProfileName: 'ada' };

  test('a deletion retains everything while the domain stays', async () => {
    has('Domain', 'Domain', DomainId);
    template = { Domain: { Type: 'AWS::SageMaker::Domain' } };
    expect(await remove(DomainId, all)).toMatchObject({ Status: 'SUCCESS' });
    expect(await remove(`${DomainId}/ada`, ofAda)).toMatchObject({ Status: 'SUCCESS' });
    expect(deleted()).toEqual([]);
    expect(await reasons()).toEqual(Array(2).fill(`Domain keeps domain ${DomainId}`));
  });

  test('and while the user profile stays, or when only a profile leaves and the contents are those of the domain', async () => {
    has('Domain', 'Domain', DomainId);
    has('UserProfile', 'Ada', `Ada|${DomainId}`);
    has('UserProfile', 'Bob', 'bob');
    template = { Domain: {}, Ada: {} };
    await remove(`${DomainId}/ada`, ofAda);
    await remove(DomainId, all);
    expect(deleted()).toEqual([]);
    expect(await reasons()).toEqual(['Ada keeps user profile ada', `Domain keeps domain ${DomainId}`]);
  });

  test.each([
    ['of another stack', () => {}],
    [
      'that an earlier update could not delete',
      () => has('Domain', 'Old', DomainId, { ResourceStatus: 'DELETE_FAILED' }),
    ],
    ['that CloudFormation retained', () => has('Domain', 'Old', DomainId, { ResourceStatus: 'DELETE_SKIPPED' })],
  ])('and in a domain %s', async (_, prepare) => {
    prepare();
    await remove(DomainId, all);
    expect(deleted()).toEqual([]);
    expect(await reasons()).toEqual([`the update removes no native resource of domain ${DomainId} from this stack`]);
  });

  test('a deletion takes what is in a domain that the template no longer has', async () => {
    has('Domain', 'Domain', DomainId);
    template = { Other: {} };
    await remove(DomainId, all);
    expect(deleted().toSorted()).toEqual([
      ...['DeleteApp JupyterServer', 'DeleteSpace notes', 'DeleteUserProfile ada', 'DeleteUserProfile bob'],
    ]);
  });

  test('and of a user profile that it no longer has, or whose domain goes', async () => {
    await runServer('bob');
    has('Domain', 'Domain', DomainId);
    has('UserProfile', 'Ada', 'ada');
    template = { Domain: {} };
    await remove(`${DomainId}/ada`, ofAda);
    expect(deleted().toSorted()).toEqual(['DeleteApp JupyterServer', 'DeleteSpace notes']);
    template = { Bob: {} };
    await remove(`${DomainId}/bob`, { ...all, UserProfileName: 'bob' });
    expect(deleted().slice(2)).toEqual(['DeleteApp JupyterServer']);
  });

  test.each([
    ['goes as well', undefined, true],
    ['is retained by its UpdateReplacePolicy', 'Retain', false],
  ])('a domain that the update has replaced %s', async (_, UpdateReplacePolicy, isDeleted) => {
    has('Domain', 'Domain', 'd-replacement');
    template = { Domain: { UpdateReplacePolicy } };
    const ResourceType = 'AWS::SageMaker::Domain';
    const of = { ResourceType, LogicalResourceId: 'Domain', ResourceStatus: 'UPDATE_IN_PROGRESS' as const };
    events = [
      { ...of, PhysicalResourceId: 'd-replacement' },
      { ...of, PhysicalResourceId: DomainId },
    ];
    await remove(DomainId);
    expect(deleted()).toEqual(isDeleted ? ['DeleteApp JupyterServer'] : []);
  });

  test('what an earlier update has replaced is not of this one', async () => {
    has('Domain', 'Domain', 'd-replacement');
    template = { Domain: {} };
    const ResourceStatus = 'UPDATE_IN_PROGRESS';
    const ofDomain = { ResourceType: 'AWS::SageMaker::Domain', LogicalResourceId: 'Domain', ResourceStatus } as const;
    events = [
      { ResourceType: 'AWS::CloudFormation::Stack', PhysicalResourceId: stackId, ResourceStatus },
      { ...ofDomain, PhysicalResourceId: DomainId },
    ];
    await remove(DomainId, all);
    expect(deleted()).toEqual([]);
  });

  test.each(['UPDATE_ROLLBACK_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS'])(
    'that rolls back (%s), nothing is deleted',
    async (rollingBack) => {
      status = rollingBack;
      has('Domain', 'Domain', DomainId);
      await remove(DomainId, all);
      expect(deleted()).toEqual([]);
      expect(await reasons()).toEqual(['the stack is rolling back']);
    },
  );

  test.each(['DescribeStacks', 'GetTemplate', 'ListStackResources', 'DescribeStackEvents'])(
    'nothing is deleted when CloudFormation does not answer %s, and a throttle is retried',
    async (operation) => {
      has('Domain', 'Domain', operation === 'DescribeStackEvents' ? 'd-replacement' : DomainId);
      events = [{ ResourceType: 'AWS::SageMaker::Domain', LogicalResourceId: 'Domain', PhysicalResourceId: DomainId }];
      world.meetings.refuse(operation, 'AccessDenied', 'an explicit deny');
      await remove(DomainId);
      expect(deleted()).toEqual([]);
      expect(await reasons()).toEqual(['CloudFormation does not say whether the domain leaves the stack']);
      world.meetings.set(operation, ...Array(4).fill(new AwsError('Throttling', 'Rate exceeded')));
      await remove(DomainId);
      expect(deleted()).toEqual(['DeleteApp JupyterServer']);
    },
  );

  test('nothing is deleted when there is no such stack', async () => {
    status = undefined;
    await remove(DomainId, all);
    expect(deleted()).toEqual([]);
    expect(await reasons()).toEqual(['CloudFormation does not show the stack']);
  });
});

test('the deletion of the stack retains what is in a domain with DeletionPolicy: Retain', async () => {
  await runServer('ada');
  has('Domain', DomainId);
  template = { Thing: { DeletionPolicy: 'Retain' } };
  await remove(DomainId);
  expect(deleted()).toEqual([]);
  template = { Thing: { DeletionPolicy: 'Delete' } };
  await remove(DomainId);
  expect(deleted()).toEqual(['DeleteApp JupyterServer']);
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
  await world.addSpace(DomainId, 'notes', 'ada');
  await runInSpace('notes');
  expect(await remove(DomainId, { DeleteContents: 'Everything' })).toMatchObject({ Status: 'SUCCESS' });
  expect(deleted()).toEqual(['DeleteApp JupyterLab']);
});
