import { CreateBucketCommand, DeleteBucketCommand, DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  AssociatePrincipalWithPortfolioCommand,
  AssociateProductWithPortfolioCommand,
  CreatePortfolioCommand,
  CreateProductCommand,
  DeletePortfolioCommand,
  DeleteProductCommand,
  DescribeRecordCommand,
  DisassociatePrincipalFromPortfolioCommand,
  DisassociateProductFromPortfolioCommand,
  ProvisionProductCommand,
  type RecordDetail,
  TerminateProvisionedProductCommand,
  UpdateProvisionedProductCommand,
} from '@aws-sdk/client-service-catalog';
import type { Clients } from '../../start/clients.ts';
import type { Account } from '../account.ts';
import { code, refusal, unless } from '../answers.ts';
import type { Scenario } from '../scenario.ts';
import { createRole, grant, sharedRole } from '../shared.ts';

export const portfolios: readonly Scenario[] = [
  {
    name: 'portfolio-principal-twice',
    fact: 'A principal can be associated with a portfolio twice.',
    asks: 'AssociatePrincipalWithPortfolio twice with one role',
    expected: 'no error',
    source: 'AWS samples do so; the API Reference lists no error for it',
    certainty: 'unverified',
    makes: 'a Service Catalog portfolio without products',
    needs: ['role'],
    async observe(account) {
      const { serviceCatalog } = account.clients;
      const association = {
        PortfolioId: await sharedPortfolio(account),
        PrincipalARN: await sharedRole(account),
        PrincipalType: 'IAM' as const,
      };
      const associate = () => serviceCatalog.send(new AssociatePrincipalWithPortfolioCommand(association));
      // Service Catalog cannot see a role in the first seconds after its creation.
      await account.until('the role to be visible', async () => {
        const answer = await refusal(associate());
        if (/does not exist/.test(answer)) return undefined;
        if (answer === 'no error') return true;
        throw new Error(answer);
      });
      account.made('the association', () =>
        serviceCatalog.send(new DisassociatePrincipalFromPortfolioCommand(association)),
      );
      return refusal(associate());
    },
  },
  {
    name: 'portfolio-principal-missing',
    fact: 'A role that does not exist cannot be associated with a portfolio.',
    asks: 'AssociatePrincipalWithPortfolio with the ARN of a role that does not exist',
    expected: 'InvalidParametersException',
    source: 'Terraform AWS provider, principal_portfolio_association.go retries on it',
    certainty: 'reported',
    makes: 'a Service Catalog portfolio without products',
    async observe(account) {
      const { partition, id } = account.identity;
      const request = new AssociatePrincipalWithPortfolioCommand({
        PortfolioId: await sharedPortfolio(account),
        PrincipalARN: `arn:${partition}:iam::${id}:role/${account.name('missing')}`,
        PrincipalType: 'IAM',
      });
      return code(account.clients.serviceCatalog.send(request));
    },
  },
  {
    name: 'provisioned-product-update-nothing',
    fact: 'An update of a provisioned product that changes nothing succeeds.',
    asks: 'UpdateProvisionedProduct with the artifact that it has, and the status of its record',
    expected: 'SUCCEEDED',
    source: 'no source was found; nothing here relies on it',
    certainty: 'unverified',
    makes:
      'a Service Catalog portfolio with a product that is launched as a stack with a wait condition handle, a bucket with its template, a role that this account may assume',
    async observe(account) {
      const { clients, ProductId, ProvisioningArtifactId } = await launchable(account);
      const { serviceCatalog } = clients;
      const ProvisionedProductName = account.name('launched');
      const launch = { ProductId, ProvisioningArtifactId, ProvisionedProductName };
      const ProvisionToken = account.name('launch');
      // A new association of a principal takes a while.
      const launched = await account.until('the product to be launchable', () =>
        unless(
          /^(ResourceNotFound|AccessDenied|InvalidParameters)/,
          serviceCatalog.send(new ProvisionProductCommand({ ...launch, ProvisionToken })),
        ),
      );
      account.made(`provisioned product ${ProvisionedProductName}`, async () => {
        const TerminateToken = account.name('end');
        const request = new TerminateProvisionedProductCommand({ ProvisionedProductName, TerminateToken });
        await ended(account, clients, (await serviceCatalog.send(request)).RecordDetail);
      });
      const first = await ended(account, clients, launched.RecordDetail);
      if (first !== 'SUCCEEDED') throw new Error(`The launch is ${first}`);
      const UpdateToken = account.name('update');
      const request = new UpdateProvisionedProductCommand({ ...launch, UpdateToken });
      return ended(account, clients, (await serviceCatalog.send(request)).RecordDetail);
    },
  },
];

/** The status of a record at its end. */
function ended(account: Account, { serviceCatalog }: Clients, record: RecordDetail | undefined): Promise<string> {
  return account.until(`record ${record?.RecordId} to end`, async () => {
    const { RecordDetail } = await serviceCatalog.send(new DescribeRecordCommand({ Id: record?.RecordId }));
    const { Status = '' } = RecordDetail ?? {};
    return /^(SUCCEEDED|FAILED)$/.test(Status) ? Status : undefined;
  });
}

/** A product with one version in the shared portfolio, and the clients of a role that may launch it. */
async function launchable(account: Account) {
  const { s3, serviceCatalog } = account.clients;
  const { partition, id } = account.identity;
  const Bucket = account.name('templates');
  const CreateBucketConfiguration =
    account.region === 'us-east-1' ? undefined : { LocationConstraint: account.region as 'eu-west-1' };
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
  account.made(`bucket ${Bucket}`, () => s3.send(new DeleteBucketCommand({ Bucket })));
  const Key = 'product.json';
  const Body = JSON.stringify({ Resources: { Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' } } });
  await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  account.made(`object ${Key} of bucket ${Bucket}`, () => s3.send(new DeleteObjectCommand({ Bucket, Key })));

  const suffix = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  const LoadTemplateFromURL = `https://${Bucket}.s3.${account.region}.${suffix}/${Key}`;
  const { ProductViewDetail, ProvisioningArtifactDetail } = await serviceCatalog.send(
    new CreateProductCommand({
      Name: account.name('product'),
      Owner: 'conform',
      ProductType: 'CLOUD_FORMATION_TEMPLATE',
      ProvisioningArtifactParameters: { Info: { LoadTemplateFromURL }, Type: 'CLOUD_FORMATION_TEMPLATE' },
      IdempotencyToken: account.name('product'),
    }),
  );
  const ProductId = ProductViewDetail!.ProductViewSummary!.ProductId!;
  account.made(`product ${ProductId}`, () => serviceCatalog.send(new DeleteProductCommand({ Id: ProductId })));
  const PortfolioId = await sharedPortfolio(account);
  const offer = { ProductId, PortfolioId };
  await serviceCatalog.send(new AssociateProductWithPortfolioCommand(offer));
  account.made('the offer of the product', () =>
    serviceCatalog.send(new DisassociateProductFromPortfolioCommand(offer)),
  );

  const PrincipalARN = await createRole(account, 'launches', {
    Effect: 'Allow',
    Principal: { AWS: `arn:${partition}:iam::${id}:root` },
    Action: 'sts:AssumeRole',
  });
  const Action = ['cloudformation:*', 's3:GetObject', 'servicecatalog:*'];
  await grant(account, 'launches', { Effect: 'Allow', Action, Resource: '*' });
  const association = { PortfolioId, PrincipalARN, PrincipalType: 'IAM' as const };
  await account.until('the role to be visible', async () => {
    const answer = await refusal(serviceCatalog.send(new AssociatePrincipalWithPortfolioCommand(association)));
    if (/does not exist/.test(answer)) return undefined;
    if (answer === 'no error') return true;
    throw new Error(answer);
  });
  account.made('the association of the role', () =>
    serviceCatalog.send(new DisassociatePrincipalFromPortfolioCommand(association)),
  );
  const clients = await account.until('the role to be assumed', () => account.assume(PrincipalARN));
  return { clients, ProductId, ProvisioningArtifactId: ProvisioningArtifactDetail!.Id! };
}

/** A portfolio for several scenarios; its id. */
function sharedPortfolio(account: Account): Promise<string> {
  return account.once('portfolio', async () => {
    const { serviceCatalog } = account.clients;
    const { PortfolioDetail } = await serviceCatalog.send(
      new CreatePortfolioCommand({
        DisplayName: account.name('portfolio'),
        ProviderName: 'conform',
        IdempotencyToken: account.name('portfolio'),
      }),
    );
    const Id = PortfolioDetail!.Id!;
    account.made(`portfolio ${Id}`, () => serviceCatalog.send(new DeletePortfolioCommand({ Id })));
    return Id;
  });
}
