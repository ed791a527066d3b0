import { strFromU8, unzipSync } from 'fflate';
import { error } from '../packages/local/studio.ts';
import {
  action,
  artifactStore,
  other,
  type PipelineAccount,
  pipelineAccount,
  site,
  source,
  sourceStage,
} from './pipeline-account.ts';
import { account, onBucket, region } from './pipeline-cloud.ts';

type CodeCommit = typeof import('@aws-sdk/client-codecommit');
type Iam = typeof import('@aws-sdk/client-iam');

let cloud: PipelineAccount;

beforeAll(async () => {
  cloud = await pipelineAccount();
  await cloud.putZip('source', 'app.zip', { 'index.html': 'app' });
});
afterAll(() => cloud.close());

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
  await cloud.create('commits', [
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
  await cloud.create(
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
  await cloud.create('weak', [sourceStage, { name: 'Site', actions: [site] }], { roleArn: weak });
  const { status, actions } = await cloud.ran('weak');
  expect(status).toBe('Failed');
  expect(actions.Source).toMatch(
    /^Failed: PermissionError: .*assumed-role\/weak\/.* is not authorized to perform: s3:GetObject/,
  );
  const unassumable = { ...site, roleArn: cloud.stackRole };
  await cloud.create('stranger', [sourceStage, { name: 'Site', actions: [unassumable] }]);
  expect((await cloud.ran('stranger')).actions.Site).toMatch(/PermissionError: .*sts:AssumeRole/);
});

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
  await expect(cloud.create('refused', stages)).rejects.toEqual(error(name, message));
});

test('a pipeline has versions, and is gone once it is deleted', async () => {
  const stages = [sourceStage, { name: 'Site', actions: [site] }];
  await cloud.create('versions', stages);
  const { pipeline } = await cloud.codepipeline('UpdatePipeline', {
    pipeline: { name: 'versions', roleArn: cloud.roleArn, artifactStore, stages, executionMode: 'SUPERSEDED' },
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
