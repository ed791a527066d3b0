import { strFromU8, unzipSync } from 'fflate';
import type { ServiceEvent } from '../../packages/local/src/cloud-events.ts';
import { error } from '../packages/local/studio.ts';
import { account, logging, onBucket, type PipelineCloud, pipelineCloud, region } from './pipeline-cloud.ts';

type CloudFormation = typeof import('@aws-sdk/client-cloudformation');
type CodeCommit = typeof import('@aws-sdk/client-codecommit');
type Iam = typeof import('@aws-sdk/client-iam');

const other = 'us-west-2';
let cloud: PipelineCloud;
let roleArn: string;
let stackRole: string;
const events: ServiceEvent[] = [];

beforeAll(async () => {
  cloud = pipelineCloud();
  cloud.cloud.events.on('event', (event) => events.push(event));
  await cloud.bucket('artifacts');
  await cloud.bucket('artifacts-elsewhere', other);
  await cloud.bucket('source');
  await cloud.bucket('site');
  const builder = await cloud.role(
    'builder',
    'codebuild.amazonaws.com',
    logging,
    onBucket('artifacts', 's3:GetObject', 's3:PutObject'),
  );
  stackRole = await cloud.role('stacks', 'cloudformation.amazonaws.com', {
    Effect: 'Allow',
    Action: ['ssm:PutParameter', 'ssm:DeleteParameter', 'ssm:GetParameters', 'ssm:AddTagsToResource'],
    Resource: '*',
  });
  roleArn = await cloud.role(
    'pipelines',
    'codepipeline.amazonaws.com',
    onBucket('artifacts', 's3:GetObject', 's3:PutObject'),
    onBucket('artifacts-elsewhere', 's3:GetObject', 's3:PutObject'),
    onBucket('source', 's3:GetObject', 's3:GetObjectVersion', 's3:GetBucketVersioning'),
    onBucket('site', 's3:PutObject'),
    { Effect: 'Allow', Action: ['codebuild:StartBuild', 'codebuild:BatchGetBuilds'], Resource: '*' },
    { Effect: 'Allow', Action: 'cloudformation:*', Resource: `arn:aws:cloudformation:*:${account}:stack/made*/*` },
    { Effect: 'Allow', Action: 'iam:PassRole', Resource: stackRole },
    {
      Effect: 'Allow',
      Action: [
        'codecommit:GetBranch',
        'codecommit:GetCommit',
        'codecommit:UploadArchive',
        'codecommit:GetUploadArchiveStatus',
      ],
      Resource: '*',
    },
  );
  const project = (name: string) =>
    cloud.codebuild('CreateProject', {
      name,
      source: { type: 'CODEPIPELINE' },
      artifacts: { type: 'CODEPIPELINE' },
      environment: {
        type: 'LINUX_CONTAINER',
        image: 'aws/codebuild/standard:7.0',
        computeType: 'BUILD_GENERAL1_SMALL',
      },
      serviceRole: builder,
    });
  await project('build');
});
afterAll(() => cloud.close());

type Action = { [key: string]: unknown };

const action = (name: string, kind: string, configuration: Record<string, string>, more: Action = {}) => {
  const [category, provider] = kind.split('/');
  return { name, actionTypeId: { category, owner: 'AWS', provider, version: '1' }, configuration, ...more };
};
const source = action(
  'Source',
  'Source/S3',
  { S3Bucket: 'source', S3ObjectKey: 'app.zip' },
  { outputArtifacts: [{ name: 'App' }], namespace: 'Source' },
);
const sourceStage = { name: 'Source', actions: [source] };
const artifactStore = { type: 'S3', location: 'artifacts' };

function create(name: string, stages: object[], more: object = {}, inRegion = region) {
  const pipeline = { name, roleArn, artifactStore, stages, ...more };
  return cloud.codepipeline('CreatePipeline', { pipeline } as never, { region: inRegion });
}

const template = JSON.stringify({
  Parameters: { Value: { Type: 'String' }, Commit: { Type: 'String' } },
  Resources: {
    Parameter: {
      Type: 'AWS::SSM::Parameter',
      Properties: { Type: 'String', Value: { 'Fn::Sub': '${Value} of ${Commit}' } },
    },
  },
  Outputs: { Name: { Value: { Ref: 'Parameter' } } },
});
const buildspec = `version: 0.2
env: { exported-variables: [NUMBER] }
phases:
  build:
    commands:
      - 'export NUMBER=$((GIVEN + 1))'
      - 'mkdir out && printf ''{"value":"%s"}'' "$NUMBER" > out/values.json && cp template.json out'
artifacts: { base-directory: out, files: ['*'] }
`;
const app = { 'buildspec.yml': buildspec, 'template.json': template };

const build = action(
  'Build',
  'Build/CodeBuild',
  { ProjectName: 'build', EnvironmentVariables: '[{"name":"GIVEN","value":"#{variables.Given}"}]' },
  { inputArtifacts: [{ name: 'App' }], outputArtifacts: [{ name: 'Built' }], namespace: 'Build' },
);
const deploy = (mode: string, name: string, more: Record<string, string> = {}, rest: Action = {}) =>
  action(
    `Deploy${name}`,
    'Deploy/CloudFormation',
    {
      ActionMode: mode,
      StackName: name,
      RoleArn: stackRole,
      TemplatePath: 'Built::template.json',
      ParameterOverrides: JSON.stringify({
        Value: { 'Fn::GetParam': ['Built', 'values.json', 'value'] },
        Commit: '#{Source.VersionId}',
      }),
      ...more,
    },
    { inputArtifacts: [{ name: 'Built' }], ...rest },
  );

const variables = [{ name: 'Given', defaultValue: '6' }];

test('a pipeline deploys a source to stacks in two Regions, and passes on the artifacts of each action', async () => {
  await cloud.putZip('source', 'app.zip', app);
  await create(
    'whole',
    [
      sourceStage,
      { name: 'Build', actions: [build] },
      {
        name: 'Deploy',
        actions: [
          deploy(
            'CREATE_UPDATE',
            'made',
            { OutputFileName: 'outputs.json' },
            { runOrder: 1, namespace: 'Here', outputArtifacts: [{ name: 'Outputs' }] },
          ),
          deploy('CREATE_UPDATE', 'made-elsewhere', {}, { runOrder: 2, region: other }),
          action(
            'Site',
            'Deploy/S3',
            { BucketName: 'site', Extract: 'true', ObjectKey: '#{Here.Name}' },
            { runOrder: 3, inputArtifacts: [{ name: 'Outputs' }] },
          ),
        ],
      },
    ],
    {
      artifactStore: undefined,
      artifactStores: { [region]: artifactStore, [other]: { type: 'S3', location: 'artifacts-elsewhere' } },
      pipelineType: 'V2',
      variables,
    },
  );
  const { status, actions } = await cloud.ran('whole');
  expect(actions).toEqual({
    Source: 'Succeeded',
    Build: 'Succeeded',
    Deploymade: 'Succeeded',
    'Deploymade-elsewhere': 'Succeeded',
    Site: 'Succeeded',
  });
  expect(status).toBe('Succeeded');
  for (const [name, inRegion] of [
    ['made', region],
    ['made-elsewhere', other],
  ] as const) {
    const { Stacks } = await cloud.door<CloudFormation>('cloudformation')(
      'DescribeStacks',
      { StackName: name },
      { region: inRegion },
    );
    expect(Stacks![0]!.Parameters).toContainEqual({ ParameterKey: 'Value', ParameterValue: '7' });
  }
  const { Contents } = await cloud.s3('ListObjectsV2', { Bucket: 'site' });
  expect(Contents!.map(({ Key }) => Key)).toEqual([expect.stringMatching(/\/outputs\.json$/)]);
  const states = events.filter(({ detailType }) => detailType === 'CodePipeline Pipeline Execution State Change');
  expect(states.map(({ detail }) => detail.state)).toEqual(['STARTED', 'SUCCEEDED']);
  const { pipelineExecutionSummaries: all } = await cloud.codepipeline('ListPipelineExecutions', {
    pipelineName: 'whole',
  });
  expect(all).toMatchObject([
    { trigger: { triggerType: 'CreatePipeline' }, sourceRevisions: [{ actionName: 'Source' }] },
  ]);
});

test('another value of a variable updates the stack, and an unchanged one succeeds without an update', async () => {
  const run = async (value: string) => {
    const { pipelineExecutionId } = await cloud.codepipeline('StartPipelineExecution', {
      name: 'whole',
      variables: [{ name: 'Given', value }],
    });
    return cloud.ran('whole', pipelineExecutionId);
  };
  expect((await run('41')).status).toBe('Succeeded');
  expect((await run('41')).status).toBe('Succeeded');
  const { Stacks } = await cloud.door<CloudFormation>('cloudformation')('DescribeStacks', { StackName: 'made' });
  expect(Stacks![0]).toMatchObject({ StackStatus: 'UPDATE_COMPLETE' });
  await expect(
    cloud.codepipeline('StartPipelineExecution', { name: 'whole', variables: [{ name: 'Wrong', value: '' }] }),
  ).rejects.toEqual(error('ValidationException', 'does not declare a variable'));
});

test('change sets are made and executed, and stacks are deleted', async () => {
  const inBuilt = { inputArtifacts: [{ name: 'Built' }] };
  const named = { StackName: 'made-by-change-set', ChangeSetName: 'next' };
  await create(
    'change-sets',
    [
      sourceStage,
      { name: 'Build', actions: [build] },
      {
        name: 'Deploy',
        actions: [
          { ...deploy('CHANGE_SET_REPLACE', named.StackName, named), name: 'Propose' },
          {
            ...action('Execute', 'Deploy/CloudFormation', { ActionMode: 'CHANGE_SET_EXECUTE', ...named }),
            runOrder: 2,
          },
        ],
      },
      {
        name: 'CleanUp',
        actions: ['made-by-change-set', 'made'].map((StackName) =>
          action(
            `Delete-${StackName}`,
            'Deploy/CloudFormation',
            { ActionMode: 'DELETE_ONLY', StackName, RoleArn: stackRole },
            inBuilt,
          ),
        ),
      },
    ],
    { pipelineType: 'V2', variables },
  );
  expect(await cloud.ran('change-sets')).toMatchObject({ status: 'Succeeded' });
  await expect(cloud.door<CloudFormation>('cloudformation')('DescribeStacks', { StackName: 'made' })).rejects.toEqual(
    error('ValidationError', 'does not exist'),
  );
});

test('a stage that failed is tried again from its failed actions, once what was wrong has been put right', async () => {
  await cloud.putZip('source', 'app.zip', {
    ...app,
    'buildspec.yml': 'version: 0.2\nphases: { build: { commands: [test -e there] } }\n',
  });
  const checking = action('Check', 'Test/CodeBuild', { ProjectName: 'build' }, { inputArtifacts: [{ name: 'App' }] });
  await create('retried', [sourceStage, { name: 'Check', actions: [checking] }]);
  const { status, actions } = await cloud.ran('retried');
  expect(status).toBe('Failed');
  expect(actions.Check).toMatch(/^Failed: JobFailed: Build terminated with state: FAILED: BUILD: .*exit status 1$/);
  await cloud.codebuild('UpdateProject', {
    name: 'build',
    source: {
      type: 'CODEPIPELINE',
      buildspec: 'version: 0.2\nphases: { build: { commands: [test -e buildspec.yml] } }\n',
    },
  });
  const { pipelineExecutionSummaries: all } = await cloud.codepipeline('ListPipelineExecutions', {
    pipelineName: 'retried',
  });
  const pipelineExecutionId = all![0]!.pipelineExecutionId;
  await cloud.codepipeline('RetryStageExecution', {
    pipelineName: 'retried',
    stageName: 'Check',
    pipelineExecutionId,
    retryMode: 'FAILED_ACTIONS',
  });
  expect(await cloud.ran('retried')).toMatchObject({ status: 'Succeeded', actions: { Check: 'Succeeded' } });
  await expect(
    cloud.codepipeline('RetryStageExecution', {
      pipelineName: 'retried',
      stageName: 'Check',
      pipelineExecutionId,
      retryMode: 'FAILED_ACTIONS',
    }),
  ).rejects.toEqual(error('StageNotRetryableException'));
});

test('an approval is waited for, and a rejection ends the execution', async () => {
  await create('approved', [sourceStage, { name: 'Approve', actions: [action('Approve', 'Approval/Manual', {})] }]);
  const answer = async (status: 'Approved' | 'Rejected') => {
    await cloud.ran('approved');
    const { stageStates } = await cloud.codepipeline('GetPipelineState', { name: 'approved' });
    const token = stageStates![1]!.actionStates![0]!.latestExecution!.token;
    const result = { status, summary: 'seen' };
    await cloud.codepipeline('PutApprovalResult', {
      pipelineName: 'approved',
      stageName: 'Approve',
      actionName: 'Approve',
      result,
      token,
    });
    return cloud.ran('approved');
  };
  expect(await answer('Approved')).toMatchObject({ status: 'Succeeded' });
  await cloud.codepipeline('StartPipelineExecution', { name: 'approved' });
  expect(await answer('Rejected')).toMatchObject({ status: 'Failed', actions: { Approve: 'Failed: JobFailed: seen' } });
});

test('an execution is stopped, and the result of its action is ignored', async () => {
  await create('stopped', [sourceStage, { name: 'Approve', actions: [action('Approve', 'Approval/Manual', {})] }]);
  await cloud.ran('stopped');
  const { pipelineExecutionSummaries: all } = await cloud.codepipeline('ListPipelineExecutions', {
    pipelineName: 'stopped',
  });
  const given = { pipelineName: 'stopped', pipelineExecutionId: all![0]!.pipelineExecutionId };
  await cloud.codepipeline('StopPipelineExecution', given);
  await expect(cloud.codepipeline('StopPipelineExecution', given)).rejects.toEqual(
    error('DuplicatedStopRequestException'),
  );
  await cloud.codepipeline('StopPipelineExecution', { ...given, abandon: true, reason: 'enough' });
  expect(await cloud.ran('stopped')).toMatchObject({ status: 'Stopped', actions: { Approve: 'Abandoned' } });
});

test('a disabled transition blocks executions, and the newest one enters once it is enabled', async () => {
  await cloud.putZip('source', 'app.zip', app);
  const stages = [
    sourceStage,
    {
      name: 'Site',
      actions: [
        action(
          'Site',
          'Deploy/S3',
          { BucketName: 'site', Extract: 'false', ObjectKey: 'app.zip' },
          { inputArtifacts: [{ name: 'App' }] },
        ),
      ],
    },
  ];
  await create('closed', stages);
  await cloud.ran('closed');
  const at = { pipelineName: 'closed', stageName: 'Site', transitionType: 'Inbound' as const };
  await cloud.codepipeline('DisableStageTransition', { ...at, reason: 'not today' });
  const { pipelineExecutionId } = await cloud.codepipeline('StartPipelineExecution', { name: 'closed' });
  const waiting = await cloud.when(async () => {
    const { stageStates } = await cloud.codepipeline('GetPipelineState', { name: 'closed' });
    return stageStates![1]!.inboundExecution && stageStates![1];
  });
  expect(waiting).toMatchObject({
    inboundExecution: { pipelineExecutionId },
    inboundTransitionState: { enabled: false, disabledReason: 'not today' },
  });
  await cloud.codepipeline('EnableStageTransition', at);
  expect(await cloud.ran('closed', pipelineExecutionId)).toMatchObject({ status: 'Succeeded' });
});

test('the newest commit of a branch is a source; connections are not supported', async () => {
  const codecommit = cloud.door<CodeCommit>('codecommit');
  await codecommit('CreateRepository', { repositoryName: 'app' });
  const putFiles = [{ filePath: 'in/a.txt', fileContent: new TextEncoder().encode('a') }];
  const { commitId } = await codecommit('CreateCommit', { repositoryName: 'app', branchName: 'main', putFiles });
  const commits = action(
    'Source',
    'Source/CodeCommit',
    { RepositoryName: 'app', BranchName: 'main' },
    { outputArtifacts: [{ name: 'App' }], namespace: 'Source' },
  );
  const site = action(
    'Site',
    'Deploy/S3',
    { BucketName: 'site', Extract: 'false', ObjectKey: '#{Source.CommitId}.zip' },
    { inputArtifacts: [{ name: 'App' }] },
  );
  await create('commits', [
    { name: 'Source', actions: [commits] },
    { name: 'Site', actions: [site] },
  ]);
  expect(await cloud.ran('commits')).toMatchObject({ status: 'Succeeded' });
  const { Body } = await cloud.s3('GetObject', { Bucket: 'site', Key: `${commitId}.zip` });
  expect(strFromU8(unzipSync(Body!)['in/a.txt']!)).toBe('a');

  const ConnectionArn = `arn:aws:codeconnections:${region}:${account}:connection/1`;
  const connected = action(
    'Source',
    'Source/CodeStarSourceConnection',
    { ConnectionArn, FullRepositoryId: 'team/app', BranchName: 'main' },
    { outputArtifacts: [{ name: 'App' }] },
  );
  const stages = [
    { name: 'Source', actions: [connected] },
    { name: 'Site', actions: [site] },
  ];
  await create(
    'connected',
    stages.with(1, { name: 'Site', actions: [{ ...site, configuration: { ...site.configuration, ObjectKey: 'x' } }] }),
  );
  expect((await cloud.ran('connected')).actions.Source).toMatch(/PermissionError.*codeconnections:UseConnection/);
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'codeconnections:UseConnection', Resource: ConnectionArn }],
  });
  await cloud.door<Iam>('iam')('PutRolePolicy', { RoleName: 'pipelines', PolicyName: 'connection', PolicyDocument });
  await cloud.codepipeline('StartPipelineExecution', { name: 'connected' });
  expect((await cloud.ran('connected')).actions.Source).toMatch(
    /ConfigurationError: The local cloud reaches no team\/app/,
  );
});

test('an action has only the rights of its role', async () => {
  const weak = await cloud.role('weak', 'codepipeline.amazonaws.com', onBucket('source', 's3:GetBucketVersioning'));
  const site = action(
    'Site',
    'Deploy/S3',
    { BucketName: 'site', Extract: 'true' },
    { inputArtifacts: [{ name: 'App' }] },
  );
  await create('weak', [sourceStage, { name: 'Site', actions: [site] }], { roleArn: weak });
  const { status, actions } = await cloud.ran('weak');
  expect(status).toBe('Failed');
  expect(actions.Source).toMatch(
    /^Failed: PermissionError: .*assumed-role\/weak\/.* is not authorized to perform: s3:GetObject/,
  );
  const unassumable = { ...site, roleArn: stackRole };
  await create('stranger', [sourceStage, { name: 'Site', actions: [unassumable] }]);
  expect((await cloud.ran('stranger')).actions.Site).toMatch(/PermissionError: .*sts:AssumeRole/);
});

const site = action(
  'Site',
  'Deploy/S3',
  { BucketName: 'site', Extract: 'true' },
  { inputArtifacts: [{ name: 'App' }] },
);
test.each([
  ['one stage alone', [sourceStage], 'InvalidStructureException', 'at least two stages'],
  [
    'a source in a later stage',
    [sourceStage, { name: 'B', actions: [source] }],
    'InvalidStageDeclarationException',
    'Only the first stage',
  ],
  [
    'no source first',
    [{ name: 'A', actions: [site] }, sourceStage],
    'InvalidStageDeclarationException',
    'only contains source actions',
  ],
  [
    'an input that nothing makes',
    [sourceStage, { name: 'B', actions: [{ ...site, inputArtifacts: [{ name: 'Else' }] }] }],
    'InvalidStructureException',
    'not an output of an earlier action',
  ],
  [
    'an unknown configuration',
    [sourceStage, { name: 'B', actions: [{ ...site, configuration: { ...site.configuration, Colour: 'red' } }] }],
    'InvalidActionDeclarationException',
    "unknown configuration 'Colour'",
  ],
  [
    'a configuration that is missing',
    [sourceStage, { name: 'B', actions: [{ ...site, configuration: { Extract: 'true' } }] }],
    'InvalidActionDeclarationException',
    "missing required configuration 'BucketName'",
  ],
  [
    'an action that there is not',
    [sourceStage, { name: 'B', actions: [action('C', 'Deploy/ECS', {})] }],
    'InvalidActionDeclarationException',
    'it has Source/S3',
  ],
  [
    'an action in a Region without a store',
    [sourceStage, { name: 'B', actions: [{ ...site, region: other }] }],
    'InvalidStructureException',
    `no artifact store there`,
  ],
])('a pipeline with %s is refused', async (_, stages, name, message) => {
  await expect(create('refused', stages)).rejects.toEqual(error(name, message));
});

test('a pipeline has versions, and is gone once it is deleted', async () => {
  const stages = [sourceStage, { name: 'Site', actions: [site] }];
  await create('versions', stages);
  const { pipeline } = await cloud.codepipeline('UpdatePipeline', {
    pipeline: { name: 'versions', roleArn, artifactStore, stages, executionMode: 'SUPERSEDED' },
  } as never);
  expect(pipeline!.version).toBe(2);
  expect(await cloud.codepipeline('GetPipeline', { name: 'versions', version: 1 })).toMatchObject({
    pipeline: { version: 1 },
  });
  await cloud.codepipeline('DeletePipeline', { name: 'versions' });
  await expect(cloud.codepipeline('GetPipeline', { name: 'versions' })).rejects.toEqual(
    error('PipelineNotFoundException'),
  );
});
