import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { GetFileCommand } from '@aws-sdk/client-codecommit';
import { GetPipelineCommand, ListPipelinesCommand, PutApprovalResultCommand } from '@aws-sdk/client-codepipeline';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import {
  CreateProjectCommand,
  DeleteModelPackageGroupCommand,
  DeleteProjectCommand,
  DescribeEndpointCommand,
  DescribeTrainingJobCommand,
  ListEndpointsCommand,
  ListModelPackagesCommand,
  ListPipelineExecutionStepsCommand,
  ListPipelineExecutionsCommand,
  ListProjectsCommand,
  RetryPipelineExecutionCommand,
  UpdateProjectCommand,
} from '@aws-sdk/client-sagemaker';
import { SearchProductsCommand } from '@aws-sdk/client-service-catalog';
import { seedCodeFolder } from '../../scripts/seed-code.ts';
import { deleteBucket } from '../../scripts/start/artifacts.ts';
import { account, type Clients } from '../../scripts/start/clients.ts';
import { takeInventory } from '../../scripts/start/inventory.ts';
import { deleteStack } from '../../scripts/start/stack.ts';
import { blind, reasons } from './cloud.ts';
import { outputsOf, ProjectCloud, until } from './project-cloud.ts';
import { runLines, shellLines } from './shell.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
const run = promisify(execFile);
let projects: ProjectCloud;
let scientist: Clients;
let before: Awaited<ReturnType<typeof takeInventory>>;
let products: Record<string, string>;

/** What the page says to type, in a section, with other texts for what stands for something there. */
function lines(section: string, texts: Record<string, string> = {}): string[] {
  const replaced = (line: string) =>
    Object.entries(texts).reduce((text, [placeholder, own]) => text.replaceAll(placeholder, own), line);
  return shellLines('cloudformation/project-templates/README.md', section).map(replaced);
}

beforeAll(async () => {
  projects = await ProjectCloud.start(directory());
  scientist = await projects.as('studio-scientist');
  const { clients } = projects.cloud;
  const RoleArns = `arn:aws:iam::${account}:role/studio-scientist`;
  expect(reasons(await projects.deploy('projects', 'projects.yaml', { RoleArns }))).toEqual([]);
  const [build, ...offer] = lines('Offer them');
  expect(build).toBe('npm run build');
  // The bucket with the release is there before the stacks, and after them.
  await runLines(clients, offer.slice(0, 1));
  before = await takeInventory(clients);
  await runLines(clients, offer.slice(1));
  products = outputsOf(await portfolio());
}, 180_000);
afterAll(() => projects?.cloud.stop());

async function portfolio(): Promise<Stack> {
  const command = new DescribeStacksCommand({ StackName: 'project-templates' });
  const { Stacks } = await projects.cloud.clients.cloudformation.send(command);
  return Stacks![0]!;
}

const release = { ArtifactBucket: 'studio-resources-artifacts', ArtifactPrefix: '1.0.0' };
const parameters = { ...release, ImageUri: '000000000000.dkr.ecr.us-east-1.amazonaws.com/team/models:2' };

test('Studio shows the project templates to those whom the portfolio names, and to nobody else', async () => {
  expect(await seenBy(scientist)).toEqual([products.BuildProductId, products.DeployProductId].sort());
  expect(await seenBy(await projects.as('somebody-else'))).toEqual([]);
});

/** Which of the project templates somebody sees, beside SageMaker's own. */
async function seenBy({ serviceCatalog }: Clients): Promise<string[]> {
  const { ProductViewSummaries } = await serviceCatalog.send(new SearchProductsCommand({}));
  const own = ProductViewSummaries!.filter(({ Owner }) => Owner === 'Studio Resources');
  return own.map(({ ProductId }) => ProductId!).sort();
}

test('a model is built, trained, registered, approved and deployed, and nothing is left at the end', async () => {
  const { cloudformation, codecommit, codepipeline, s3, sagemaker } = projects.cloud.clients;

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
  const status = () =>
    until(async () => {
      const { PipelineExecutionSummaries: all } = await sagemaker.send(
        new ListPipelineExecutionsCommand({ PipelineName: name }),
      );
      const [{ PipelineExecutionStatus = '' } = {}] = all!;
      return /ing$/.test(PipelineExecutionStatus) ? undefined : PipelineExecutionStatus;
    });
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
  await scientist.sagemaker.send(
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
  const { token } = waiting.actionStates![0]!.latestExecution!;
  const result = { status: 'Approved' as const, summary: 'It serves' };
  await codepipeline.send(
    new PutApprovalResultCommand({ pipelineName, stageName: 'Approve', actionName: 'Approve', token, result }),
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
    await scientist.sagemaker.send(new UpdateProjectCommand({ ProjectName, ServiceCatalogProvisioningUpdateDetails }));
    expect(await projects.settled(ProjectName)).toMatchObject({ ProjectStatus: 'UpdateCompleted' });
  }
  const { pipeline } = await codepipeline.send(new GetPipelineCommand({ name: pipelineName }));
  expect(pipeline!.stages![0]!.actions![0]!.configuration).toMatchObject({ BranchName: 'release' });
  const given = Object.fromEntries(
    Stacks![0]!.Parameters!.map(({ ParameterKey, ParameterValue }) => [ParameterKey!, ParameterValue!]),
  );
  const described = { ...given, ProjectDescription: 'Prices of houses' };
  const changed = await projects.deploy('project-houses', 'launch-project.yaml', described, scientist);
  expect(reasons(changed).join()).toContain('Project already exists');
  expect(await projects.settled('houses')).toMatchObject({ ProjectId, ProjectStatus: 'UpdateCompleted' });

  // What is kept for people is there after the projects.
  const remove = lines('Delete a project', texts);
  const isOfProject = (line: string) => /stack|project --project-name/.test(line);
  for (const line of remove.filter(isOfProject)) {
    const rights =
      line.includes('project-houses') || line.includes('delete-project') ? scientist : projects.cloud.clients;
    await runLines(rights, [line]);
  }
  expect(await projects.settled('deploy-houses')).toMatchObject({ ProjectStatus: 'DeleteCompleted' });
  for (const repositoryName of [`${name}-modelbuild`, pipelineName]) {
    await codecommit.send(new GetFileCommand({ repositoryName, filePath: 'README.md' }));
  }
  await runLines(
    projects.cloud.clients,
    remove.filter((line) => !isOfProject(line)),
  );
  expect((await sagemaker.send(new ListEndpointsCommand({}))).Endpoints).toEqual([]);
  expect((await codepipeline.send(new ListPipelinesCommand({}))).pipelines).toEqual([]);
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

test('a project whose code is on GitHub gets a step that seeds the repository', async () => {
  const connection = `arn:aws:codeconnections:us-east-1:000000000000:connection/0e0e0e0e-0000-4000-8000-000000000000`;
  const launch = (ProjectName: string, CodeConnectionArn: string) =>
    scientist.sagemaker.send(
      new CreateProjectCommand({
        ProjectName,
        ServiceCatalogProvisioningDetails: {
          ProductId: products.BuildProductId,
          ProvisioningArtifactId: products.BuildProductVersionId,
          ProvisioningParameters: [
            { Key: 'CodeConnectionArn', Value: CodeConnectionArn },
            { Key: 'RepositoryName', Value: 'team/houses' },
          ],
        },
      }),
    );
  await launch('github', connection);
  const created = await projects.settled('github');
  expect(created.ServiceCatalogProvisionedProductDetails!.ProvisionedProductStatusMessage).toBe('');
  expect(created.ProjectStatus).toBe('CreateCompleted');
  const stages = await projects.stage(`sagemaker-github-${created.ProjectId}-modelbuild`, 'Source', 'Failed');
  expect(stages.actionStates).toMatchObject([{ actionName: 'Source' }]);
  await scientist.sagemaker.send(new DeleteProjectCommand({ ProjectName: 'github' }));
  expect(await projects.settled('github')).toMatchObject({ ProjectStatus: 'DeleteCompleted' });
  await deleteBucket(projects.cloud.clients.s3, `sagemaker-project-${created.ProjectId}`);
  const ModelPackageGroupName = `github-${created.ProjectId}`;
  await projects.cloud.clients.sagemaker.send(new DeleteModelPackageGroupCommand({ ModelPackageGroupName }));

  // Without a connection, the template's own rule says what is missing.
  await launch('none', '');
  const failed = await projects.settled('none');
  expect(failed.ProjectStatus).toBe('CreateFailed');
  expect(failed.ServiceCatalogProvisionedProductDetails!.ProvisionedProductStatusMessage).toContain(
    'CodeConnections takes CodeConnectionArn',
  );
  await scientist.sagemaker.send(new DeleteProjectCommand({ ProjectName: 'none' }));
  expect(await projects.settled('none')).toMatchObject({ ProjectStatus: 'DeleteCompleted' });
}, 60_000);

test('what cannot be launched is refused with the reason, and nothing is made', async () => {
  const launch = (name: string, more: Record<string, string>, as = scientist) =>
    projects.deploy(
      `project-${name}`,
      'launch-project.yaml',
      {
        ProjectName: name,
        ProductId: products.BuildProductId!,
        ProvisioningArtifactId: products.BuildProductVersionId!,
        ...more,
      },
      as,
    );
  await expect(launch('long', { ProjectName: 'x'.repeat(33) })).rejects.toThrow(
    '1 to 32 letters, digits and hyphens, beginning with a letter and not ending with a hyphen',
  );
  await expect(launch('value', { ParameterValue2: 'CodeCommit' })).rejects.toThrow(
    'ParameterValue2 takes ParameterKey2, the name of the parameter that it is for',
  );
  const unknown = await launch('unknown', { ProductId: 'prod-unknown' });
  expect(reasons(unknown).join()).toContain('Product prod-unknown');
  // The account itself is not among the portfolio's principals.
  const stranger = await launch('stranger', {}, projects.cloud.clients);
  expect(reasons(stranger).join()).toContain(products.BuildProductId);
  for (const { stack } of [unknown, stranger]) await deleteStack(projects.cloud.clients.cloudformation, blind, stack);
  await expect(
    projects.deploy('nobody', 'project-templates/portfolio.yaml', { ...parameters, RoleNamePattern: '' }),
  ).rejects.toThrow('give RoleNamePattern, RoleArn or both, so that somebody may launch projects');
}, 60_000);

test('the portfolio changes in place, and its deletion leaves nothing', async () => {
  const RoleArn = 'arn:aws:iam::000000000000:role/somebody-else';
  const changed = await projects.deploy('project-templates', 'project-templates/portfolio.yaml', {
    ...parameters,
    RoleNamePattern: '',
    RoleArn,
  });
  expect(reasons(changed)).toEqual([]);
  expect(outputsOf(changed.stack)).toEqual(products);
  expect(await seenBy(await projects.as('somebody-else'))).toHaveLength(2);
  expect(await seenBy(scientist)).toEqual([]);
  const { cloudformation, sagemaker } = projects.cloud.clients;
  expect(reasons(await deleteStack(cloudformation, blind, changed.stack))).toEqual([]);
  expect(await takeInventory(projects.cloud.clients)).toEqual(before);
  const { ProjectSummaryList } = await sagemaker.send(new ListProjectsCommand({}));
  expect(ProjectSummaryList!.filter(({ ProjectStatus }) => ProjectStatus !== 'DeleteCompleted')).toEqual([]);
}, 60_000);
