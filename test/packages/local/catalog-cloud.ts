import type { RecordDetail } from '@aws-sdk/client-service-catalog';
import type { AwsError } from '../../../packages/local/src/errors.ts';
import type { Principal } from '../../../packages/local/src/principal.ts';
import type { Input, OperationName, Output, Service } from '../../../packages/local/src/service.ts';
import { iam } from '../../../packages/local/src/services/iam/index.ts';
import { s3 } from '../../../packages/local/src/services/s3/index.ts';
import { serviceCatalog } from '../../../packages/local/src/services/service-catalog/index.ts';
import { Store } from '../../../packages/local/src/store.ts';
import { policyOf, trusting } from './authorised-cloud.ts';
import { account, region, StackCloud } from './stack-cloud.ts';

type Module = typeof import('@aws-sdk/client-service-catalog');

/** What an end user of Service Catalog may do, and no more. */
export const endUser = [
  {
    Effect: 'Allow',
    Action: [
      'servicecatalog:DescribeProduct',
      'servicecatalog:DescribeProductView',
      'servicecatalog:DescribeProvisioningParameters',
      'servicecatalog:ListLaunchPaths',
      'servicecatalog:ProvisionProduct',
      'servicecatalog:SearchProducts',
      'servicecatalog:GetProvisionedProductOutputs',
    ],
    Resource: '*',
  },
  {
    Effect: 'Allow',
    Action: [
      'servicecatalog:DescribeProvisionedProduct',
      'servicecatalog:DescribeRecord',
      'servicecatalog:ListRecordHistory',
      'servicecatalog:ScanProvisionedProducts',
      'servicecatalog:SearchProvisionedProducts',
      'servicecatalog:TerminateProvisionedProduct',
      'servicecatalog:UpdateProvisionedProduct',
    ],
    Resource: '*',
    Condition: { StringEquals: { 'servicecatalog:userLevel': 'self' } },
  },
];

/** What launching stacks takes, beside what is in them. */
export const launching = [
  {
    Effect: 'Allow',
    Action: [
      'cloudformation:CreateStack',
      'cloudformation:UpdateStack',
      'cloudformation:DeleteStack',
      'cloudformation:DescribeStacks',
      'cloudformation:DescribeStackEvents',
    ],
    Resource: 'arn:aws:cloudformation:*:*:stack/SC-*',
  },
  { Effect: 'Allow', Action: 'cloudformation:GetTemplateSummary', Resource: '*' },
  {
    Effect: 'Allow',
    Action: 's3:GetObject',
    Resource: '*',
    Condition: { StringEquals: { 's3:ExistingObjectTag/servicecatalog:provisioning': 'true' } },
  },
];

/** Service Catalog over CloudFormation: an administrator's account, and an end user. */
export class CatalogCloud extends StackCloud {
  readonly templates = 'templates';

  constructor(store = new Store(), more: Service[] = []) {
    super(store, [serviceCatalog, ...more]);
  }

  static async open(...more: Service[]): Promise<CatalogCloud> {
    const cloud = new CatalogCloud(new Store(), more);
    await cloud.invoke(s3, 'CreateBucket', { Bucket: cloud.templates });
    return cloud;
  }

  /** Calls Service Catalog; as the account, unless told otherwise. */
  sc<Name extends OperationName<Module>>(
    operation: Name,
    input: Input<Module, Name>,
    principal?: Principal,
  ): Promise<Output<Module, Name>> {
    if (!principal) return this.invoke(serviceCatalog, operation, input);
    return this.cloud.invoke(serviceCatalog, operation, input, { principal, region });
  }

  /** The name of the error with which a call is refused, and its text. */
  async refusal<Name extends OperationName<Module>>(operation: Name, input: Input<Module, Name>, as?: Principal) {
    const error = await this.sc(operation, input, as).then(
      () => new Error('was not refused'),
      (cause: AwsError) => cause,
    );
    return `${error.name}: ${error.message}`;
  }

  /** Makes a role with these rights; a session of it. */
  async role(roleName: string, trust: object, statements: object[], of = account) {
    const as = { principal: { kind: 'account' as const, account: of, arn: `arn:aws:iam::${of}:root` }, region };
    const AssumeRolePolicyDocument = trusting(trust);
    const { Role } = await this.cloud.invoke(iam, 'CreateRole', { RoleName: roleName, AssumeRolePolicyDocument }, as);
    const PolicyDocument = policyOf(...statements);
    await this.cloud.invoke(iam, 'PutRolePolicy', { RoleName: roleName, PolicyName: 'inline', PolicyDocument }, as);
    const arn = `arn:aws:sts::${of}:assumed-role/${roleName}/ada`;
    const principal: Principal = { kind: 'role', account: of, arn, roleName, sessionName: 'ada' };
    return { principal, arn: Role!.Arn! };
  }

  /** A role of the users who launch, and one that launches. */
  user = (name = 'users', statements = endUser, of = account) => this.role(name, { AWS: of }, statements, of);
  launcher = (statements: object[], name = 'launch', of = account) =>
    this.role(name, { Service: 'servicecatalog.amazonaws.com' }, [...launching, ...statements], of);

  /** Puts a template to where products load theirs from. */
  async putTemplate(template: object | string, Key = 'product.json'): Promise<string> {
    const Body = new TextEncoder().encode(typeof template === 'string' ? template : JSON.stringify(template));
    await this.invoke(s3, 'PutObject', { Bucket: this.templates, Key, Body });
    return `https://${this.templates}.s3.amazonaws.com/${Key}`;
  }

  /** A portfolio with one product, whose only version has this template. */
  async product(template: object, Name = 'Bucket') {
    const { PortfolioDetail } = await this.sc('CreatePortfolio', {
      DisplayName: `${Name}s`,
      ProviderName: 'Platform',
      IdempotencyToken: Name,
    });
    const made = await this.sc('CreateProduct', {
      Name,
      Owner: 'Platform',
      ProductType: 'CLOUD_FORMATION_TEMPLATE',
      IdempotencyToken: Name,
      ProvisioningArtifactParameters: {
        Name: 'v1',
        Type: 'CLOUD_FORMATION_TEMPLATE',
        Info: { LoadTemplateFromURL: await this.putTemplate(template) },
      },
    });
    const PortfolioId = PortfolioDetail!.Id!;
    const ProductId = made.ProductViewDetail!.ProductViewSummary!.ProductId!;
    await this.sc('AssociateProductWithPortfolio', { ProductId, PortfolioId });
    return { PortfolioId, ProductId, ProvisioningArtifactId: made.ProvisioningArtifactDetail!.Id! };
  }

  constraint(
    { PortfolioId, ProductId }: { PortfolioId: string; ProductId: string },
    Type: string,
    parameters: object,
    Description?: string,
  ) {
    const Parameters = JSON.stringify(parameters);
    const IdempotencyToken = `${ProductId}-${Type}-${Parameters}`.replace(/[^\w-]+/g, '-').slice(0, 128);
    return this.sc('CreateConstraint', { PortfolioId, ProductId, Type, Parameters, Description, IdempotencyToken });
  }

  /** Lets a role use a portfolio, once Service Catalog knows it. */
  async open(PortfolioId: string, PrincipalARN: string): Promise<void> {
    await this.clock.pass(10_000);
    await this.sc('AssociatePrincipalWithPortfolio', { PortfolioId, PrincipalARN, PrincipalType: 'IAM' });
  }

  /** Follows a record to its end. */
  record({ RecordDetail }: { RecordDetail?: RecordDetail }, as?: Principal) {
    return this.when(async () => {
      const found = await this.sc('DescribeRecord', { Id: RecordDetail!.RecordId! }, as);
      return /^(SUCCEEDED|FAILED)$/.test(found.RecordDetail!.Status!) ? found : undefined;
    });
  }
}

/** A product's template: a bucket of that name. */
export const bucketTemplate = {
  AWSTemplateFormatVersion: '2010-09-09',
  Parameters: {
    Name: { Type: 'String' },
    Kind: { Type: 'String', Default: 'plain', AllowedValues: ['plain', 'rare'] },
  },
  Resources: {
    Bucket: {
      Type: 'AWS::S3::Bucket',
      Properties: { BucketName: { Ref: 'Name' }, Tags: [{ Key: 'kind', Value: { Ref: 'Kind' } }] },
    },
  },
  Outputs: { BucketName: { Value: { Ref: 'Bucket' }, Description: 'The bucket' } },
};

/** The rights that it takes. */
export const bucketRights = [
  {
    Effect: 'Allow',
    Action: ['s3:CreateBucket', 's3:DeleteBucket', 's3:PutBucketTagging', 's3:GetBucketTagging'],
    Resource: 'arn:aws:s3:::data-*',
  },
];
