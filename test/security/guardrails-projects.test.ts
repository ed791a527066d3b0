import { GetPipelineCommand } from '@aws-sdk/client-codepipeline';
import { SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  CreateModelPackageGroupCommand,
  CreatePipelineCommand,
  CreateProjectCommand,
  DescribePipelineExecutionCommand,
  ListModelPackagesCommand,
  ListPipelineExecutionStepsCommand,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-sagemaker';
import { account, region } from '../../scripts/start/clients.ts';
import type { Caller } from '../stacks/caller.ts';
import { startCloud } from '../stacks/cloud.ts';
import { offer } from '../stacks/offered-projects.ts';
import { ProjectCloud } from '../stacks/project-cloud.ts';
import type { TestCloud } from '../stacks/test-cloud.ts';
import { outcome } from './data-scientists.ts';

let cloud: TestCloud;
let projects: ProjectCloud;
let scientist: Caller;
let products: Record<string, string>;

beforeAll(async () => {
  cloud = await startCloud();
  projects = await ProjectCloud.start(cloud);
  scientist = await projects.as('studio-scientist');
  ({ products } = await offer(projects));
});
afterAll(() => cloud?.stop());

const roleOf = (what: string) => `arn:aws:iam::${account}:role/sagemaker-project-templates-${what}-${region}`;

async function launch(ProjectName: string, kind: 'Build' | 'Deploy', more: Record<string, string> = {}) {
  const given = {
    CodeConnectionArn: `arn:aws:codeconnections:${region}:${account}:connection/0e0e0e0e-0000-4000-8000-000000000000`,
    RepositoryName: 'team/houses',
    ...more,
  };
  await scientist.clients.sagemaker.send(
    new CreateProjectCommand({
      ProjectName,
      ServiceCatalogProvisioningDetails: {
        ProductId: products[`${kind}ProductId`],
        ProvisioningArtifactId: products[`${kind}ProductVersionId`],
        ProvisioningParameters: Object.entries(given).map(([Key, Value]) => ({ Key, Value })),
      },
    }),
  );
  const created = await projects.settled(ProjectName);
  expect(created.ProjectStatus).toBe('CreateCompleted');
  return created.ProjectId!;
}

test('attack: a user with SageMaker’s full access swaps what the pipeline of a project has built', async () => {
  const id = await launch('deploy', 'Deploy', { ModelPackageGroupName: 'houses' });
  const { pipeline } = await cloud.clients.codepipeline.send(
    new GetPipelineCommand({ name: `sagemaker-deploy-${id}-modeldeploy` }),
  );
  const Bucket = pipeline!.artifactStore!.location!;
  const Key = 'sagemaker-deploy/Build/abc';
  await cloud.clients.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'as it was built' }));
  const { s3 } = scientist.clients;
  // AWS's policy allows to list every bucket.
  expect(await outcome(s3.send(new ListObjectsV2Command({ Bucket })))).toBe('done');
  expect(await outcome(s3.send(new GetObjectCommand({ Bucket, Key })))).toBe('denied');
  expect(await outcome(s3.send(new PutObjectCommand({ Bucket, Key, Body: 'swapped' })))).toBe('denied');
});

test('attack: a user with SageMaker’s full access swaps the model that a project has trained', async () => {
  const id = await launch('build', 'Build');
  const put = (Key: string) =>
    outcome(scientist.clients.s3.send(new PutObjectCommand({ Bucket: `sagemaker-project-${id}`, Key, Body: 'mine' })));
  expect(await put(`sagemaker-build-${id}/executions/1/model/model.tar.gz`)).toBe('denied');
  expect(await put(`sagemaker-build-${id}/source/1/steps/train.py`)).toBe('denied');
  // Data of their own, which the pipeline can be told to take.
  expect(await put('houses/data.csv')).toBe('done');
});

test('attack: a pipeline of a project is started with a parameter that approves what it registers', async () => {
  const { sagemaker } = cloud.clients;
  await sagemaker.send(new CreateModelPackageGroupCommand({ ModelPackageGroupName: 'boats' }));
  const specification = {
    Containers: [{ Image: `${account}.dkr.ecr.${region}.amazonaws.com/image:1` }],
    SupportedContentTypes: ['text/csv'],
    SupportedResponseMIMETypes: ['text/csv'],
  };
  const Arguments = {
    ModelPackageGroupName: 'boats',
    ModelApprovalStatus: { Get: 'Parameters.ModelApprovalStatus' },
    InferenceSpecification: specification,
  };
  const PipelineDefinition = JSON.stringify({
    Version: '2020-12-01',
    Parameters: [{ Name: 'ModelApprovalStatus', Type: 'String', DefaultValue: 'PendingManualApproval' }],
    Steps: [{ Name: 'Register', Type: 'RegisterModel', Arguments }],
  });
  const [PipelineName, RoleArn] = ['sagemaker-boats', roleOf('execution')];
  const ClientRequestToken = '0'.repeat(32);
  await sagemaker.send(new CreatePipelineCommand({ PipelineName, RoleArn, PipelineDefinition, ClientRequestToken }));
  const run = async (token: string, Value: string) => {
    const PipelineParameters = [{ Name: 'ModelApprovalStatus', Value }];
    const { PipelineExecutionArn } = await sagemaker.send(
      new StartPipelineExecutionCommand({ PipelineName, PipelineParameters, ClientRequestToken: token.repeat(32) }),
    );
    let status = '';
    await cloud.until(async () => {
      const execution = await sagemaker.send(new DescribePipelineExecutionCommand({ PipelineExecutionArn }));
      status = execution.PipelineExecutionStatus!;
      return !/ing$/.test(status);
    }, 'the execution to end');
    const { PipelineExecutionSteps } = await sagemaker.send(
      new ListPipelineExecutionStepsCommand({ PipelineExecutionArn }),
    );
    return { status, reason: PipelineExecutionSteps![0]!.FailureReason };
  };
  expect(await run('1', 'Approved')).toEqual({
    status: 'Failed',
    reason: expect.stringContaining('is not authorized to perform: sagemaker:CreateModelPackage'),
  });
  expect(await run('2', 'PendingManualApproval')).toMatchObject({ status: 'Succeeded' });
  const { ModelPackageSummaryList } = await sagemaker.send(
    new ListModelPackagesCommand({ ModelPackageGroupName: 'boats' }),
  );
  expect(ModelPackageSummaryList).toMatchObject([{ ModelApprovalStatus: 'PendingManualApproval' }]);
});

test('no role of projects can approve a version of a model or a deployment', async () => {
  for (const what of ['execution', 'build', 'pipeline', 'deploy', 'events', 'launch']) {
    const { EvaluationResults } = await cloud.clients.iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: roleOf(what),
        ActionNames: ['sagemaker:CreateModelPackage', 'sagemaker:UpdateModelPackage', 'codepipeline:PutApprovalResult'],
        ResourceArns: [
          `arn:aws:sagemaker:${region}:${account}:model-package/houses/1`,
          `arn:aws:codepipeline:${region}:${account}:sagemaker-houses-p-1-modeldeploy/Approve/Approve`,
        ],
        ContextEntries: [
          {
            ContextKeyName: 'sagemaker:ModelApprovalStatus',
            ContextKeyValues: ['Approved'],
            ContextKeyType: 'string',
          },
        ],
      }),
    );
    expect([what, EvaluationResults!.filter(({ EvalDecision }) => EvalDecision === 'allowed')]).toEqual([what, []]);
  }
});
