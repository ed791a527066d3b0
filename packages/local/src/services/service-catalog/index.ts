import * as ServiceCatalog from '@aws-sdk/client-service-catalog';
import { regionalArn } from '../../arn.ts';
import { type Access, type Call, type Definition, service } from '../../service.ts';
import { portfolioOperations } from './portfolios.ts';
import { principalOperations } from './principals.ts';
import { productOperations, products } from './products.ts';
import { portfolios } from './records.ts';
import { shareOperations } from './shares.ts';

type Rule = (input: { PortfolioId?: string; Id?: string }, call: Call) => Access[];

/** A shared portfolio's ARN has the account that owns it. */
const onPortfolio: Rule = ({ PortfolioId, Id }, call) => {
  const id = PortfolioId ?? Id ?? '*';
  return [{ resource: portfolios(call).get(id)?.arn ?? regionalArn('catalog', `portfolio/${id}`, call) }];
};

const onProduct: Rule = ({ Id = '*' }, call) => [
  { resource: products(call).get(Id)?.arn ?? regionalArn('catalog', `product/${Id}`, call) },
];

const access: Definition<typeof ServiceCatalog>['access'] = {
  CreatePortfolio: (_, call) => onPortfolio({}, call),
  DescribePortfolio: onPortfolio,
  UpdatePortfolio: onPortfolio,
  DeletePortfolio: onPortfolio,
  CreatePortfolioShare: onPortfolio,
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
  CreateProduct: (_, call) => onProduct({}, call),
  DescribeProductAsAdmin: onProduct,
  DeleteProduct: onProduct,
};

/** Portfolios, their shares with other accounts, who may use them, and the products in them. */
export const serviceCatalog = service('service-catalog', 'servicecatalog', ServiceCatalog, {
  operations: { ...portfolioOperations, ...shareOperations, ...principalOperations, ...productOperations },
  access,
  tagsOf: (arn, call) =>
    [...portfolios(call).values(), ...products(call).values()].find((one) => one.arn === arn)?.tags,
});
