import type { ServiceEvent } from '../../packages/local/src/cloud-events.ts';
import { error } from '../packages/local/studio.ts';
import {
  action,
  artifactStore,
  other,
  type PipelineAccount,
  pipelineAccount,
  sourceStage,
} from './pipeline-account.ts';
import { region } from './pipeline-cloud.ts';

type CloudFormation = typeof import('@aws-sdk/client-cloudformation');

const events: ServiceEvent[] = [];
let cloud: PipelineAccount;

beforeAll(async () => {
  cloud = await pipelineAccount();
  cloud.cloud.events.on('event', (event) => events.push(event));
});
afterAll(() => cloud.close());

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
const deploy = (mode: string, name: string, more: Record<string, string> = {}, rest: object = {}) =>
  action(
    `Deploy${name}`,
    'Deploy/CloudFormation',
    {
      ActionMode: mode,
      StackName: name,
      RoleArn: cloud.stackRole,
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
  await cloud.create(
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
          deploy('CREATE_UPDATE', 'made-west', {}, { runOrder: 2, region: other }),
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
      artifactStores: { [region]: artifactStore, [other]: { type: 'S3', location: 'artifacts-west' } },
      pipelineType: 'V2',
      variables,
    },
  );
  const { status, actions } = await cloud.ran('whole');
  expect(actions).toEqual({
    Source: 'Succeeded',
    Build: 'Succeeded',
    Deploymade: 'Succeeded',
    'Deploymade-west': 'Succeeded',
    Site: 'Succeeded',
  });
  expect(status).toBe('Succeeded');
  for (const [name, inRegion] of [
    ['made', region],
    ['made-west', other],
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
    cloud.codepipeline('StartPipelineExecution', { name: 'whole', variables: [{ name: 'Wrong', value: 'a' }] }),
  ).rejects.toEqual(error('ValidationException', 'does not declare a variable'));
});

test('change sets are made and executed, and stacks are deleted', async () => {
  const inBuilt = { inputArtifacts: [{ name: 'Built' }] };
  const named = { StackName: 'made-by-change-set', ChangeSetName: 'next' };
  await cloud.create(
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
            { ActionMode: 'DELETE_ONLY', StackName, RoleArn: cloud.stackRole },
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
  await cloud.create('retried', [sourceStage, { name: 'Check', actions: [checking] }]);
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
