import type * as ServiceCatalog from '@aws-sdk/client-service-catalog';
import { isMap } from '../../cloudformation/template/intrinsics.ts';
import { parseTemplate } from '../../cloudformation/template/parse.ts';
import { AwsError } from '../../errors.ts';
import { partitionOf } from '../../iam/partition.ts';
import { findRole, findRoleByArn } from '../../iam/records.ts';
import { alphanumerics } from '../../random.ts';
import type { Call } from '../../service.ts';
import {
  duplicate,
  findByToken,
  getOwnPortfolio,
  getPortfolio,
  invalid,
  keepToken,
  notFound,
  type Operations,
  page,
} from './records.ts';

const types = ['LAUNCH', 'NOTIFICATION', 'RESOURCE_UPDATE', 'TEMPLATE'] as const;

type Type = (typeof types)[number];

/** A rule for launches of a product from a portfolio. */
export interface ConstraintRecord {
  id: string;
  owner: string;
  portfolioId: string;
  productId: string;
  type: Type;
  description?: string;
  /** JSON, as it was given. */
  parameters: string;
}

/** Of all accounts, by id: they go with a shared portfolio. */
export function constraints(call: Call): Map<string, ConstraintRecord> {
  return call.table('constraints', { account: 'all' });
}

/** Those of a product in a portfolio. */
export function constraintsOf(portfolioId: string, productId: string, call: Call): ConstraintRecord[] {
  return [...constraints(call).values()].filter(
    (one) => one.portfolioId === portfolioId && one.productId === productId,
  );
}

/** The members of a constraint's parameters. */
export function parametersOf({ parameters }: Pick<ConstraintRecord, 'parameters'>): Record<string, unknown> {
  return JSON.parse(parameters) as Record<string, unknown>;
}

export const constraintOperations: Operations = {
  CreateConstraint(input, call) {
    const { PortfolioId, ProductId, Parameters = '', Description, IdempotencyToken } = input;
    const portfolio = getOwnPortfolio(PortfolioId, call);
    if (!portfolio.productIds.includes(ProductId!)) throw notFound('Product', ProductId);
    const present = findByToken(constraints(call), IdempotencyToken, call);
    if (present) return described(present);
    const type = typeOf(input.Type);
    checkParameters(type, Parameters, call);
    // A product has several templates' and notifications' constraints, and one of each other type.
    const others = constraintsOf(portfolio.id, ProductId!, call).filter((one) => one.type === type);
    if (others.length > 0 && (type === 'LAUNCH' || type === 'RESOURCE_UPDATE')) {
      throw duplicate(`A ${type} constraint already exists for product ${ProductId} in portfolio ${PortfolioId}.`);
    }
    const id = `cons-${alphanumerics(call.cloud.store, 13)}`;
    const constraint: ConstraintRecord = {
      id,
      owner: call.account,
      portfolioId: portfolio.id,
      productId: ProductId!,
      type,
      description: Description,
      parameters: Parameters,
    };
    constraints(call).set(id, constraint);
    keepToken(IdempotencyToken, id, call);
    return described(constraint);
  },

  DescribeConstraint: ({ Id }, call) => described(getConstraint(Id, call)),

  UpdateConstraint({ Id, Description, Parameters }, call) {
    const constraint = getConstraint(Id, call);
    if (Parameters !== undefined) checkParameters(constraint.type, Parameters, call);
    constraint.parameters = Parameters ?? constraint.parameters;
    constraint.description = Description ?? constraint.description;
    return described(constraint);
  },

  DeleteConstraint({ Id }, call) {
    constraints(call).delete(getConstraint(Id, call).id);
    return {};
  },

  ListConstraintsForPortfolio({ PortfolioId, ProductId, ...input }, call) {
    const portfolio = getPortfolio(PortfolioId, call);
    const found = [...constraints(call).values()].filter(
      ({ portfolioId, productId }) => portfolioId === portfolio.id && productId === (ProductId ?? productId),
    );
    const { items, token } = page(found, ({ id }) => id, input);
    return { ConstraintDetails: items.map(detailOf), NextPageToken: token };
  },
};

/** The roles that a constraint hands to Service Catalog. */
export function launchRoles(parameters: unknown, { account, region }: Call): string[] {
  const { RoleArn, LocalRoleName } = typeof parameters === 'string' ? parse(parameters) : {};
  if (typeof RoleArn === 'string') return [RoleArn];
  return typeof LocalRoleName === 'string' ? [`arn:${partitionOf(region)}:iam::${account}:role/${LocalRoleName}`] : [];
}

function getConstraint(id: string | undefined, call: Call): ConstraintRecord {
  const constraint = constraints(call).get(id ?? '');
  if (constraint?.owner === call.account) return constraint;
  throw notFound('Constraint', id);
}

function described(constraint: ConstraintRecord) {
  return {
    ConstraintDetail: detailOf(constraint),
    ConstraintParameters: constraint.parameters,
    Status: 'AVAILABLE' as const,
  };
}

function detailOf(constraint: ConstraintRecord): ServiceCatalog.ConstraintDetail {
  const { id, type, description, owner, productId, portfolioId } = constraint;
  return {
    ConstraintId: id,
    Type: type,
    Description: description,
    Owner: owner,
    ProductId: productId,
    PortfolioId: portfolioId,
  };
}

function typeOf(type: string | undefined): Type {
  const known = types.find((one) => one === type);
  if (known) return known;
  throw invalid(`Invalid constraint type ${type}. The local cloud has: ${types.join(', ')}`);
}

function parse(parameters: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(parameters);
    return isMap(value) ? value : {};
  } catch {
    return {};
  }
}

function checkParameters(type: Type, parameters: string, call: Call): void {
  const value = parse(parameters);
  if (Object.keys(value).length === 0) throw invalid(`Invalid ${type} constraint parameters: ${parameters}`);
  if (type === 'LAUNCH') checkRole(value, call);
  if (type === 'TEMPLATE') checkRules(value);
  if (type === 'NOTIFICATION' && !Array.isArray(value.NotificationArns)) {
    throw invalid('A NOTIFICATION constraint takes NotificationArns.');
  }
  if (type === 'RESOURCE_UPDATE' && !/^(NOT_)?ALLOWED$/.test(String(tagUpdates(value)))) {
    throw invalid('A RESOURCE_UPDATE constraint says whether TagUpdateOnProvisionedProduct is ALLOWED or NOT_ALLOWED.');
  }
}

/** What a RESOURCE_UPDATE constraint says of changes to tags. */
export function tagUpdates(parameters: Record<string, unknown>): unknown {
  return isMap(parameters.Properties) ? parameters.Properties.TagUpdateOnProvisionedProduct : undefined;
}

/** A role by its ARN, or one of that name in each account; both exist here. */
function checkRole({ RoleArn, LocalRoleName }: Record<string, unknown>, { cloud, account }: Call): void {
  if ((RoleArn === undefined) === (LocalRoleName === undefined)) {
    throw invalid('A LAUNCH constraint takes either RoleArn or LocalRoleName.');
  }
  const role =
    RoleArn === undefined
      ? findRole(cloud.store, account, String(LocalRoleName))
      : findRoleByArn(cloud.store, String(RoleArn));
  if (!role) throw invalid(`Role ${RoleArn ?? LocalRoleName} does not exist.`);
}

/** Rules are those of a template; they are read in one that has all the parameters that they name. */
function checkRules({ Rules }: Record<string, unknown>): void {
  if (!isMap(Rules)) throw invalid('A TEMPLATE constraint takes Rules.');
  const named = [...JSON.stringify(Rules).matchAll(/"(?:Ref|Fn::ValueOf)":\[?"(\w+)"/g)].map(([, name]) => name!);
  const Parameters = Object.fromEntries(named.map((name) => [name, { Type: 'String' }]));
  const Resources = { Any: { Type: 'AWS::CloudFormation::WaitConditionHandle' } };
  try {
    parseTemplate(JSON.stringify({ ...(named.length > 0 && { Parameters }), Rules, Resources }));
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause;
    throw invalid(`Invalid rules of a TEMPLATE constraint: ${cause.message}`);
  }
}
