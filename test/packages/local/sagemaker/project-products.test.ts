import type { Principal } from '../../../../packages/local/src/principal.ts';
import type { Input } from '../../../../packages/local/src/service.ts';
import { iam } from '../../../../packages/local/src/services/iam/index.ts';
import { s3 } from '../../../../packages/local/src/services/s3/index.ts';
import { sagemaker } from '../../../../packages/local/src/services/sagemaker/index.ts';
import { CatalogCloud, endUser } from '../catalog-cloud.ts';
import { account, region } from '../stack-cloud.ts';
import { error } from '../studio.ts';

const ProjectName = 'houses';
const text = { Type: 'String' };

/** A project template: a bucket, by the names that SageMaker gives. */
const template = {
  Parameters: { SageMakerProjectName: text, SageMakerProjectId: text, Kind: { ...text, Default: 'plain' } },
  Resources: {
    Bucket: {
      Type: 'AWS::S3::Bucket',
      Properties: {
        BucketName: { 'Fn::Sub': 'sagemaker-$' + '{SageMakerProjectName}-$' + '{SageMakerProjectId}' },
        Tags: [{ Key: 'kind', Value: { Ref: 'Kind' } }],
      },
    },
  },
};

const bucketRights = {
  Effect: 'Allow',
  Action: ['s3:CreateBucket', 's3:DeleteBucket', 's3:PutBucketTagging', 's3:GetBucketTagging'],
  Resource: 'arn:aws:s3:::sagemaker-*',
};

const projects = {
  Effect: 'Allow',
  Action: [
    'sagemaker:CreateProject',
    'sagemaker:DescribeProject',
    'sagemaker:UpdateProject',
    'sagemaker:DeleteProject',
  ],
  Resource: `arn:aws:sagemaker:${region}:${account}:project/*`,
};

const tagging = { ...projects, Action: 'sagemaker:AddTags' };

async function offered(rights = [bucketRights]) {
  const cloud = await CatalogCloud.open(sagemaker);
  const product = await cloud.product(template, 'Project');
  const launch = await cloud.launcher(rights);
  await cloud.constraint(product, 'LAUNCH', { RoleArn: launch.arn });
  const user = await cloud.user('studio', [...endUser, projects, tagging] as never);
  const { ProductId, ProvisioningArtifactId, PortfolioId } = product;

  return {
    cloud,
    user,
    product,
    open: () => cloud.open(PortfolioId, user.arn),
    create: (
      more: Partial<Input<typeof import('@aws-sdk/client-sagemaker'), 'CreateProject'>> = {},
      as?: Principal,
    ) => {
      const ServiceCatalogProvisioningDetails = { ProductId, ProvisioningArtifactId };
      const input = { ProjectName, ServiceCatalogProvisioningDetails, ...more };
      return cloud.cloud.invoke(sagemaker, 'CreateProject', input, { principal: as ?? user.principal, region });
    },
    asUser: (operation: 'UpdateProject' | 'DeleteProject', more: object = {}) => {
      const input = { ProjectName, ...more };
      return cloud.cloud.call({ service: 'sagemaker', operation, input, principal: user.principal, region });
    },
    settled: () =>
      cloud.when(async () => {
        const seen = await cloud.invoke(sagemaker, 'DescribeProject', { ProjectName });
        return /InProgress$/.test(seen.ProjectStatus!) ? undefined : seen;
      }),
    buckets: async () => (await cloud.invoke(s3, 'ListBuckets', {})).Buckets!.map(({ Name }) => Name!),
  };
}

test('a project is launched from a product with the permissions of its launch role, updated and deleted', async () => {
  const { cloud, open, create, asUser, settled, buckets, product } = await offered();
  await open();
  const { ProjectId } = await create({ Tags: [{ Key: 'team', Value: 'red' }] });
  expect(ProjectId).toMatch(/^p-[a-z0-9]{12}$/);
  const created = await settled();
  expect(created).toMatchObject({
    ProjectStatus: 'CreateCompleted',
    ServiceCatalogProvisioningDetails: { ProductId: product.ProductId },
    ServiceCatalogProvisionedProductDetails: { ProvisionedProductId: expect.stringMatching(/^pp-/) },
  });
  const bucket = `sagemaker-${ProjectName}-${ProjectId}`;
  expect(await buckets()).toContain(bucket);
  const tags = async () => (await cloud.invoke(s3, 'GetBucketTagging', { Bucket: bucket })).TagSet;
  expect(await tags()).toEqual(
    expect.arrayContaining([
      { Key: 'kind', Value: 'plain' },
      { Key: 'team', Value: 'red' },
      { Key: 'sagemaker:project-name', Value: ProjectName },
      { Key: 'sagemaker:project-id', Value: ProjectId },
    ]),
  );
  const ProvisioningParameters = [{ Key: 'Kind', Value: 'rare' }];
  await asUser('UpdateProject', { ServiceCatalogProvisioningUpdateDetails: { ProvisioningParameters } });
  expect(await settled()).toMatchObject({
    ProjectStatus: 'UpdateCompleted',
    ServiceCatalogProvisioningDetails: { ProvisioningParameters },
  });
  expect(await tags()).toContainEqual({ Key: 'kind', Value: 'rare' });
  await asUser('DeleteProject');
  expect((await settled()).ProjectStatus).toBe('DeleteCompleted');
  expect(await buckets()).not.toContain(bucket);
  expect(
    (await cloud.sc('SearchProvisionedProducts', { AccessLevelFilter: wholeAccount })).ProvisionedProducts,
  ).toEqual([]);
});

const wholeAccount = { Key: 'Account' as const, Value: 'self' };

test('a project without a version has the newest', async () => {
  const { cloud, open, create, settled, product } = await offered();
  await open();
  const { ProductId } = product;
  const url = await cloud.putTemplate({ ...template, Description: 'Newer' }, 'newer.json');
  const { ProvisioningArtifactDetail } = await cloud.sc('CreateProvisioningArtifact', {
    ProductId,
    Parameters: { Name: 'v2', Type: 'CLOUD_FORMATION_TEMPLATE', Info: { LoadTemplateFromURL: url } },
    IdempotencyToken: 'v2',
  });
  await create({ ServiceCatalogProvisioningDetails: { ProductId } });
  const { ServiceCatalogProvisionedProductDetails: made } = await settled();
  const Id = made!.ProvisionedProductId!;
  const { ProvisionedProductDetail } = await cloud.sc('DescribeProvisionedProduct', { Id });
  expect(ProvisionedProductDetail!.ProvisioningArtifactId).toBe(ProvisioningArtifactDetail!.Id);
});

test('a role that the portfolio does not name is refused, and so is an unknown product', async () => {
  const { cloud, create, open, product } = await offered();
  const refused = error('ValidationException', product.ProductId);
  await expect(create()).rejects.toEqual(refused);
  await open();
  const stranger = await cloud.user('stranger', [...endUser, projects] as never);
  await expect(create({}, stranger.principal)).rejects.toEqual(refused);
  const ServiceCatalogProvisioningDetails = { ProductId: 'prod-unknown', ProvisioningArtifactId: 'pa-unknown' };
  await expect(create({ ServiceCatalogProvisioningDetails })).rejects.toEqual(
    error('ValidationException', 'prod-unknown'),
  );
  const old = { ...ServiceCatalogProvisioningDetails, ProductId: product.ProductId };
  await expect(create({ ServiceCatalogProvisioningDetails: old })).rejects.toEqual(
    error('ValidationException', 'pa-unknown'),
  );
  expect((await cloud.invoke(sagemaker, 'ListProjects', {})).ProjectSummaryList).toEqual([]);
});

test("SageMaker's own templates cannot be launched unless Projects are enabled", async () => {
  const { cloud, create } = await offered();
  await cloud.invoke(sagemaker, 'EnableSagemakerServicecatalogPortfolio', {});
  await cloud.clock.pass(60_000);
  const { PortfolioDetails } = await cloud.sc('ListAcceptedPortfolioShares', {});
  const PortfolioId = PortfolioDetails![0]!.Id!;
  const { ProductViewDetails } = await cloud.sc('SearchProductsAsAdmin', { PortfolioId });
  const { ProductId } = ProductViewDetails![0]!.ProductViewSummary!;
  await cloud.invoke(sagemaker, 'DisableSagemakerServicecatalogPortfolio', {});
  await expect(
    create({ ServiceCatalogProvisioningDetails: { ProductId, ProvisioningArtifactId: 'pa-1' } }),
  ).rejects.toEqual(error('ValidationException', `Product ${ProductId}`));
});

test('the error names a launch role that was deleted', async () => {
  const { cloud, create, open, settled, asUser } = await offered();
  await open();
  await create();
  await settled();
  await cloud.invoke(iam, 'DeleteRolePolicy', { RoleName: 'launch', PolicyName: 'inline' });
  await cloud.invoke(iam, 'DeleteRole', { RoleName: 'launch' });
  const refused = error('ValidationException', 'Access denied while assuming the role');
  await expect(create({ ProjectName: 'boats' })).rejects.toEqual(refused);
  await expect(asUser('DeleteProject')).rejects.toEqual(refused);
});

test('a caller without permissions for Service Catalog cannot launch with SageMaker', async () => {
  const { cloud, create, product } = await offered();
  const poor = await cloud.user('poor', [projects] as never);
  await cloud.open(product.PortfolioId, poor.arn);
  await expect(create({}, poor.principal)).rejects.toEqual(
    error('ValidationException', 'is not authorized to perform: servicecatalog:ProvisionProduct'),
  );
});

test('a project whose launch role lacks a permission fails, and can then be deleted', async () => {
  const { create, open, settled, asUser } = await offered([{ ...bucketRights, Resource: 'arn:aws:s3:::other-*' }]);
  await open();
  await create();
  const failed = await settled();
  expect(failed).toMatchObject({ ProjectStatus: 'CreateFailed' });
  const { ProvisionedProductStatusMessage } = failed.ServiceCatalogProvisionedProductDetails!;
  expect(ProvisionedProductStatusMessage).toContain('s3:CreateBucket');
  await asUser('DeleteProject');
  expect((await settled()).ProjectStatus).toBe('DeleteCompleted');
});

test('a project whose product was terminated is deleted at once', async () => {
  const { cloud, create, open, settled, asUser, user } = await offered();
  await open();
  await create();
  const { ProvisionedProductId } = (await settled()).ServiceCatalogProvisionedProductDetails!;
  const input = { ProvisionedProductId, TerminateToken: 'x' };
  await cloud.record(await cloud.sc('TerminateProvisionedProduct', input, user.principal));
  await asUser('DeleteProject');
  expect((await settled()).ProjectStatus).toBe('DeleteCompleted');
});
