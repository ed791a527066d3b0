import {
  CreateProjectCommand,
  DeleteModelPackageGroupCommand,
  DeleteProjectCommand,
  ListProjectsCommand,
} from '@aws-sdk/client-sagemaker';
import { SearchProductsCommand } from '@aws-sdk/client-service-catalog';
import { deleteBucket } from '../../scripts/start/artifacts.ts';
import { takeInventory } from '../../scripts/start/inventory.ts';
import type { Caller } from './caller.ts';
import { removeStack, startCloud } from './cloud.ts';
import { offer } from './offered-projects.ts';
import { ProjectCloud } from './project-cloud.ts';
import type { TestCloud } from './test-cloud.ts';

let cloud: TestCloud;
let projects: ProjectCloud;
let scientist: Caller;
let before: Awaited<ReturnType<typeof takeInventory>>;
let products: Record<string, string>;

beforeAll(async () => {
  cloud = await startCloud();
  projects = await ProjectCloud.start(cloud);
  scientist = await projects.as('studio-scientist');
  ({ before, products } = await offer(projects));
});
afterAll(() => cloud?.stop());

const release = { ArtifactBucket: 'studio-resources-artifacts', ArtifactPrefix: '1.0.0' };
const parameters = { ...release, ImageUri: '000000000000.dkr.ecr.us-east-1.amazonaws.com/team/models:2' };

test('Studio shows the project templates to the principals of the portfolio, and to no others', async () => {
  expect(await seenBy(scientist)).toEqual([products.BuildProductId, products.DeployProductId].sort());
  expect(await seenBy(await projects.as('other-user'))).toEqual([]);
});

/** Which of the project templates a caller sees, beside SageMaker's own. */
async function seenBy({ clients }: Caller): Promise<string[]> {
  const { ProductViewSummaries } = await clients.serviceCatalog.send(new SearchProductsCommand({}));
  const own = ProductViewSummaries!.filter(({ Owner }) => Owner === 'Studio Resources');
  return own.map(({ ProductId }) => ProductId!).sort();
}

test('a project whose code is on GitHub gets a step that seeds the repository', async () => {
  const connection = `arn:aws:codeconnections:us-east-1:000000000000:connection/0e0e0e0e-0000-4000-8000-000000000000`;
  const launch = (ProjectName: string, CodeConnectionArn: string) =>
    scientist.clients.sagemaker.send(
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
  await scientist.clients.sagemaker.send(new DeleteProjectCommand({ ProjectName: 'github' }));
  expect(await projects.settled('github')).toMatchObject({ ProjectStatus: 'DeleteCompleted' });
  for (const kind of ['sagemaker-project', 'studio-pipeline']) {
    await deleteBucket(cloud.clients.s3, `${kind}-${created.ProjectId}`);
  }
  const ModelPackageGroupName = `github-${created.ProjectId}`;
  await cloud.clients.sagemaker.send(new DeleteModelPackageGroupCommand({ ModelPackageGroupName }));

  // Without a connection, the template's own rule says what is missing.
  await launch('none', '');
  const failed = await projects.settled('none');
  expect(failed.ProjectStatus).toBe('CreateFailed');
  expect(failed.ServiceCatalogProvisionedProductDetails!.ProvisionedProductStatusMessage).toContain(
    'CodeConnections takes CodeConnectionArn',
  );
  await scientist.clients.sagemaker.send(new DeleteProjectCommand({ ProjectName: 'none' }));
  expect(await projects.settled('none')).toMatchObject({ ProjectStatus: 'DeleteCompleted' });
});

test('an invalid launch is refused with the reason, and nothing is created', async () => {
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
  expect(unknown.failures.join()).toContain('Product prod-unknown');
  // The account itself is not among the portfolio's principals.
  const stranger = await launch('stranger', {}, cloud);
  expect(stranger.failures.join()).toContain(products.BuildProductId);
  for (const { id } of [unknown, stranger]) await removeStack(cloud, id);
  await expect(
    projects.deploy('no-principals', 'project-templates/portfolio.yaml', { ...parameters, RoleNamePattern: '' }),
  ).rejects.toThrow('Give RoleNamePattern, RoleArn or both; otherwise no role may launch projects');
});

test('the portfolio changes in place, and its deletion leaves nothing', async () => {
  const RoleArn = 'arn:aws:iam::000000000000:role/other-user';
  const changed = await projects.deploy('project-templates', 'project-templates/portfolio.yaml', {
    ...parameters,
    RoleNamePattern: '',
    RoleArn,
  });
  expect(changed.failures).toEqual([]);
  expect(changed.outputs).toEqual(products);
  expect(await seenBy(await projects.as('other-user'))).toHaveLength(2);
  expect(await seenBy(scientist)).toEqual([]);
  const { sagemaker } = cloud.clients;
  await removeStack(cloud, 'project-templates');
  expect(await takeInventory(cloud.clients)).toEqual(before);
  const { ProjectSummaryList } = await sagemaker.send(new ListProjectsCommand({}));
  expect(ProjectSummaryList!.filter(({ ProjectStatus }) => ProjectStatus !== 'DeleteCompleted')).toEqual([]);
});
