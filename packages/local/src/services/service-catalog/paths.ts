import { createHash } from 'node:crypto';
import type * as ServiceCatalog from '@aws-sdk/client-service-catalog';
import { AwsError } from '../../errors.ts';
import { matchesText } from '../../iam/match.ts';
import { partitionOf } from '../../iam/partition.ts';
import { findRole } from '../../iam/records.ts';
import type { Call } from '../../service.ts';
import { type ConstraintRecord, constraintsOf, parametersOf } from './constraints.ts';
import { type ProductRecord, products } from './product-records.ts';
import { imports, invalid, notFound, type PortfolioRecord, portfolios, principals } from './records.ts';
import { type TagOptionRecord, tagOptionsOf } from './tag-options.ts';
import type { Rules } from './templates.ts';

/** One way to a product: the portfolio through which the caller sees it, and what holds there. */
export interface Path {
  id: string;
  portfolio: PortfolioRecord;
  product: ProductRecord;
  constraints: ConstraintRecord[];
  /** Of the portfolio and of the product. */
  tagOptions: TagOptionRecord[];
  tags: Record<string, string>;
}

/** The paths by which the caller sees products; those of one product, where it is given. */
export function pathsOf(call: Call, productId?: string): Path[] {
  return [...portfolios(call).values()]
    .filter((portfolio) => isIn(portfolio, call) && isAccessible(portfolio, call))
    .flatMap((portfolio) => portfolio.productIds.map((id) => ({ portfolio, product: products(call).get(id) })))
    .flatMap(({ portfolio, product }) =>
      product && product.id === (productId ?? product.id) ? [pathTo(product, portfolio, call)] : [],
    );
}

/**
 * The path that the caller means: the only one, or the one that is named. Throws as AWS does when there is none, and
 * when there are several to choose from.
 */
export function pathFor(
  call: Call,
  product: ProductRecord,
  { PathId, PathName }: { PathId?: string; PathName?: string },
): Path {
  const all = pathsOf(call, product.id);
  if (all.length === 0) throw noPaths(product.id);
  const named = all.filter(
    ({ id, portfolio }) => (PathId ?? id) === id && (PathName ?? portfolio.displayName) === portfolio.displayName,
  );
  if (named.length > 1) throw invalid('More than one launch path ids exist. Please specify the launch path id');
  if (named[0]) return named[0];
  throw notFound('Launch path', PathId ?? PathName);
}

function noPaths(productId: string): AwsError {
  return new AwsError('ResourceNotFoundException', `No launch paths found for resource: ${productId}`);
}

/** The product that the caller names and sees. Throws ResourceNotFoundException. */
export function visibleProduct(call: Call, id: string | undefined, name: string | undefined): ProductRecord {
  const seen = pathsOf(call, id).find(({ product }) => id !== undefined || product.name === name);
  if (seen) return seen.product;
  throw notFound('Product', id ?? name);
}

export function constraintSummaries({ constraints }: Path): ServiceCatalog.ConstraintSummary[] {
  return constraints.map(({ type, description }) => ({ Type: type, Description: description }));
}

/** The rules of all template constraints; those of the same name are kept apart. */
export function rulesOf({ constraints }: Pick<Path, 'constraints'>): Rules {
  const given = constraints.filter(({ type }) => type === 'TEMPLATE');
  const entries = given.flatMap((one, index) =>
    Object.entries(parametersOf(one).Rules as Rules).map(([name, rule]) => [
      index === 0 ? name : `${name}${one.id.replace(/\W/g, '')}`,
      rule,
    ]),
  );
  return Object.fromEntries(entries) as Rules;
}

/** The role that launches the product in the caller's account; without one, callers use their own rights. */
export function launchRoleOf({ constraints }: Path, { account, region }: Call): string | undefined {
  const launch = constraints.find(({ type }) => type === 'LAUNCH');
  if (!launch) return undefined;
  const { RoleArn, LocalRoleName } = parametersOf(launch);
  return RoleArn === undefined ? `arn:${partitionOf(region)}:iam::${account}:role/${LocalRoleName}` : String(RoleArn);
}

/** In the account: its own, or one that it has accepted. */
function isIn({ id, owner, sharedWith }: PortfolioRecord, call: Call): boolean {
  const { account } = call;
  return owner === account || (sharedWith[account] !== undefined && imports(call).has(id));
}

/** A principal is among those of the portfolio in its account, or fits a pattern that is shared along. */
function isAccessible({ id, owner, sharedWith }: PortfolioRecord, call: Call): boolean {
  const who = identityArn(call);
  const own = [...principals(call).values()];
  const theirs = sharedWith[call.account]?.principals ? [...principals(call, owner).values()] : [];
  const all = [...own, ...theirs.filter(({ type }) => type === 'IAM_PATTERN')];
  return all.some(({ portfolioId, type, arn }) => {
    if (portfolioId !== id) return false;
    // Patterns name no account.
    return type === 'IAM' ? arn === who : matchesText(arn, who.replace(/::\d{12}:/, ':::'), undefined);
  });
}

/** A user's ARN, or that of a session's role. A portfolio never names the account itself or a service. */
export function identityArn({ principal, cloud, account }: Pick<Call, 'principal' | 'cloud' | 'account'>): string {
  if (principal.kind !== 'role') return principal.arn;
  return findRole(cloud.store, account, principal.roleName)?.arn ?? principal.arn;
}

function pathTo(product: ProductRecord, portfolio: PortfolioRecord, call: Call): Path {
  const { owner, sharedWith } = portfolio;
  const withOptions = owner === call.account || sharedWith[call.account]?.tagOptions;
  const options = [...tagOptionsOf(portfolio, call), ...tagOptionsOf(product, call)].filter(({ active }) => active);
  return {
    id: pathId(portfolio.id, product.id),
    portfolio,
    product,
    constraints: constraintsOf(portfolio.id, product.id, call),
    tagOptions: withOptions ? options : [],
    tags: { ...portfolio.tags, ...product.tags },
  };
}

function pathId(portfolioId: string, productId: string): string {
  const digest = createHash('sha256').update(`${portfolioId} ${productId}`).digest('hex');
  return `lpv3-${digest.slice(0, 13)}`;
}
