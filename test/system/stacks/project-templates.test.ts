import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { GetFileCommand } from '@aws-sdk/client-codecommit';
import {
  GetPipelineCommand,
  ListPipelinesCommand,
  PutApprovalResultCommand,
  RetryStageExecutionCommand,
  type StageState,
} from '@aws-sdk/client-codepipeline';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  CreateProjectCommand,
  DescribeEndpointCommand,
  DescribeTrainingJobCommand,
  ListEndpointsCommand,
  ListModelPackagesCommand,
  ListPipelineExecutionStepsCommand,
  ListPipelineExecutionsCommand,
  RetryPipelineExecutionCommand,
  UpdateProjectCommand,
} from '@aws-sdk/client-sagemaker';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { seedCodeFolder } from '../../../scripts/seed-code.ts';
import { account } from '../../../scripts/start/clients.ts';
import { takeInventory } from '../../../scripts/start/inventory.ts';

import { buildCommands } from '../../stacks/build-commands.ts';
import type { Caller } from '../../stacks/caller.ts';
import { removeStack } from '../../stacks/cloud.ts';
import { lines, offer } from '../../stacks/offered-projects.ts';
import { ProjectCloud } from '../../stacks/project-cloud.ts';
import { installProvider } from '../../stacks/provider.ts';
import { runLines } from '../../stacks/shell.ts';
import { temporaryDirectory } from '../../stacks/temporary-directory.ts';
import { type LocalProcess, startLocalProcess } from '../../stacks/wire-cloud.ts';

const directory = temporaryDirectory();
const run = promisify(execFile);
let cloud: LocalProcess;
let projects: ProjectCloud;
let scientist: Caller;
let before: Awaited<ReturnType<typeof takeInventory>>;
let products: Record<string, string>;

// Builds take real time, so the clock keeps it, and only services are quick.
beforeAll(async () => {
  const PATH = buildCommands(directory(), ['aws']);
  cloud = await startLocalProcess(['--speed', '1', '--durations', '0.003'], { PATH });
  await installProvider(cloud);
  projects = await ProjectCloud.start(cloud);
  scientist = await projects.as('studio-scientist');
  ({ before, products } = await offer(projects));
}, 180_000);
afterAll(() => cloud?.stop());

function outputsOf({ Outputs = [] }: Stack): Record<string, string> {
  return Object.fromEntries(Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
}

test('a model is built, trained, registered, approved and deployed, and nothing is left at the end', async () => {
  const { cloudformation, codecommit, codepipeline, s3, sagemaker } = cloud.clients;

  // The project for building, launched by a stack.
  const [launch, approve] = lines('Launch a project', {
    'prod-abcdefghijklm': products.BuildProductId!,
    'pa-abcdefghijklm': products.BuildProductVersionId!,
  });
  await runLines(scientist, [launch!]);
  const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName: 'project-houses' }));
  const { ProjectId, ProjectStatus } = outputsOf(Stacks![0]!);
  expect((await projects.settled('houses')).ServiceCatalogProvisionedProductDetails).toMatchObject({
    ProvisionedProductStatusMessage: '',
  });
  expect(ProjectStatus).toBe('CreateCompleted');
  const name = `sagemaker-houses-${ProjectId}`;
  const bucket = `sagemaker-project-${ProjectId}`;
  const group = `houses-${ProjectId}`;
  await projects.stage(`${name}-modelbuild`, 'Build', 'Succeeded');

  // What the jobs of the SageMaker pipeline would write, by the steps themselves.
  const { evaluation, model } = await runSteps();
  const put = (Key: string, Body: Uint8Array) => s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  const { PipelineExecutionSummaries } = await sagemaker.send(
    new ListPipelineExecutionsCommand({ PipelineName: name }),
  );
  const [{ PipelineExecutionArn }] = PipelineExecutionSummaries as [{ PipelineExecutionArn: string }];
  await put(`${name}/executions/${PipelineExecutionArn.split('/').at(-1)}/evaluation/evaluation.json`, evaluation);
  const status = async () => {
    let ended = '';
    await cloud.until(async () => {
      const { PipelineExecutionSummaries: all } = await sagemaker.send(
        new ListPipelineExecutionsCommand({ PipelineName: name }),
      );
      ended = all![0]!.PipelineExecutionStatus!;
      return !/ing$/.test(ended);
    }, `the execution of ${name} to end`);
    return ended;
  };
  if ((await status()) === 'Failed') {
    // The file came too late for the first attempt.
    await sagemaker.send(new RetryPipelineExecutionCommand({ PipelineExecutionArn }));
  }
  expect(await status()).toBe('Succeeded');
  const { PipelineExecutionSteps } = await sagemaker.send(
    new ListPipelineExecutionStepsCommand({ PipelineExecutionArn }),
  );
  const training = PipelineExecutionSteps!.find(({ StepName }) => StepName === 'Train')!.Metadata!.TrainingJob!.Arn!;
  const job = await sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: training.split('/').at(-1) }));
  await put(job.ModelArtifacts!.S3ModelArtifacts!.replace(`s3://${bucket}/`, ''), model);
  const versions = await sagemaker.send(new ListModelPackagesCommand({ ModelPackageGroupName: group }));
  const [version] = versions.ModelPackageSummaryList!;
  expect(version).toMatchObject({ ModelPackageVersion: 1, ModelApprovalStatus: 'PendingManualApproval' });

  // The project for deployment, launched as Studio does it.
  await scientist.clients.sagemaker.send(
    new CreateProjectCommand({
      ProjectName: 'deploy-houses',
      ServiceCatalogProvisioningDetails: {
        ProductId: products.DeployProductId,
        ProvisioningArtifactId: products.DeployProductVersionId,
        ProvisioningParameters: [
          { Key: 'ModelPackageGroupName', Value: group },
          { Key: 'SourceProvider', Value: 'CodeCommit' },
        ],
      },
    }),
  );
  const deployment = await projects.settled('deploy-houses');
  expect(deployment).toMatchObject({ ProjectStatus: 'CreateCompleted' });
  const deployName = `sagemaker-deploy-houses-${deployment.ProjectId}`;
  const pipelineName = `${deployName}-modeldeploy`;
  // Nothing is approved yet.
  await projects.stage(pipelineName, 'Build', 'Failed');

  const texts = {
    '111122223333': account,
    'p-abcdefghijkl': ProjectId!,
    'p-mnopqrstuvwx': deployment.ProjectId!,
  };
  await runLines(scientist, [Object.entries(texts).reduce((text, [one, own]) => text.replaceAll(one, own), approve!)]);
  const waiting = await projects.stage(pipelineName, 'Approve', 'InProgress');
  const endpoint = (stage: string) =>
    sagemaker.send(new DescribeEndpointCommand({ EndpointName: `sagemaker-deploy-houses-${stage}` }));
  expect(await endpoint('staging')).toMatchObject({ EndpointStatus: 'InService' });
  await expect(endpoint('production')).rejects.toThrow('Could not find endpoint');
  const approveWith = async ({ actionStates }: StageState) => {
    const { token } = actionStates![0]!.latestExecution!;
    const result = { status: 'Approved' as const, summary: 'It serves' };
    const input = { pipelineName, stageName: 'Approve', actionName: 'Approve', token, result };
    await codepipeline.send(new PutApprovalResultCommand(input));
  };

  // Attack: what was built is swapped while its approval waits. It is not deployed.
  const store = `studio-pipeline-${deployment.ProjectId}`;
  const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: store }));
  const built = Contents!.map(({ Key }) => Key!).find((Key) => Key.split('/').includes('Build'))!;
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: store, Key: built }));
  const original = await Body!.transformToByteArray();
  const files = unzipSync(original);
  const production = new TextDecoder().decode(files['build/production.json']);
  const swapped = { ...files, 'build/production.json': strToU8(production.replace('ml.m5.large', 'ml.m5.xlarge')) };
  const swap = (archive: Uint8Array) => s3.send(new PutObjectCommand({ Bucket: store, Key: built, Body: archive }));
  await swap(zipSync(swapped));
  await approveWith(waiting);
  const refused = await projects.stage(pipelineName, 'DeployProduction', 'Failed');
  expect(refused.actionStates!.find(({ actionName }) => actionName === 'Verify')).toMatchObject({
    latestExecution: { status: 'Failed' },
  });
  await expect(endpoint('production')).rejects.toThrow('Could not find endpoint');

  await swap(original);
  const again = { pipelineName, stageName: 'DeployProduction', retryMode: 'ALL_ACTIONS' as const };
  await codepipeline.send(
    new RetryStageExecutionCommand({ ...again, pipelineExecutionId: refused.latestExecution!.pipelineExecutionId }),
  );
  await projects.stage(pipelineName, 'DeployProduction', 'Succeeded');
  expect(await endpoint('production')).toMatchObject({
    EndpointStatus: 'InService',
    ProductionVariants: [{ CurrentInstanceCount: 2 }],
  });

  // A change of a parameter, in place; by its stack, a project cannot be changed.
  for (const ProjectName of ['houses', 'deploy-houses']) {
    const ProvisioningParameters = [{ Key: 'BranchName', Value: 'release' }];
    const ServiceCatalogProvisioningUpdateDetails = { ProvisioningParameters };
    await scientist.clients.sagemaker.send(
      new UpdateProjectCommand({ ProjectName, ServiceCatalogProvisioningUpdateDetails }),
    );
    expect(await projects.settled(ProjectName)).toMatchObject({ ProjectStatus: 'UpdateCompleted' });
  }
  const { pipeline } = await codepipeline.send(new GetPipelineCommand({ name: pipelineName }));
  expect(pipeline!.stages![0]!.actions![0]!.configuration).toMatchObject({ BranchName: 'release' });
  const given = Object.fromEntries(
    Stacks![0]!.Parameters!.map(({ ParameterKey, ParameterValue }) => [ParameterKey!, ParameterValue!]),
  );
  const described = { ...given, ProjectDescription: 'Prices of houses' };
  const changed = await projects.deploy('project-houses', 'launch-project.yaml', described, scientist);
  expect(changed.failures.join()).toContain('Project already exists');
  expect(await projects.settled('houses')).toMatchObject({ ProjectId, ProjectStatus: 'UpdateCompleted' });

  // What is kept for people is there after the projects.
  const remove = lines('Delete a project', texts);
  const isOfProject = (line: string) => /stack|project --project-name/.test(line);
  for (const line of remove.filter(isOfProject)) {
    const rights = line.includes('project-houses') || line.includes('delete-project') ? scientist : cloud;
    await runLines(rights, [line]);
  }
  expect(await projects.settled('deploy-houses')).toMatchObject({ ProjectStatus: 'DeleteCompleted' });
  for (const repositoryName of [`${name}-modelbuild`, pipelineName]) {
    await codecommit.send(new GetFileCommand({ repositoryName, filePath: 'README.md' }));
  }
  await runLines(
    cloud,
    remove.filter((line) => !isOfProject(line)),
  );
  expect((await sagemaker.send(new ListEndpointsCommand({}))).Endpoints).toEqual([]);
  expect((await codepipeline.send(new ListPipelinesCommand({}))).pipelines).toEqual([]);

  await removeStack(cloud, 'project-templates');
  expect(await takeInventory(cloud.clients)).toEqual(before);
}, 180_000);

/** Runs the seed code's steps on its data: the model's archive, and what the evaluation says. */
async function runSteps(): Promise<{ evaluation: Uint8Array; model: Uint8Array }> {
  const folder = join(seedCodeFolder, 'model-build');
  const path = (...parts: string[]) => join(directory(), ...parts);
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
  const step = (name: string, ...args: string[]) =>
    run('python3', [join(folder, `steps/${name}.py`), ...args], { env });
  await step('preprocess', '--data', join(folder, 'data'), '--train', path('train'), '--test', path('test'));
  await step('train', '--train', path('train'), '--model', path('model'));
  await mkdir(path('packed'));
  await run('tar', ['-czf', path('packed/model.tar.gz'), '-C', path('model'), '.']);
  await step('evaluate', '--model', path('packed'), '--test', path('test'), '--evaluation', path('evaluation'));
  return {
    evaluation: await readFile(path('evaluation/evaluation.json')),
    model: await readFile(path('packed/model.tar.gz')),
  };
}
