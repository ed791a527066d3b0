import { s3 } from '../../../../packages/local/src/services/s3/index.ts';
import { bucketRights, bucketTemplate, CatalogCloud, endUser } from '../catalog-cloud.ts';
import { account } from '../stack-cloud.ts';

let cloud: CatalogCloud;

beforeEach(async () => {
  cloud = await CatalogCloud.open();
});

/** A product that a launch role launches for the users, who may do nothing else. */
async function offered(rights: object[] = bucketRights) {
  const product = await cloud.product(bucketTemplate);
  const launch = await cloud.launcher(rights);
  await cloud.constraint(product, 'LAUNCH', { RoleArn: launch.arn });
  const user = await cloud.user();
  await cloud.open(product.PortfolioId, user.arn);
  return { ...product, launch, user: user.principal };
}

type Offered = Awaited<ReturnType<typeof offered>>;

function provision({ ProductId, ProvisioningArtifactId, user }: Offered, Value: string, more: object = {}) {
  const input = {
    ProductId,
    ProvisioningArtifactId,
    ProvisionedProductName: 'mine',
    ProvisioningParameters: [{ Key: 'Name', Value }],
    ProvisionToken: Value,
  };
  return cloud.sc('ProvisionProduct', { ...input, ...more }, user);
}

async function exists(Bucket: string): Promise<boolean> {
  const { Buckets } = await cloud.invoke(s3, 'ListBuckets', {});
  return Buckets!.some(({ Name }) => Name === Bucket);
}

test('an end user launches, updates and terminates a product with only the permissions of its launch role', async () => {
  const product = await offered();
  const { user, ProductId } = product;
  const asked = await provision(product, 'data-1');
  expect(asked.RecordDetail).toMatchObject({ Status: 'CREATED', RecordType: 'PROVISION_PRODUCT', ProductId });
  expect((await provision(product, 'data-1')).RecordDetail!.RecordId).toBe(asked.RecordDetail!.RecordId);
  const done = await cloud.record(asked, user);
  expect(done).toMatchObject({
    RecordDetail: { Status: 'SUCCEEDED', RecordErrors: [], LaunchRoleArn: product.launch.arn },
    RecordOutputs: expect.arrayContaining([
      { OutputKey: 'BucketName', OutputValue: 'data-1', Description: 'The bucket' },
    ]),
  });
  const Id = done.RecordDetail!.ProvisionedProductId!;
  const name = `SC-${account}-${Id}`;
  const stack = await cloud.stack(name);
  expect(stack.Tags).toContainEqual({ Key: 'aws:servicecatalog:provisioningPrincipalArn', Value: user.arn });
  expect(stack.RoleARN).toBeUndefined();
  const described = async () => (await cloud.sc('DescribeProvisionedProduct', { Id }, user)).ProvisionedProductDetail!;
  expect(await described()).toMatchObject({ Name: 'mine', Status: 'AVAILABLE', Type: 'CFN_STACK' });

  const update = await cloud.sc(
    'UpdateProvisionedProduct',
    {
      ProvisionedProductId: Id,
      ProvisioningParameters: [
        { Key: 'Name', UsePreviousValue: true },
        { Key: 'Kind', Value: 'rare' },
      ],
      UpdateToken: 'rarer',
    },
    user,
  );
  expect((await described()).Status).toBe('UNDER_CHANGE');
  expect((await cloud.record(update, user)).RecordDetail!.Status).toBe('SUCCEEDED');
  const { TagSet } = await cloud.invoke(s3, 'GetBucketTagging', { Bucket: 'data-1' });
  expect(TagSet).toContainEqual({ Key: 'kind', Value: 'rare' });
  const { Outputs } = await cloud.sc('GetProvisionedProductOutputs', { ProvisionedProductId: Id }, user);
  expect(Outputs!.map(({ OutputKey }) => OutputKey)).toEqual(['BucketName', 'CloudformationStackARN']);

  const end = await cloud.sc(
    'TerminateProvisionedProduct',
    { ProvisionedProductName: 'mine', TerminateToken: 'x' },
    user,
  );
  expect((await cloud.record(end, user)).RecordDetail!.Status).toBe('SUCCEEDED');
  expect(await exists('data-1')).toBe(false);
  expect(await cloud.refusal('DescribeProvisionedProduct', { Id }, user)).toMatch(/^ResourceNotFoundException: /);
  const { RecordDetails } = await cloud.sc('ListRecordHistory', {}, user);
  expect(RecordDetails!.map(({ RecordType }) => RecordType)).toEqual([
    'TERMINATE_PROVISIONED_PRODUCT',
    'UPDATE_PROVISIONED_PRODUCT',
    'PROVISION_PRODUCT',
  ]);
});

test('a launch whose role lacks a permission fails, and the product can only be terminated', async () => {
  const product = await offered();
  const failed = await cloud.record(await provision(product, 'other-1'), product.user);
  expect(failed.RecordDetail).toMatchObject({ Status: 'FAILED' });
  expect(failed.RecordDetail!.RecordErrors![0]!.Description).toContain('s3:CreateBucket');
  const Id = failed.RecordDetail!.ProvisionedProductId!;
  const described = await cloud.sc('DescribeProvisionedProduct', { Id }, product.user);
  expect(described.ProvisionedProductDetail).toMatchObject({
    Status: 'ERROR',
    StatusMessage: expect.stringContaining('s3:CreateBucket'),
  });
  expect(
    await cloud.refusal('UpdateProvisionedProduct', { ProvisionedProductId: Id, UpdateToken: 'u' }, product.user),
  ).toMatch(/^InvalidParametersException: .* is in status ERROR/);
  const end = await cloud.sc(
    'TerminateProvisionedProduct',
    { ProvisionedProductId: Id, TerminateToken: 'e' },
    product.user,
  );
  expect((await cloud.record(end, product.user)).RecordDetail!.Status).toBe('SUCCEEDED');
});

test('a failed update leaves the product tainted, with its previous resources', async () => {
  const product = await offered();
  const { ProvisionedProductId: Id } = (await cloud.record(await provision(product, 'data-1'))).RecordDetail!;
  const update = await cloud.sc(
    'UpdateProvisionedProduct',
    { ProvisionedProductId: Id, ProvisioningParameters: [{ Key: 'Name', Value: 'other-1' }], UpdateToken: 'u' },
    product.user,
  );
  expect((await cloud.record(update)).RecordDetail).toMatchObject({
    Status: 'FAILED',
    RecordType: 'UPDATE_PROVISIONED_PRODUCT',
  });
  const { ProvisionedProducts } = await cloud.sc('ScanProvisionedProducts', {}, product.user);
  expect(ProvisionedProducts).toMatchObject([{ Id, Status: 'TAINTED' }]);
  expect(await exists('data-1')).toBe(true);
});

test('without a launch constraint, a launch has the permissions of the caller', async () => {
  const product = await cloud.product(bucketTemplate);
  const poor = await cloud.user('poor');
  await cloud.open(product.PortfolioId, poor.arn);
  const asked = await provision({ ...product, user: poor.principal } as Offered, 'data-1');
  const failed = await cloud.record(asked, poor.principal);
  expect(failed.RecordDetail!.RecordErrors).toMatchObject([
    {
      Code: 'AccessDenied',
      Description: expect.stringMatching(
        /assumed-role\/poor\/ada is not authorized .* \(Service: AmazonCloudFormation; Status Code: 403;/,
      ),
    },
  ]);
  const rich = await cloud.user('rich', [...endUser, { Effect: 'Allow', Action: '*', Resource: '*' } as never]);
  await cloud.open(product.PortfolioId, rich.arn);
  const input = { ProvisionedProductName: 'rich', ProvisionToken: 'rich' };
  const done = await cloud.record(await provision({ ...product, user: rich.principal } as Offered, 'data-1', input));
  expect(done.RecordDetail).toMatchObject({ Status: 'SUCCEEDED', RecordErrors: [] });
});

test('a launch role that Service Catalog cannot assume refuses the launch at once', async () => {
  const product = await cloud.product(bucketTemplate);
  const closed = await cloud.role('closed', { Service: 'cloudformation.amazonaws.com' }, bucketRights);
  await cloud.constraint(product, 'LAUNCH', { RoleArn: closed.arn });
  const user = await cloud.user();
  await cloud.open(product.PortfolioId, user.arn);
  await expect(provision({ ...product, user: user.principal } as Offered, 'data-1')).rejects.toMatchObject({
    name: 'InvalidParametersException',
    message: `Access denied while assuming the role ${closed.arn}`,
  });
  const { ProvisionedProducts } = await cloud.sc('ScanProvisionedProducts', {}, user.principal);
  expect(ProvisionedProducts).toEqual([]);
});

test('a termination can retain the stack, and ignore one that cannot be deleted', async () => {
  const product = await offered();
  const { user } = product;
  const terminate = async (more: object, TerminateToken: string) =>
    (
      await cloud.record(
        await cloud.sc(
          'TerminateProvisionedProduct',
          { ProvisionedProductName: 'mine', TerminateToken, ...more },
          user,
        ),
      )
    ).RecordDetail!;
  await cloud.record(await provision(product, 'data-1'));
  expect(await terminate({ RetainPhysicalResources: true }, 'keep')).toMatchObject({ Status: 'SUCCEEDED' });
  expect(await exists('data-1')).toBe(true);

  await cloud.record(await provision(product, 'data-2'));
  await cloud.invoke(s3, 'PutObject', { Bucket: 'data-2', Key: 'full', Body: new Uint8Array() });
  expect(await terminate({}, 'refused')).toMatchObject({ Status: 'FAILED', RecordErrors: [{ Code: 'DELETE_FAILED' }] });
  expect((await cloud.sc('DescribeProvisionedProduct', { Name: 'mine' }, user)).ProvisionedProductDetail).toMatchObject(
    {
      Status: 'TAINTED',
      StatusMessage: expect.stringContaining('not empty'),
    },
  );
  expect(await terminate({ IgnoreErrors: true }, 'forced')).toMatchObject({ Status: 'SUCCEEDED' });
  expect(await cloud.refusal('DescribeProvisionedProduct', { Name: 'mine' }, user)).toMatch(/^ResourceNotFound/);
  expect(await exists('data-2')).toBe(true);
});

test('users have access to what they have launched, and only administrators to what others have', async () => {
  const product = await offered();
  const { ProvisionedProductId } = (await cloud.record(await provision(product, 'data-1'))).RecordDetail!;
  const other = { ...product.user, arn: product.user.arn.replace('/ada', '/bob'), sessionName: 'bob' };
  const refused = await cloud.refusal(
    'TerminateProvisionedProduct',
    { ProvisionedProductId, TerminateToken: 't' },
    other,
  );
  expect(refused).toMatch(/^AccessDeniedException: .*\/bob is not authorized to perform: servicecatalog:TerminateProv/);
  expect((await cloud.sc('ScanProvisionedProducts', {}, other)).ProvisionedProducts).toEqual([]);
  const Account = { AccessLevelFilter: { Key: 'Account', Value: 'self' } } as const;
  expect(await cloud.refusal('ScanProvisionedProducts', Account, other)).toMatch(/^AccessDeniedException: /);
  const found = await cloud.sc('SearchProvisionedProducts', { ...Account, Filters: { SearchQuery: ['name:mine'] } });
  expect(found).toMatchObject({ TotalResultsCount: 1, ProvisionedProducts: [{ UserArnSession: product.user.arn }] });
});
