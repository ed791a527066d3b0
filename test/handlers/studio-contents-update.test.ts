import { AwsError } from '../../packages/local/src/errors.ts';
import { stackId } from './built-function.ts';
import { type ContentsWorld, contentsRequests } from './contents-world.ts';

let world: ContentsWorld;
let DomainId: string;

const { remove } = contentsRequests((started) => {
  world = started;
  DomainId = world.domainIds[0]!;
});

describe('in an update', () => {
  const has = (type: string, LogicalResourceId: string, PhysicalResourceId: string, more: object = {}) =>
    world.stack.resources.push({
      ResourceType: `AWS::SageMaker::${type}`,
      LogicalResourceId,
      PhysicalResourceId,
      ...more,
    });

  beforeEach(async () => {
    world.stack.status = 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS';
    await world.addSpace(DomainId, 'notes', 'ada');
    await world.runServer('ada');
  });

  const all = { DeleteContents: 'All' };
  const ofAda = { ...all, UserProfileName: 'ada' };

  test('a deletion retains everything while the domain stays', async () => {
    has('Domain', 'Domain', DomainId);
    world.stack.template = { Domain: { Type: 'AWS::SageMaker::Domain' } };
    expect(await remove(DomainId, all)).toMatchObject({ Status: 'SUCCESS' });
    expect(await remove(`${DomainId}/ada`, ofAda)).toMatchObject({ Status: 'SUCCESS' });
    expect(world.deleted()).toEqual([]);
    expect(await world.reasons()).toEqual(Array(2).fill(`Domain keeps domain ${DomainId}`));
  });

  test('and while the user profile stays, or when only a profile leaves and the contents are those of the domain', async () => {
    has('Domain', 'Domain', DomainId);
    has('UserProfile', 'Ada', `Ada|${DomainId}`);
    has('UserProfile', 'Bob', 'bob');
    world.stack.template = { Domain: {}, Ada: {} };
    await remove(`${DomainId}/ada`, ofAda);
    await remove(DomainId, all);
    expect(world.deleted()).toEqual([]);
    expect(await world.reasons()).toEqual(['Ada keeps user profile ada', `Domain keeps domain ${DomainId}`]);
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
    expect(world.deleted()).toEqual([]);
    expect(await world.reasons()).toEqual([
      `the update removes no native resource of domain ${DomainId} from this stack`,
    ]);
  });

  test('a deletion deletes the contents of a domain that the template no longer has', async () => {
    has('Domain', 'Domain', DomainId);
    world.stack.template = { Other: {} };
    await remove(DomainId, all);
    expect(world.deleted().toSorted()).toEqual([
      ...['DeleteApp JupyterServer', 'DeleteSpace notes', 'DeleteUserProfile ada', 'DeleteUserProfile bob'],
    ]);
  });

  test('and those of a user profile that it no longer has, or whose domain is deleted', async () => {
    await world.runServer('bob');
    has('Domain', 'Domain', DomainId);
    has('UserProfile', 'Ada', 'ada');
    world.stack.template = { Domain: {} };
    await remove(`${DomainId}/ada`, ofAda);
    expect(world.deleted().toSorted()).toEqual(['DeleteApp JupyterServer', 'DeleteSpace notes']);
    world.stack.template = { Bob: {} };
    await remove(`${DomainId}/bob`, { ...all, UserProfileName: 'bob' });
    expect(world.deleted().slice(2)).toEqual(['DeleteApp JupyterServer']);
  });

  test.each([
    ['goes as well', undefined, true],
    ['is retained by its UpdateReplacePolicy', 'Retain', false],
  ])('a domain that the update has replaced %s', async (_, UpdateReplacePolicy, isDeleted) => {
    has('Domain', 'Domain', 'd-replacement');
    world.stack.template = { Domain: { UpdateReplacePolicy } };
    const ResourceType = 'AWS::SageMaker::Domain';
    const of = { ResourceType, LogicalResourceId: 'Domain', ResourceStatus: 'UPDATE_IN_PROGRESS' as const };
    world.stack.events = [
      { ...of, PhysicalResourceId: 'd-replacement' },
      { ...of, PhysicalResourceId: DomainId },
    ];
    await remove(DomainId);
    expect(world.deleted()).toEqual(isDeleted ? ['DeleteApp JupyterServer'] : []);
  });

  test('what an earlier update has replaced is retained', async () => {
    has('Domain', 'Domain', 'd-replacement');
    world.stack.template = { Domain: {} };
    const ResourceStatus = 'UPDATE_IN_PROGRESS';
    const ofDomain = { ResourceType: 'AWS::SageMaker::Domain', LogicalResourceId: 'Domain', ResourceStatus } as const;
    world.stack.events = [
      { ResourceType: 'AWS::CloudFormation::Stack', PhysicalResourceId: stackId, ResourceStatus },
      { ...ofDomain, PhysicalResourceId: DomainId },
    ];
    await remove(DomainId, all);
    expect(world.deleted()).toEqual([]);
  });

  test.each(['UPDATE_ROLLBACK_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS'])(
    'that rolls back (%s), nothing is deleted',
    async (rollingBack) => {
      world.stack.status = rollingBack;
      has('Domain', 'Domain', DomainId);
      await remove(DomainId, all);
      expect(world.deleted()).toEqual([]);
      expect(await world.reasons()).toEqual(['the stack is rolling back']);
    },
  );

  test.each(['DescribeStacks', 'GetTemplate', 'ListStackResources', 'DescribeStackEvents'])(
    'nothing is deleted when CloudFormation does not answer %s, and a throttle is retried',
    async (operation) => {
      has('Domain', 'Domain', operation === 'DescribeStackEvents' ? 'd-replacement' : DomainId);
      world.stack.events = [
        { ResourceType: 'AWS::SageMaker::Domain', LogicalResourceId: 'Domain', PhysicalResourceId: DomainId },
      ];
      world.interceptions.refuse(operation, 'AccessDenied', 'an explicit deny');
      await remove(DomainId);
      expect(world.deleted()).toEqual([]);
      expect(await world.reasons()).toEqual(['CloudFormation does not say whether the domain leaves the stack']);
      world.interceptions.set(operation, ...Array(4).fill(new AwsError('Throttling', 'Rate exceeded')));
      await remove(DomainId);
      expect(world.deleted()).toEqual(['DeleteApp JupyterServer']);
    },
  );

  test('nothing is deleted when there is no such stack', async () => {
    world.stack.status = undefined;
    await remove(DomainId, all);
    expect(world.deleted()).toEqual([]);
    expect(await world.reasons()).toEqual(['CloudFormation does not show the stack']);
  });
});
