import { accountPrincipal } from '../../../../packages/local/src/principal.ts';
import { bucketRights, bucketTemplate, CatalogCloud } from '../catalog-cloud.ts';
import { account } from '../stack-cloud.ts';

const other = '999999999999';
const another = accountPrincipal(other);

let cloud: CatalogCloud;

beforeEach(async () => {
  cloud = await CatalogCloud.open();
});

const launchOf = (product: { ProductId: string; ProvisioningArtifactId: string }, name: string, more: object = {}) => ({
  ProductId: product.ProductId,
  ProvisioningArtifactId: product.ProvisioningArtifactId,
  ProvisionedProductName: name,
  ProvisioningParameters: [{ Key: 'Name', Value: `data-${name}` }],
  ProvisionToken: name,
  ...more,
});

test('only a principal with an association finds a product, in searches and by its id', async () => {
  const product = await cloud.product(bucketTemplate);
  const { ProductId } = product;
  const user = await cloud.user();
  const seen = async () => (await cloud.sc('SearchProducts', {}, user.principal)).ProductViewSummaries!;
  expect(await seen()).toEqual([]);
  for (const operation of ['DescribeProduct', 'ListLaunchPaths'] as const) {
    const input = operation === 'DescribeProduct' ? { Id: ProductId } : { ProductId };
    expect(await cloud.refusal(operation, input as never, user.principal)).toMatch(
      /^ResourceNotFoundException: Product/,
    );
  }
  expect(await cloud.refusal('ProvisionProduct', launchOf(product, 'a'), user.principal)).toMatch(/^ResourceNotFound/);
  await cloud.open(product.PortfolioId, user.arn);
  expect(await seen()).toMatchObject([{ ProductId, Name: 'Bucket', Owner: 'Platform' }]);
  const search = (words: string) =>
    cloud.sc('SearchProducts', { Filters: { FullTextSearch: [words] } }, user.principal);
  expect((await search('buck')).ProductViewSummaries).toHaveLength(1);
  expect((await search('domain')).ProductViewSummaries).toEqual([]);
  const described = await cloud.sc('DescribeProduct', { Name: 'Bucket' }, user.principal);
  expect(described).toMatchObject({
    ProvisioningArtifacts: [{ Id: product.ProvisioningArtifactId, Name: 'v1' }],
    LaunchPaths: [{ Name: 'Buckets' }],
  });
  const view = await cloud.sc('DescribeProductView', { Id: described.ProductViewSummary!.Id! }, user.principal);
  expect(view.ProductViewSummary).toMatchObject({ ProductId });
  const { ProvisioningArtifactId } = product;
  await cloud.sc('UpdateProvisioningArtifact', { ProductId, ProvisioningArtifactId, Active: false });
  expect(await seen()).toEqual([]);
});

test('a pattern gives access to every role whose name matches, in every account that the portfolio is shared with', async () => {
  const { PortfolioId, ProductId } = await cloud.product(bucketTemplate);
  const own = await cloud.user('team-a');
  const theirs = await cloud.user('team-b', undefined, other);
  const out = await cloud.user('guest', undefined, other);
  const PrincipalARN = 'arn:aws:iam:::role/team-*';
  await cloud.sc('AssociatePrincipalWithPortfolio', { PortfolioId, PrincipalARN, PrincipalType: 'IAM_PATTERN' });
  const sees = async ({ principal }: typeof own) =>
    (await cloud.sc('SearchProducts', {}, principal)).ProductViewSummaries!.map((one) => one.ProductId);
  expect(await sees(own)).toEqual([ProductId]);
  await cloud.sc('CreatePortfolioShare', { PortfolioId, AccountId: other });
  expect(await sees(theirs)).toEqual([]);
  await cloud.sc('AcceptPortfolioShare', { PortfolioId }, another);
  expect(await sees(theirs)).toEqual([]);
  await cloud.sc('UpdatePortfolioShare', { PortfolioId, AccountId: other, SharePrincipals: true });
  expect(await sees(theirs)).toEqual([ProductId]);
  expect(await sees(out)).toEqual([]);
  expect((await cloud.sc('DescribePortfolioShares', { PortfolioId, Type: 'ACCOUNT' })).PortfolioShareDetails).toEqual([
    { PrincipalId: other, Type: 'ACCOUNT', Accepted: true, ShareTagOptions: false, SharePrincipals: true },
  ]);
});

test('in another account, a shared product is launched with the role of the same name in that account', async () => {
  const product = await cloud.product(bucketTemplate);
  await cloud.launcher([], 'launch-buckets');
  const { ProductId, PortfolioId } = product;
  const refused = await cloud.refusal('CreateConstraint', {
    ProductId,
    PortfolioId,
    Type: 'LAUNCH',
    Parameters: '{"LocalRoleName":"missing"}',
    IdempotencyToken: 'n',
  });
  expect(refused).toBe('InvalidParametersException: Role missing does not exist.');
  await cloud.constraint(product, 'LAUNCH', { LocalRoleName: 'launch-buckets' });
  const user = await cloud.user('users', undefined, other);
  await cloud.sc('CreatePortfolioShare', { PortfolioId: product.PortfolioId, AccountId: other });
  await cloud.sc('AcceptPortfolioShare', { PortfolioId: product.PortfolioId }, another);
  await cloud.clock.pass(10_000);
  await cloud.sc(
    'AssociatePrincipalWithPortfolio',
    { PortfolioId: product.PortfolioId, PrincipalARN: user.arn, PrincipalType: 'IAM' },
    another,
  );
  const arn = `arn:aws:iam::${other}:role/launch-buckets`;
  expect(await cloud.refusal('ProvisionProduct', launchOf(product, 'a'), user.principal)).toBe(
    `InvalidParametersException: Access denied while assuming the role ${arn}`,
  );
  await cloud.launcher(bucketRights, 'launch-buckets', other);
  const asked = await cloud.sc('ProvisionProduct', launchOf(product, 'a'), user.principal);
  expect((await cloud.record(asked, user.principal)).RecordDetail).toMatchObject({
    Status: 'SUCCEEDED',
    RecordErrors: [],
    LaunchRoleArn: arn,
  });
  const { ProvisionedProducts } = await cloud.sc('SearchProvisionedProducts', {}, user.principal);
  expect(ProvisionedProducts![0]!.PhysicalId).toContain(`:${other}:stack/SC-${other}-pp-`);
  await cloud.sc('DeletePortfolioShare', { PortfolioId: product.PortfolioId, AccountId: other });
  expect(await cloud.refusal('ProvisionProduct', launchOf(product, 'b'), user.principal)).toMatch(/^ResourceNotFound/);
  const end = { ProvisionedProductName: 'a', TerminateToken: 'end' };
  const ended = await cloud.record(await cloud.sc('TerminateProvisionedProduct', end, user.principal), user.principal);
  expect(ended.RecordDetail!.Status).toBe('SUCCEEDED');
});

describe('of a product with constraints', () => {
  async function constrained() {
    const product = await cloud.product(bucketTemplate);
    const launch = await cloud.launcher(bucketRights);
    await cloud.constraint(product, 'LAUNCH', { RoleArn: launch.arn });
    const { principal, arn } = await cloud.user();
    await cloud.open(product.PortfolioId, arn);
    return { ...product, user: principal };
  }

  test('a template constraint limits the choices, and fails a launch that violates it', async () => {
    const product = await constrained();
    const Assertion = {
      Assert: { 'Fn::Contains': [['plain'], { Ref: 'Kind' }] },
      AssertDescription: 'Only plain ones',
    };
    await cloud.constraint(product, 'TEMPLATE', { Rules: { Kinds: { Assertions: [Assertion] } } }, 'Plain buckets');
    const { user, ProductId, ProvisioningArtifactId } = product;
    const parameters = await cloud.sc('DescribeProvisioningParameters', { ProductId, ProvisioningArtifactId }, user);
    expect(parameters.ProvisioningArtifactParameters![1]).toMatchObject({
      ParameterKey: 'Kind',
      DefaultValue: 'plain',
      ParameterConstraints: { AllowedValues: ['plain'] },
    });
    expect(parameters.ConstraintSummaries).toEqual([
      { Type: 'LAUNCH' },
      { Type: 'TEMPLATE', Description: 'Plain buckets' },
    ]);
    expect(parameters.UsageInstructions).toContainEqual({ Type: 'rules', Value: 'Plain buckets' });
    const ProvisioningParameters = [
      { Key: 'Name', Value: 'data-a' },
      { Key: 'Kind', Value: 'rare' },
    ];
    const asked = await cloud.sc('ProvisionProduct', launchOf(product, 'a', { ProvisioningParameters }), user);
    expect((await cloud.record(asked, user)).RecordDetail).toMatchObject({
      Status: 'FAILED',
      RecordErrors: [{ Code: 'ValidationError', Description: expect.stringContaining('Only plain ones') }],
    });
  });

  test('of tag options, a single value is set, one of several is chosen, and any other is refused', async () => {
    const product = await constrained();
    const { user, PortfolioId, ProductId, ProvisioningArtifactId } = product;
    const option = async (Key: string, Value: string, ResourceId: string) => {
      const { TagOptionDetail } = await cloud.sc('CreateTagOption', { Key, Value });
      await cloud.sc('AssociateTagOptionWithResource', { ResourceId, TagOptionId: TagOptionDetail!.Id! });
    };
    await option('cost', 'research', PortfolioId);
    await option('stage', 'dev', ProductId);
    await option('stage', 'prod', ProductId);
    const { TagOptions } = await cloud.sc(
      'DescribeProvisioningParameters',
      { ProductId, ProvisioningArtifactId },
      user,
    );
    expect(TagOptions).toEqual([
      { Key: 'cost', Values: ['research'] },
      { Key: 'stage', Values: ['dev', 'prod'] },
    ]);
    const launch = (name: string, Value?: string) =>
      launchOf(product, name, Value === undefined ? {} : { Tags: [{ Key: 'stage', Value }] });
    expect(await cloud.refusal('ProvisionProduct', launch('a'), user)).toMatch(/stage is required .*\[dev, prod\]$/);
    expect(await cloud.refusal('ProvisionProduct', launch('a', 'test'), user)).toMatch(/value test is not allowed/);
    const done = await cloud.record(await cloud.sc('ProvisionProduct', launch('a', 'prod'), user), user);
    const tags = [
      { Key: 'stage', Value: 'prod' },
      { Key: 'cost', Value: 'research' },
    ];
    expect(done.RecordDetail).toMatchObject({ Status: 'SUCCEEDED', RecordErrors: [], RecordTags: tags });
    const stack = await cloud.stack(`SC-${account}-${done.RecordDetail!.ProvisionedProductId}`);
    expect(stack.Tags).toEqual(expect.arrayContaining(tags));

    const retag = { ProvisionedProductName: 'a', UpdateToken: 'tags', Tags: [{ Key: 'stage', Value: 'dev' }] };
    expect(await cloud.refusal('UpdateProvisionedProduct', retag, user)).toMatch(/Tag updates are not allowed/);
    const Properties = { TagUpdateOnProvisionedProduct: 'ALLOWED' };
    await cloud.constraint(product, 'RESOURCE_UPDATE', { Version: '2.0', Properties });
    const ProvisioningParameters = [{ Key: 'Name', UsePreviousValue: true }];
    const update = await cloud.sc('UpdateProvisionedProduct', { ...retag, ProvisioningParameters }, user);
    expect((await cloud.record(update, user)).RecordDetail).toMatchObject({ Status: 'SUCCEEDED', RecordErrors: [] });
    const retagged = await cloud.stack(`SC-${account}-${done.RecordDetail!.ProvisionedProductId}`);
    expect(retagged.Tags).toContainEqual({ Key: 'stage', Value: 'dev' });
  });

  test('a principal with access through two portfolios has to name the path of the launch', async () => {
    const product = await constrained();
    const { user, ProductId } = product;
    const { PortfolioDetail } = await cloud.sc('CreatePortfolio', {
      DisplayName: 'More',
      ProviderName: 'Platform',
      IdempotencyToken: 'more',
    });
    const PortfolioId = PortfolioDetail!.Id!;
    await cloud.sc('AssociateProductWithPortfolio', { ProductId, PortfolioId });
    const PrincipalARN = `arn:aws:iam::${account}:role/users`;
    await cloud.sc('AssociatePrincipalWithPortfolio', { PortfolioId, PrincipalARN, PrincipalType: 'IAM' });
    expect(await cloud.refusal('ProvisionProduct', launchOf(product, 'a'), user)).toMatch(
      /^InvalidParametersException: More than one launch path/,
    );
    const { LaunchPathSummaries } = await cloud.sc('ListLaunchPaths', { ProductId }, user);
    const path = LaunchPathSummaries!.find(({ Name }) => Name === 'Buckets')!;
    expect(path.ConstraintSummaries).toEqual([{ Type: 'LAUNCH' }]);
    const asked = await cloud.sc('ProvisionProduct', launchOf(product, 'a', { PathId: path.Id }), user);
    expect((await cloud.record(asked, user)).RecordDetail).toMatchObject({ Status: 'SUCCEEDED', PathId: path.Id });
  });
});

test('constraints are listed, updated and deleted; an empty one and a second launch role are refused', async () => {
  const product = await cloud.product(bucketTemplate);
  const { ProductId, PortfolioId } = product;
  const launch = await cloud.launcher([]);
  const make = (Type: string, parameters: object) => ({
    ProductId,
    PortfolioId,
    Type,
    Parameters: JSON.stringify(parameters),
    IdempotencyToken: (Type + JSON.stringify(parameters)).replace(/\W+/g, '-').slice(0, 128),
  });
  const both = make('LAUNCH', { RoleArn: launch.arn, LocalRoleName: 'launch' });
  expect(await cloud.refusal('CreateConstraint', both)).toMatch(/takes either RoleArn or LocalRoleName/);
  expect(await cloud.refusal('CreateConstraint', make('TEMPLATE', { Rules: { A: {} } }))).toMatch(
    /Invalid rules of a TEMPL/,
  );
  expect(await cloud.refusal('CreateConstraint', make('NOTIFICATION', { Topic: 'x' }))).toMatch(
    /takes NotificationArns/,
  );
  expect(await cloud.refusal('CreateConstraint', make('RESOURCE_UPDATE', { Version: '2.0' }))).toMatch(/ALLOWED/);
  expect(await cloud.refusal('CreateConstraint', make('STACKSET', { Version: '2.0' }))).toMatch(
    /Invalid constraint type/,
  );
  const { ConstraintDetail } = await cloud.sc('CreateConstraint', make('LAUNCH', { RoleArn: launch.arn }));
  expect(await cloud.refusal('CreateConstraint', make('LAUNCH', { LocalRoleName: 'launch' }))).toMatch(
    /^DuplicateResource/,
  );
  const Id = ConstraintDetail!.ConstraintId!;
  await cloud.sc('UpdateConstraint', { Id, Description: 'Buckets', Parameters: '{"LocalRoleName":"launch"}' });
  expect(await cloud.sc('DescribeConstraint', { Id })).toMatchObject({
    ConstraintDetail: { Type: 'LAUNCH', Description: 'Buckets', Owner: account },
    ConstraintParameters: '{"LocalRoleName":"launch"}',
  });
  const { ConstraintDetails } = await cloud.sc('ListConstraintsForPortfolio', { PortfolioId });
  expect(ConstraintDetails).toMatchObject([{ ConstraintId: Id }]);
  expect(await cloud.refusal('DisassociateProductFromPortfolio', { ProductId, PortfolioId })).toMatch(
    /^ResourceInUseException: /,
  );
  await cloud.sc('DeleteConstraint', { Id });
  await cloud.sc('DisassociateProductFromPortfolio', { ProductId, PortfolioId });
  expect((await cloud.sc('ListPortfoliosForProduct', { ProductId })).PortfolioDetails).toEqual([]);
});

test("a version's template is read with the administrator's permissions, validated, and kept unchanged", async () => {
  const product = await cloud.product(bucketTemplate);
  const { ProductId } = product;
  const version = async (LoadTemplateFromURL: string, Name: string) => ({
    ProductId,
    Parameters: { Name, Info: { LoadTemplateFromURL } },
    IdempotencyToken: Name,
  });
  const wrong = await cloud.putTemplate({ Resources: { A: { Type: 'AWS::No::Such' } } }, 'wrong.json');
  expect(await cloud.refusal('CreateProvisioningArtifact', await version(wrong, 'v2'))).toMatch(
    /^InvalidParametersException: Invalid templateBody.*AWS::No::Such/,
  );
  const missing = await cloud.refusal('CreateProvisioningArtifact', await version(wrong.replace('wrong', 'no'), 'v2'));
  expect(missing).toMatch(/^InvalidParametersException: Failed to load the template .*does not exist/);
  const elsewhere = await version('https://github.com/other-team/templates/blob/main/thing.yaml', 'v2');
  expect(await cloud.refusal('CreateProvisioningArtifact', elsewhere)).toMatch(
    /^InvalidParametersException: The local cloud reads the templates of products from S3 only, not from https:\/\/github/,
  );
  const next = await cloud.putTemplate({ ...bucketTemplate, Outputs: undefined }, 'next.json');
  const admin = await cloud.user('admin', [
    { Effect: 'Allow', Action: ['servicecatalog:*', 'cloudformation:*'], Resource: '*' } as never,
  ]);
  expect(await cloud.refusal('CreateProvisioningArtifact', await version(next, 'v2'), admin.principal)).toMatch(
    /Failed to load the template .*s3:GetObject/,
  );
  const made = await cloud.sc('CreateProvisioningArtifact', await version(next, 'v2'));
  expect(made).toMatchObject({ Info: { TemplateUrl: next }, Status: 'AVAILABLE' });
  const ProvisioningArtifactId = made.ProvisioningArtifactDetail!.Id!;
  await cloud.putTemplate({ Resources: {} }, 'next.json');
  const described = await cloud.sc('DescribeProvisioningArtifact', {
    ProductId,
    ProvisioningArtifactId,
    IncludeProvisioningArtifactParameters: true,
  });
  expect(described.ProvisioningArtifactParameters!.map(({ ParameterKey }) => ParameterKey)).toEqual(['Name', 'Kind']);
  expect((await cloud.sc('ListProvisioningArtifacts', { ProductId })).ProvisioningArtifactDetails).toHaveLength(2);
  await cloud.sc('DeleteProvisioningArtifact', { ProductId, ProvisioningArtifactId });
  const last = { ProductId, ProvisioningArtifactId: product.ProvisioningArtifactId };
  expect(await cloud.refusal('DeleteProvisioningArtifact', last)).toMatch(/at least one provisioning artifact/);
  await cloud.sc('UpdateProduct', { Id: ProductId, Description: 'A bucket', AddTags: [{ Key: 'a', Value: 'b' }] });
  expect(await cloud.sc('DescribeProductAsAdmin', { Name: 'Bucket' })).toMatchObject({
    ProductViewDetail: { ProductViewSummary: { ShortDescription: 'A bucket' } },
    Tags: [{ Key: 'a', Value: 'b' }],
    ProvisioningArtifactSummaries: [{ Name: 'v1' }],
  });
});
