import type { ResourceStatus } from '@aws-sdk/client-cloudformation';
import { accountPrincipal } from '../../../../packages/local/src/principal.ts';
import { bucketRights, bucketTemplate, CatalogCloud, endUser, launching } from '../catalog-cloud.ts';
import { account } from '../stack-cloud.ts';

const other = '999999999999';

const PortfolioId = { Ref: 'Portfolio' };
const place = { PortfolioId, ProductId: { Ref: 'Product' } };
const Capabilities = ['CAPABILITY_NAMED_IAM' as const];

function role(RoleName: string, Principal: object, Statement: object[]) {
  const assuming = { Effect: 'Allow', Principal, Action: 'sts:AssumeRole' };
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName,
      AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [assuming] },
      Policies: [{ PolicyName: 'inline', PolicyDocument: { Version: '2012-10-17', Statement } }],
    },
  };
}

/** A portfolio with all that it may have. */
function portfolio(LoadTemplateFromURL: string, more: { description?: string; versions?: object[] } = {}) {
  const Assertion = { Assert: { 'Fn::Contains': [['plain'], { Ref: 'Kind' }] }, AssertDescription: 'Only plain ones' };
  const resource = (name: string, Properties: object, DependsOn: string[] = []) => ({
    Type: `AWS::ServiceCatalog::${name}`,
    Properties,
    ...(DependsOn.length > 0 && { DependsOn }),
  });
  return {
    Resources: {
      Launch: role('launch', { Service: 'servicecatalog.amazonaws.com' }, [...launching, ...bucketRights]),
      Users: role('users', { AWS: account }, endUser),
      Portfolio: resource('Portfolio', {
        DisplayName: 'Buckets',
        ProviderName: 'Platform',
        Description: more.description,
      }),
      Product: resource('CloudFormationProduct', {
        Name: 'Bucket',
        Owner: 'Platform',
        SupportEmail: 'platform@example.com',
        ProvisioningArtifactParameters: more.versions ?? [{ Name: 'v1', Info: { LoadTemplateFromURL } }],
      }),
      InPortfolio: resource('PortfolioProductAssociation', place),
      Principal: resource('PortfolioPrincipalAssociation', {
        PortfolioId,
        PrincipalARN: { 'Fn::GetAtt': 'Users.Arn' },
        PrincipalType: 'IAM',
      }),
      Share: resource('PortfolioShare', { PortfolioId, AccountId: other, ShareTagOptions: true }),
      LaunchRole: resource('LaunchRoleConstraint', { ...place, LocalRoleName: { Ref: 'Launch' } }, ['InPortfolio']),
      Rules: resource(
        'LaunchTemplateConstraint',
        { ...place, Rules: JSON.stringify({ K: { Assertions: [Assertion] } }) },
        ['InPortfolio'],
      ),
      Notified: resource(
        'LaunchNotificationConstraint',
        { ...place, NotificationArns: ['arn:aws:sns:us-east-1:1:t'] },
        ['InPortfolio'],
      ),
      Updates: resource('ResourceUpdateConstraint', { ...place, TagUpdateOnProvisionedProduct: 'ALLOWED' }, [
        'InPortfolio',
      ]),
      Cost: resource('TagOption', { Key: 'cost', Value: 'research' }),
      CostOfAll: resource('TagOptionAssociation', { ResourceId: PortfolioId, TagOptionId: { Ref: 'Cost' } }),
    },
    Outputs: {
      PortfolioId: { Value: PortfolioId },
      ProductId: { Value: { Ref: 'Product' } },
      Versions: { Value: { 'Fn::GetAtt': 'Product.ProvisioningArtifactIds' } },
    },
  };
}

let cloud: CatalogCloud;

beforeEach(async () => {
  cloud = await CatalogCloud.open();
});

async function succeeds(name: string, status: ResourceStatus) {
  const failures = (await cloud.history(name)).filter((line) => line.includes('_FAILED'));
  expect({ failures, status: (await cloud.stack(name)).StackStatus }).toEqual({ failures: [], status });
  const { Outputs = [] } = await cloud.stack(name);
  return Object.fromEntries(Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
}

test('a portfolio with everything that it can have is created, updated and deleted, and nothing remains', async () => {
  const url = await cloud.putTemplate(bucketTemplate);
  await cloud.create('catalog', portfolio(url), { Capabilities });
  const { PortfolioId: Id, ProductId, Versions } = await succeeds('catalog', 'CREATE_COMPLETE');
  expect(await cloud.sc('DescribePortfolio', { Id })).toMatchObject({
    PortfolioDetail: { DisplayName: 'Buckets' },
    TagOptions: [{ Key: 'cost', Value: 'research' }],
  });
  const { ConstraintDetails } = await cloud.sc('ListConstraintsForPortfolio', { PortfolioId: Id });
  expect(ConstraintDetails!.map(({ Type }) => Type).sort()).toEqual([
    'LAUNCH',
    'NOTIFICATION',
    'RESOURCE_UPDATE',
    'TEMPLATE',
  ]);
  expect((await cloud.sc('ListPortfolioAccess', { PortfolioId: Id })).AccountIds).toEqual([other]);

  const next = await cloud.putTemplate({ ...bucketTemplate, Outputs: undefined }, 'next.json');
  const versions = [
    { Name: 'v1', Description: 'The first', Info: { LoadTemplateFromURL: url } },
    { Name: 'v2', Info: { LoadTemplateFromURL: next } },
  ];
  await cloud.update('catalog', portfolio(url, { description: 'For data', versions }), { Capabilities });
  const updated = await succeeds('catalog', 'UPDATE_COMPLETE');
  expect(updated).toMatchObject({ PortfolioId: Id, ProductId, Versions: expect.stringMatching(`^${Versions},pa-`) });
  const described = await cloud.sc('DescribeProductAsAdmin', { Id: ProductId });
  expect(described.ProvisioningArtifactSummaries).toMatchObject([
    { Name: 'v1', Description: 'The first' },
    { Name: 'v2' },
  ]);
  await cloud.update('catalog', portfolio(url, { versions: versions.slice(1) }), { Capabilities });
  await succeeds('catalog', 'UPDATE_COMPLETE');
  const left = await cloud.sc('DescribeProductAsAdmin', { Id: ProductId });
  expect(left.ProvisioningArtifactSummaries!.map(({ Name }) => Name)).toEqual(['v2']);

  expect((await cloud.delete('catalog')).StackStatus).toBe('DELETE_COMPLETE');
  expect((await cloud.sc('ListPortfolios', {})).PortfolioDetails).toEqual([]);
  expect((await cloud.sc('SearchProductsAsAdmin', {})).ProductViewDetails).toEqual([]);
  expect((await cloud.sc('ListTagOptions', {})).TagOptionDetails).toEqual([]);
});

test('a stack launches a product, follows its launches, and terminates it', async () => {
  const url = await cloud.putTemplate(bucketTemplate);
  await cloud.create('catalog', portfolio(url), { Capabilities });
  const { ProductId } = await succeeds('catalog', 'CREATE_COMPLETE');
  const { principal } = await cloud.role('users-of-stacks', { AWS: account }, [
    { Effect: 'Allow', Action: ['cloudformation:*', 'servicecatalog:*'], Resource: '*' },
  ]);
  await cloud.open(
    (await cloud.sc('ListPortfolios', {})).PortfolioDetails![0]!.Id!,
    `arn:aws:iam::${account}:role/users-of-stacks`,
  );
  const launched = (Kind: string) => ({
    Resources: {
      Bucket: {
        Type: 'AWS::ServiceCatalog::CloudFormationProvisionedProduct',
        Properties: {
          ProductId,
          ProvisioningArtifactName: 'v1',
          ProvisioningParameters: [
            { Key: 'Name', Value: 'data-1' },
            { Key: 'Kind', Value: Kind },
          ],
        },
      },
    },
    Outputs: { Name: { Value: { 'Fn::GetAtt': 'Bucket.Outputs.BucketName' } } },
  });
  const run = async (operation: 'CreateStack' | 'UpdateStack', Kind: string) => {
    await cloud.call(operation, { StackName: 'mine', TemplateBody: JSON.stringify(launched(Kind)) }, principal);
    return cloud.ended('mine');
  };
  expect((await run('CreateStack', 'plain')).Outputs).toMatchObject([{ OutputValue: 'data-1' }]);
  expect(await run('UpdateStack', 'rare')).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE' });
  expect((await cloud.history('mine')).join()).toContain(
    'Unable to launch provisioned product because: Only plain ones',
  );
  await cloud.call('DeleteStack', { StackName: 'mine' }, principal);
  const { StackId } = await cloud.stack('mine');
  expect((await cloud.ended(StackId!)).StackStatus).toBe('DELETE_COMPLETE');
});

test('an account accepts a portfolio until the stack is deleted', async () => {
  const url = await cloud.putTemplate(bucketTemplate);
  await cloud.create('catalog', portfolio(url), { Capabilities });
  const { PortfolioId: Id } = await succeeds('catalog', 'CREATE_COMPLETE');
  const as = accountPrincipal(other);
  const Resources = {
    Accepted: { Type: 'AWS::ServiceCatalog::AcceptedPortfolioShare', Properties: { PortfolioId: Id } },
  };
  await cloud.call('CreateStack', { StackName: 'accepted', TemplateBody: JSON.stringify({ Resources }) }, as);
  const accepted = async () => {
    await cloud.clock.pass(10_000);
    return (await cloud.sc('ListAcceptedPortfolioShares', {}, as)).PortfolioDetails!.map((one) => one.Id);
  };
  expect(await accepted()).toEqual([Id]);
  await cloud.call('DeleteStack', { StackName: 'accepted' }, as);
  expect(await accepted()).toEqual([]);
});
