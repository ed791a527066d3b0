import { accountPrincipal } from '../../../../packages/local/src/principal.ts';
import { iam } from '../../../../packages/local/src/services/iam/index.ts';
import { sagemaker } from '../../../../packages/local/src/services/sagemaker/index.ts';
import { serviceCatalog } from '../../../../packages/local/src/services/service-catalog/index.ts';
import { AuthorisedCloud, account, trusting } from '../authorised-cloud.ts';
import { error } from '../studio.ts';

const other = accountPrincipal('999999999999');

function open(): AuthorisedCloud {
  return new AuthorisedCloud([sagemaker, serviceCatalog]);
}

async function portfolio(cloud: AuthorisedCloud, DisplayName = 'Studio'): Promise<string> {
  const { PortfolioDetail } = await cloud.call(serviceCatalog, 'CreatePortfolio', {
    DisplayName,
    ProviderName: 'Platform',
    IdempotencyToken: DisplayName,
  });
  return PortfolioDetail!.Id!;
}

async function role(cloud: AuthorisedCloud, RoleName: string): Promise<string> {
  const AssumeRolePolicyDocument = trusting({ Service: 'sagemaker.amazonaws.com' });
  const { Role } = await cloud.call(iam, 'CreateRole', { RoleName, AssumeRolePolicyDocument });
  return Role!.Arn!;
}

test('a portfolio is created once for a client token, described, updated, listed in pages and deleted', async () => {
  const cloud = open();
  const Id = await portfolio(cloud);
  expect(await portfolio(cloud)).toBe(Id);
  await portfolio(cloud, 'Data');
  await cloud.call(serviceCatalog, 'UpdatePortfolio', {
    Id,
    Description: 'For all',
    AddTags: [{ Key: 'a', Value: 'b' }],
  });
  expect(await cloud.call(serviceCatalog, 'DescribePortfolio', { Id })).toMatchObject({
    PortfolioDetail: { Id, ARN: `arn:aws:catalog:eu-west-1:${account}:portfolio/${Id}`, Description: 'For all' },
    Tags: [{ Key: 'a', Value: 'b' }],
  });
  const first = await cloud.call(serviceCatalog, 'ListPortfolios', { PageSize: 1 });
  const second = await cloud.call(serviceCatalog, 'ListPortfolios', { PageSize: 1, PageToken: first.NextPageToken });
  const names = [...first.PortfolioDetails!, ...second.PortfolioDetails!].map(({ DisplayName }) => DisplayName);
  expect(names.sort()).toEqual(['Data', 'Studio']);
  expect(second.NextPageToken).toBeUndefined();
  await expect(cloud.call(serviceCatalog, 'ListPortfolios', { PageSize: 101 })).rejects.toEqual(
    error('ValidationException', 'less than or equal to 100'),
  );
  await cloud.call(serviceCatalog, 'DeletePortfolio', { Id });
  await expect(cloud.call(serviceCatalog, 'DescribePortfolio', { Id })).rejects.toEqual(
    error('ResourceNotFoundException', `Portfolio ${Id} does not exist`),
  );
});

test('another account sees a portfolio from its acceptance until the share ends', async () => {
  const cloud = open();
  const PortfolioId = await portfolio(cloud);
  const accept = () => cloud.call(serviceCatalog, 'AcceptPortfolioShare', { PortfolioId }, other);
  const accepted = async () =>
    (await cloud.call(serviceCatalog, 'ListAcceptedPortfolioShares', {}, other)).PortfolioDetails!.map(({ Id }) => Id);
  await expect(accept()).rejects.toEqual(error('ResourceNotFoundException', PortfolioId));
  await cloud.call(serviceCatalog, 'CreatePortfolioShare', { PortfolioId, AccountId: other.account });
  await accept();
  expect(await accepted()).toEqual([PortfolioId]);
  await expect(cloud.call(serviceCatalog, 'UpdatePortfolio', { Id: PortfolioId }, other)).rejects.toEqual(
    error('ResourceNotFoundException', PortfolioId),
  );
  await expect(cloud.call(serviceCatalog, 'DeletePortfolio', { Id: PortfolioId })).rejects.toEqual(
    error('ResourceInUseException', 'shared accounts'),
  );
  await cloud.call(serviceCatalog, 'DeletePortfolioShare', { PortfolioId, AccountId: other.account });
  expect(await accepted()).toEqual([]);
});

test('a role can be associated once IAM shows it; a repetition changes nothing, and lists show it later', async () => {
  const cloud = open();
  const PortfolioId = await portfolio(cloud);
  const PrincipalARN = await role(cloud, 'studio');
  const input = { PortfolioId, PrincipalARN, PrincipalType: 'IAM' } as const;
  const associate = (more: object = {}) =>
    cloud.call(serviceCatalog, 'AssociatePrincipalWithPortfolio', { ...input, ...more });
  await expect(associate()).rejects.toEqual(error('InvalidParametersException', 'profile does not exist'));
  await cloud.clock.pass(10_000);
  await associate();
  await associate();
  await cloud.clock.pass(3000);
  const listed = () => cloud.call(serviceCatalog, 'ListPrincipalsForPortfolio', { PortfolioId });
  expect((await listed()).Principals).toEqual([{ PrincipalARN, PrincipalType: 'IAM' }]);
  await expect(associate({ PrincipalARN: 'arn:aws:iam::999999999999:role/x' })).rejects.toEqual(
    error('InvalidParametersException', 'Invalid principal'),
  );
  await cloud.call(serviceCatalog, 'DisassociatePrincipalFromPortfolio', input);
  expect((await listed()).Principals).toEqual([]);
  await expect(cloud.call(serviceCatalog, 'DisassociatePrincipalFromPortfolio', input)).rejects.toEqual(
    error('ResourceNotFoundException', PrincipalARN),
  );
});

test('a portfolio has at most a hundred principals and ten patterns', async () => {
  const cloud = open();
  const PortfolioId = await portfolio(cloud);
  const roles = await Promise.all(Array.from({ length: 101 }, (_, index) => role(cloud, `studio-${index}`)));
  await cloud.clock.pass(10_000);
  const associate = (PrincipalARN: string, PrincipalType: 'IAM' | 'IAM_PATTERN') =>
    cloud.call(serviceCatalog, 'AssociatePrincipalWithPortfolio', { PortfolioId, PrincipalARN, PrincipalType });
  for (const arn of roles.slice(0, 100)) await associate(arn, 'IAM');
  await expect(associate(roles[100]!, 'IAM')).rejects.toEqual(error('LimitExceededException', '100'));
  for (let index = 0; index < 10; index += 1) await associate(`arn:aws:iam:::role/team-${index}-*`, 'IAM_PATTERN');
  await expect(associate('arn:aws:iam:::role/more-*', 'IAM_PATTERN')).rejects.toEqual(
    error('LimitExceededException', '10'),
  );
});

test("associating a role requires the permission to read it, and the ARN of a shared portfolio has the owner's account", async () => {
  const cloud = open();
  const PortfolioId = await portfolio(cloud);
  const PrincipalARN = await role(cloud, 'studio');
  await cloud.clock.pass(10_000);
  const Resource = `arn:aws:catalog:eu-west-1:${account}:portfolio/${PortfolioId}`;
  const associating = { Effect: 'Allow', Action: 'servicecatalog:AssociatePrincipalWithPortfolio', Resource };
  const looking = { Effect: 'Allow', Action: 'iam:GetRole', Resource: PrincipalARN };
  const input = { PortfolioId, PrincipalARN, PrincipalType: 'IAM' } as const;
  const as = await cloud.role('half', associating);
  await expect(cloud.call(serviceCatalog, 'AssociatePrincipalWithPortfolio', input, as)).rejects.toEqual(
    error('AccessDeniedException', `iam:GetRole on resource: ${PrincipalARN}`),
  );
  const both = await cloud.role('both', associating, looking);
  await cloud.call(serviceCatalog, 'AssociatePrincipalWithPortfolio', input, both);
});

test('products are associated with portfolios, and listed there', async () => {
  const cloud = open();
  const PortfolioId = await portfolio(cloud);
  const { ProductViewDetail } = await cloud.call(serviceCatalog, 'CreateProduct', {
    Name: 'Domain',
    Owner: 'Platform',
    ProductType: 'CLOUD_FORMATION_TEMPLATE',
    IdempotencyToken: 'one',
  });
  const ProductId = ProductViewDetail!.ProductViewSummary!.ProductId!;
  await cloud.call(serviceCatalog, 'AssociateProductWithPortfolio', { ProductId, PortfolioId });
  const found = await cloud.call(serviceCatalog, 'SearchProductsAsAdmin', { PortfolioId });
  expect(found.ProductViewDetails).toMatchObject([{ ProductViewSummary: { ProductId, Name: 'Domain' } }]);
  await expect(cloud.call(serviceCatalog, 'DeleteProduct', { Id: ProductId })).rejects.toEqual(
    error('ResourceInUseException', PortfolioId),
  );
  await cloud.call(serviceCatalog, 'DisassociateProductFromPortfolio', { ProductId, PortfolioId });
  await cloud.call(serviceCatalog, 'DeleteProduct', { Id: ProductId });
});

test('Projects are turned on by accepting the portfolio that SageMaker shares, and off by rejecting it', async () => {
  const cloud = open();
  const status = async () => (await cloud.call(sagemaker, 'GetSagemakerServicecatalogPortfolioStatus', {})).Status;
  expect(await status()).toBe('Disabled');
  const as = await cloud.role('admin', {
    Effect: 'Allow',
    Action: 'sagemaker:EnableSagemakerServicecatalogPortfolio',
    Resource: '*',
  });
  await expect(cloud.call(sagemaker, 'EnableSagemakerServicecatalogPortfolio', {}, as)).rejects.toEqual(
    error('AccessDeniedException', 'servicecatalog:AcceptPortfolioShare'),
  );
  await cloud.call(sagemaker, 'EnableSagemakerServicecatalogPortfolio', {});
  await cloud.clock.pass(10_000);
  expect(await status()).toBe('Enabled');
  const { PortfolioDetails } = await cloud.call(serviceCatalog, 'ListAcceptedPortfolioShares', {});
  expect(PortfolioDetails).toMatchObject([
    { DisplayName: 'Amazon SageMaker Solutions and ML Ops products', ProviderName: 'Amazon SageMaker' },
  ]);
  const PortfolioId = PortfolioDetails![0]!.Id!;
  expect((await cloud.call(serviceCatalog, 'SearchProductsAsAdmin', { PortfolioId })).ProductViewDetails).toHaveLength(
    3,
  );
  await cloud.call(sagemaker, 'DisableSagemakerServicecatalogPortfolio', {});
  await cloud.clock.pass(10_000);
  expect(await status()).toBe('Disabled');
  expect((await cloud.call(serviceCatalog, 'ListAcceptedPortfolioShares', {})).PortfolioDetails).toEqual([]);
});
