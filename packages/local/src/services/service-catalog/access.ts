import type * as ServiceCatalog from '@aws-sdk/client-service-catalog';
import { regionalArn } from '../../arn.ts';
import type { Access, Call, Definition } from '../../service.ts';
import { products } from './product-records.ts';
import { findProvisioned, launchRecords, levelsOf } from './provisioned.ts';
import { portfolios } from './records.ts';

type Rule = (
  input: { PortfolioId?: string; ProductId?: string; ProductName?: string; Id?: string; Name?: string },
  call: Call,
) => Access[];

/** A shared portfolio's ARN has the account that owns it. */
const onPortfolio: Rule = ({ PortfolioId, Id }, call) => {
  const id = PortfolioId ?? Id ?? '*';
  return [{ resource: portfolios(call).get(id)?.arn ?? regionalArn('catalog', `portfolio/${id}`, call) }];
};

/** So has a shared product's. */
const onProduct: Rule = ({ ProductId, ProductName, Id, Name }, call) => {
  const id = ProductId ?? Id;
  const name = ProductName ?? Name;
  const named = [...products(call).values()].find((one) => (id === undefined ? one.name === name : one.id === id));
  return [{ resource: named?.arn ?? regionalArn('catalog', `product/${id ?? '*'}`, call) }];
};

const made = (arn: 'portfolio' | 'product') => (_: unknown, call: Call) => [
  { resource: regionalArn('catalog', `${arn}/*`, call) },
];

/** The condition keys of levels: `self` for those at which the caller reaches what is named. */
function atLevels(levels: string[]): Access[] {
  const context = Object.fromEntries(levels.map((level) => [`servicecatalog:${level}`, 'self']));
  return [{ resource: '*', context }];
}

/** What has no owner yet is not found: the operation says that it does not exist. */
const allLevels = ['accountLevel', 'roleLevel', 'userLevel'];

type Named = { ProvisionedProductId?: string; ProvisionedProductName?: string; Id?: string; Name?: string };

const onProvisioned = (input: Named, call: Call) => {
  const { ProvisionedProductId = input.Id, ProvisionedProductName = input.Name } = input;
  const found = findProvisioned(ProvisionedProductId, ProvisionedProductName, call);
  return atLevels(found ? levelsOf(found, call) : allLevels);
};

const onRecord = ({ Id }: { Id?: string }, call: Call) => {
  const record = launchRecords(call).get(Id ?? '');
  return atLevels(record ? levelsOf(record, call) : allLevels);
};

/** A list is of the level that it asks for. */
const listing = ({ AccessLevelFilter }: { AccessLevelFilter?: ServiceCatalog.AccessLevelFilter }) =>
  atLevels([`${(AccessLevelFilter?.Key ?? 'User').toLowerCase()}Level`]);

export const access: Definition<typeof ServiceCatalog>['access'] = {
  CreatePortfolio: made('portfolio'),
  DescribePortfolio: onPortfolio,
  UpdatePortfolio: onPortfolio,
  DeletePortfolio: onPortfolio,
  CreatePortfolioShare: onPortfolio,
  UpdatePortfolioShare: onPortfolio,
  DescribePortfolioShares: onPortfolio,
  DeletePortfolioShare: onPortfolio,
  ListPortfolioAccess: onPortfolio,
  AcceptPortfolioShare: onPortfolio,
  RejectPortfolioShare: onPortfolio,
  // Service Catalog looks with the caller's rights whether there is such a role.
  AssociatePrincipalWithPortfolio: ({ PrincipalARN, PrincipalType, ...input }, call) => [
    ...onPortfolio(input, call),
    ...(PrincipalType === 'IAM' && PrincipalARN?.includes(':role/')
      ? [{ action: 'iam:GetRole', resource: PrincipalARN }]
      : []),
  ],
  DisassociatePrincipalFromPortfolio: onPortfolio,
  ListPrincipalsForPortfolio: onPortfolio,

  CreateProduct: made('product'),
  DescribeProductAsAdmin: onProduct,
  UpdateProduct: onProduct,
  DeleteProduct: onProduct,
  ListPortfoliosForProduct: onProduct,
  CreateProvisioningArtifact: onProduct,
  DescribeProvisioningArtifact: onProduct,
  ListProvisioningArtifacts: onProduct,
  UpdateProvisioningArtifact: onProduct,
  DeleteProvisioningArtifact: onProduct,
  CreateConstraint: ({ ProductId }, call) => onProduct({ ProductId }, call),
  AssociateTagOptionWithResource: onTagged,
  DisassociateTagOptionFromResource: onTagged,

  DescribeProduct: onProduct,
  ListLaunchPaths: onProduct,
  DescribeProvisioningParameters: onProduct,
  ProvisionProduct: onProduct,
  UpdateProvisionedProduct: onProvisioned,
  TerminateProvisionedProduct: onProvisioned,
  DescribeProvisionedProduct: onProvisioned,
  DescribeRecord: onRecord,
  ListRecordHistory: listing,
  ScanProvisionedProducts: listing,
  SearchProvisionedProducts: listing,
};

function onTagged({ ResourceId }: { ResourceId?: string }, call: Call): Access[] {
  return ResourceId?.startsWith('port-') ? onPortfolio({ Id: ResourceId }, call) : onProduct({ Id: ResourceId }, call);
}
