import { account, logging, onBucket, type PipelineCloud, pipelineCloud } from './pipeline-cloud.ts';

/** A second Region, for which there is a bucket of artifacts as well. */
export const other = 'us-west-2';

type Members = { [key: string]: unknown };

/** An action of a pipeline; `kind` is its category and its provider, such as `Deploy/S3`. */
export const action = (name: string, kind: string, configuration: Record<string, string>, more: Members = {}) => {
  const [category, provider] = kind.split('/');
  return { name, actionTypeId: { category, owner: 'AWS', provider, version: '1' }, configuration, ...more };
};
/** Reads app.zip of the bucket source. */
export const source = action(
  'Source',
  'Source/S3',
  { S3Bucket: 'source', S3ObjectKey: 'app.zip' },
  { outputArtifacts: [{ name: 'App' }], namespace: 'Source' },
);
export const sourceStage = { name: 'Source', actions: [source] };
export const artifactStore = { type: 'S3', location: 'artifacts' };

/** Puts what the source has into the bucket site. */
export const site = action(
  'Site',
  'Deploy/S3',
  { BucketName: 'site', Extract: 'true' },
  { inputArtifacts: [{ name: 'App' }] },
);

/** An account with buckets, a project that builds what a pipeline gives it, and roles. */
export interface PipelineAccount extends PipelineCloud {
  /** The role of a pipeline. */
  readonly roleArn: string;
  /** The role with which a pipeline deploys stacks. */
  readonly stackRole: string;
  /** Creates a pipeline, which starts it. */
  create(name: string, stages: object[], more?: object): Promise<unknown>;
}

export async function pipelineAccount(): Promise<PipelineAccount> {
  const cloud = pipelineCloud();
  await cloud.bucket('artifacts');
  await cloud.bucket('artifacts-west', other);
  await cloud.bucket('source');
  await cloud.bucket('site');
  const builder = await cloud.role(
    'builder',
    'codebuild.amazonaws.com',
    logging,
    onBucket('artifacts', 's3:GetObject', 's3:PutObject'),
  );
  const stackRole = await cloud.role('stacks', 'cloudformation.amazonaws.com', {
    Effect: 'Allow',
    Action: ['PutParameter', 'DeleteParameter', 'GetParameters', 'AddTagsToResource', 'ListTagsForResource'].map(
      (name) => `ssm:${name}`,
    ),
    Resource: '*',
  });
  const roleArn = await cloud.role(
    'pipelines',
    'codepipeline.amazonaws.com',
    onBucket('artifacts', 's3:GetObject', 's3:PutObject'),
    onBucket('artifacts-west', 's3:GetObject', 's3:PutObject'),
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
  await cloud.codebuild('CreateProject', {
    name: 'build',
    source: { type: 'CODEPIPELINE' },
    artifacts: { type: 'CODEPIPELINE' },
    environment: {
      type: 'LINUX_CONTAINER',
      image: 'aws/codebuild/standard:7.0',
      computeType: 'BUILD_GENERAL1_SMALL',
    },
    serviceRole: builder,
  });
  return {
    ...cloud,
    roleArn,
    stackRole,
    create(name, stages, more = {}) {
      const pipeline = { name, roleArn, artifactStore, stages, ...more };
      return cloud.codepipeline('CreatePipeline', { pipeline } as never);
    },
  };
}
