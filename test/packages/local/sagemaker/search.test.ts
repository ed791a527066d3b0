import type * as SageMaker from '@aws-sdk/client-sagemaker';
import { accountPrincipal, type Principal } from '../../../../packages/local/src/principal.ts';
import { iam } from '../../../../packages/local/src/services/iam/index.ts';
import { ram } from '../../../../packages/local/src/services/ram/index.ts';
import { account, policyOf, trusting } from '../authorised-cloud.ts';
import { PipelinesCloud } from '../pipelines-cloud.ts';
import { error } from '../studio.ts';

const consumer = '444455556666';
let cloud: PipelinesCloud;

beforeEach(async () => {
  cloud = await PipelinesCloud.open();
  for (const [name, team] of Object.entries({ train: 'red', evaluate: 'blue', deploy: undefined })) {
    const Tags = team === undefined ? [] : [{ Key: 'team', Value: team }];
    await cloud.pipeline(name, [cloud.processing('Prepare')], { Tags, PipelineDescription: `To ${name}` });
    await cloud.clock.pass(1000);
  }
});
afterEach(() => cloud.cloud.close());

type Request = SageMaker.SearchRequest;

const search = (request: Request, who?: Principal) => cloud.sm('Search', request, who);

/** The names of the pipelines that are found. */
async function named(request: Partial<Request>): Promise<(string | undefined)[]> {
  const { Results } = await search({ Resource: 'Pipeline', ...request });
  return Results!.map(({ Pipeline }) => Pipeline?.PipelineName);
}

const by = (...Filters: SageMaker.Filter[]) => named({ SearchExpression: { Filters }, SortBy: 'PipelineName' });

test('pipelines are found with their tags, the one changed last first, and without their definitions', async () => {
  const { Results, TotalHits } = await search({ Resource: 'Pipeline' });
  expect(Results!.map(({ Pipeline }) => Pipeline?.PipelineName)).toEqual(['deploy', 'evaluate', 'train']);
  expect(Results![1]!.Pipeline).toMatchObject({ PipelineStatus: 'Active', Tags: [{ Key: 'team', Value: 'blue' }] });
  expect(Results![1]!.Pipeline).not.toHaveProperty('PipelineDefinition');
  expect(TotalHits).toEqual({ Value: 3, Relation: 'EqualTo' });
});

test('a filter compares a text, a time or a tag', async () => {
  expect(await by({ Name: 'PipelineName', Value: 'train' })).toEqual(['train']);
  expect(await by({ Name: 'PipelineName', Operator: 'Contains', Value: 'a' })).toEqual(['train', 'evaluate']);
  expect(await by({ Name: 'PipelineName', Operator: 'In', Value: 'train,deploy' })).toEqual(['train', 'deploy']);
  expect(await by({ Name: 'Tags.team', Operator: 'Exists' })).toEqual(['train', 'evaluate']);
  expect(await by({ Name: 'Tags.team', Operator: 'NotExists' })).toEqual(['deploy']);
  expect(await by({ Name: 'Tags.team', Operator: 'NotEquals', Value: 'red' })).toEqual(['evaluate', 'deploy']);
  const { CreationTime } = await cloud.sm('DescribePipeline', { PipelineName: 'evaluate' });
  const Value = CreationTime!.toISOString().slice(0, 19);
  expect(await by({ Name: 'CreationTime', Operator: 'LessThan', Value })).toEqual(['train']);
  expect(await by({ Name: 'CreationTime', Operator: 'GreaterThanOrEqualTo', Value })).toEqual(['evaluate', 'deploy']);
});

test('expressions are nested, and joined by And or Or', async () => {
  const name = (Value: string) => ({ Filters: [{ Name: 'PipelineName', Value }] });
  const SubExpressions = [name('train'), name('deploy')];
  const SortOrder = 'Ascending';
  expect(await named({ SearchExpression: { SubExpressions, Operator: 'Or' }, SortOrder })).toEqual(['train', 'deploy']);
  expect(await named({ SearchExpression: { SubExpressions } })).toEqual([]);
});

test.each<[SageMaker.SearchExpression, RegExp]>([
  [{}, /must have at least one subexpression, filter, or nested filter/],
  [
    { Filters: ['a', 'b'].map((Value) => ({ Name: 'PipelineName', Operator: 'Contains', Value })) },
    /^'CONTAINS' operator usage limit of 1 exceeded\.$/,
  ],
  [
    { Filters: [{ Name: 'PipelineName', Operator: 'LessThan', Value: 'a' }] },
    /LessThan is not supported for the property/,
  ],
  [{ Filters: [{ Name: 'CreationTime', Operator: 'LessThan', Value: 'noon' }] }, /noon is no ISO 8601 date-time/],
])('%j is refused', async (SearchExpression, message) => {
  await expect(named({ SearchExpression })).rejects.toEqual(error('ValidationException', message));
});

test('pages follow each other in the order of any property', async () => {
  const page = (NextToken?: string) =>
    search({ Resource: 'Pipeline', SortBy: 'PipelineName', SortOrder: 'Ascending', MaxResults: 2, NextToken });
  const first = await page();
  const second = await page(first.NextToken);
  const names = [first, second].map(({ Results }) => Results!.map(({ Pipeline }) => Pipeline?.PipelineName));
  expect(names).toEqual([['deploy', 'evaluate'], ['train']]);
  expect(second.NextToken).toBeUndefined();
  await expect(page('no')).rejects.toEqual(error('ValidationException', 'Invalid NextToken'));
});

test('executions are found by their pipeline, their status and their parameters', async () => {
  const execution = await cloud.start('train');
  await cloud.start('evaluate');
  await cloud.settle();
  const { PipelineArn } = await cloud.sm('DescribePipeline', { PipelineName: 'train' });
  const Filters: SageMaker.Filter[] = [
    { Name: 'PipelineArn', Value: PipelineArn },
    { Name: 'PipelineExecutionStatus', Operator: 'In', Value: 'Succeeded,Failed' },
  ];
  const { Results } = await search({ Resource: 'PipelineExecution', SearchExpression: { Filters } });
  expect(Results).toMatchObject([{ PipelineExecution: { PipelineArn, PipelineExecutionArn: execution } }]);
  const NestedFilters = [
    { NestedPropertyName: 'PipelineParameters', Filters: [{ Name: 'PipelineParameters.Name', Value: 'None' }] },
  ];
  const none = await search({ Resource: 'PipelineExecution', SearchExpression: { NestedFilters } });
  expect(none).toMatchObject({ Results: [], TotalHits: { Value: 0 } });
});

test('a type that the local cloud cannot search for is told as such', async () => {
  await expect(search({ Resource: 'FeatureGroup' })).rejects.toEqual(
    error('ValidationException', /The local cloud searches for .*PipelineExecution.*, and for no FeatureGroup/),
  );
});

test('groups of models and their packages are found', async () => {
  await cloud.sm('CreateModelPackageGroup', { ModelPackageGroupName: 'models', Tags: [{ Key: 'team', Value: 'red' }] });
  const { Results } = await search({
    Resource: 'ModelPackageGroup',
    SearchExpression: { Filters: [{ Name: 'Tags.team', Value: 'red' }] },
  });
  expect(Results).toMatchObject([
    { ModelPackageGroup: { ModelPackageGroupName: 'models', ModelPackageGroupStatus: 'Completed' } },
  ]);
});

describe('visibility conditions', () => {
  const VisibilityConditions = [{ Key: 'Tags.team', Value: 'red' }];

  test('leave out what has another value of the tag, and keep what has no such tag', async () => {
    expect(await named({ VisibilityConditions })).toEqual(['deploy', 'train']);
  });

  test('can be required by policies', async () => {
    await cloud.call(iam, 'CreateRole', { RoleName: 'red', AssumeRolePolicyDocument: trusting({ AWS: account }) });
    const PolicyDocument = policyOf({
      Effect: 'Allow',
      Action: 'sagemaker:Search',
      Resource: '*',
      Condition: { StringEquals: { 'sagemaker:SearchVisibilityCondition/Tags.team': 'red' } },
    });
    await cloud.call(iam, 'PutRolePolicy', { RoleName: 'red', PolicyName: 'search', PolicyDocument });
    const arn = `arn:aws:sts::${account}:assumed-role/red/session`;
    const red = { kind: 'role', account, arn, roleName: 'red', sessionName: 'session' } as const;
    expect((await search({ Resource: 'Pipeline', VisibilityConditions }, red)).Results).toHaveLength(2);
    await expect(search({ Resource: 'Pipeline' }, red)).rejects.toEqual(error('AccessDeniedException'));
  });
});

test.each(['AWSRAMDefaultPermissionSageMakerPipeline', 'AWSRAMPermissionSageMakerPipelineAllowExecution'])(
  'what another account shares with the permission %s is found across accounts, and not else',
  async (permission) => {
    await cloud.start('train');
    const { PipelineArn } = await cloud.sm('DescribePipeline', { PipelineName: 'train' });
    const permissionArns = [`arn:aws:ram::aws:permission/${permission}`];
    const request = { name: 'pipelines', resourceArns: [PipelineArn!], principals: [consumer], permissionArns };
    await cloud.call(ram, 'CreateResourceShare', request);
    await cloud.clock.pass(60_000);
    const as = accountPrincipal(consumer);
    const across = (Resource: 'Pipeline' | 'PipelineExecution', CrossAccountFilterOption?: 'CrossAccount') =>
      search({ Resource, CrossAccountFilterOption }, as).then(({ Results }) => Results);
    expect(await across('Pipeline', 'CrossAccount')).toEqual([]);
    const { resourceShareInvitations } = await cloud.call(ram, 'GetResourceShareInvitations', {}, as);
    const { resourceShareInvitationArn } = resourceShareInvitations![0]!;
    await cloud.call(ram, 'AcceptResourceShareInvitation', { resourceShareInvitationArn }, as);
    await cloud.clock.pass(60_000);
    expect(await across('Pipeline')).toEqual([]);
    expect(await across('Pipeline', 'CrossAccount')).toMatchObject([{ Pipeline: { PipelineArn } }]);
    expect(await across('PipelineExecution', 'CrossAccount')).toMatchObject([{ PipelineExecution: { PipelineArn } }]);
  },
);
