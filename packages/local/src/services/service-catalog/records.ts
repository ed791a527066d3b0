import type * as ServiceCatalog from '@aws-sdk/client-service-catalog';
import { AwsError } from '../../errors.ts';
import { type PageRequest, pageOf } from '../../pages.ts';
import type { Call, Definition } from '../../service.ts';

export type Operations = Definition<typeof ServiceCatalog>['operations'];

export interface PortfolioRecord {
  id: string;
  arn: string;
  /** The account that it belongs to. */
  owner: string;
  displayName: string;
  providerName: string;
  description?: string;
  created: Date;
  tags: Record<string, string>;
  /** The accounts that it is shared with, and what is shared along with it. */
  sharedWith: Record<string, ShareRecord>;
  productIds: string[];
  tagOptionIds: string[];
}

/** What an account gets along with a portfolio. */
export interface ShareRecord {
  tagOptions: boolean;
  /** The patterns of principals hold in that account too. */
  principals: boolean;
}

/** A portfolio that an account has accepted from another one. */
export interface ImportRecord {
  portfolioId: string;
  accepted: Date;
  /** From when `ListAcceptedPortfolioShares` knows of it, in virtual milliseconds. */
  visibleAt: number;
}

/** Who may use a portfolio in an account. */
export interface PrincipalRecord {
  portfolioId: string;
  arn: string;
  type: ServiceCatalog.PrincipalType;
  /** From when `ListPrincipalsForPortfolio` knows of it, in virtual milliseconds. */
  visibleAt: number;
}

/** Of all accounts, by id: other accounts see those that are shared with them. */
export function portfolios(call: Call): Map<string, PortfolioRecord> {
  return call.table('portfolios', { account: 'all' });
}

export function imports(call: Call, account = call.account): Map<string, ImportRecord> {
  return call.table('imports', { account });
}

export function principals(call: Call, account = call.account): Map<string, PrincipalRecord> {
  return call.table('principals', { account });
}

/** The portfolio, where the caller's account has or has accepted it. Throws ResourceNotFoundException. */
export function getPortfolio(id: string | undefined, call: Call): PortfolioRecord {
  const portfolio = portfolios(call).get(id ?? '');
  if (portfolio && (portfolio.owner === call.account || imports(call).has(portfolio.id))) return portfolio;
  throw notFound('Portfolio', id);
}

/** The portfolio, where the caller's account owns it. Throws ResourceNotFoundException. */
export function getOwnPortfolio(id: string | undefined, call: Call): PortfolioRecord {
  const portfolio = getPortfolio(id, call);
  if (portfolio.owner === call.account) return portfolio;
  throw notFound('Portfolio', id);
}

/** Throws InvalidParametersException for a token that is none. */
export function page<T>(
  items: Iterable<T>,
  keyOf: (item: T) => string,
  { PageToken: token, PageSize: size = 20 }: { PageToken?: string; PageSize?: number },
): { items: T[]; token?: string } {
  const request: PageRequest = { token, size: size || 20 };
  return pageOf(items, keyOf, request, () => invalid('Invalid page token'));
}

/** What an earlier call with this token created, if it still exists. A token counts for one operation. */
export function findByToken<T>(things: Map<string, T>, token: string | undefined, call: Call): T | undefined {
  const id = token === undefined ? undefined : call.table<string>('tokens').get(`${call.operation} ${token}`);
  return id === undefined ? undefined : things.get(id);
}

export function keepToken(token: string | undefined, id: string, call: Call): void {
  if (token !== undefined) call.table<string>('tokens').set(`${call.operation} ${token}`, id);
}

export function tagsFrom(tags: readonly ServiceCatalog.Tag[] = []): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}

export function tagList(tags: Record<string, string>): ServiceCatalog.Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

export function invalid(message: string): AwsError {
  return new AwsError('InvalidParametersException', message);
}

export function inUse(message: string): AwsError {
  return new AwsError('ResourceInUseException', message);
}

export function duplicate(message: string): AwsError {
  return new AwsError('DuplicateResourceException', message);
}

export function limitExceeded(message: string): AwsError {
  return new AwsError('LimitExceededException', message);
}

export function notFound(what: string, id: string | undefined): AwsError {
  return new AwsError('ResourceNotFoundException', `${what} ${id} does not exist or access was denied.`);
}
