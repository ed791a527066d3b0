import { visibleFrom } from '../../faults/visibility.ts';
import type { Call } from '../../service.ts';
import { detailOf } from './portfolios.ts';
import {
  getOwnPortfolio,
  imports,
  invalid,
  notFound,
  type Operations,
  type PortfolioRecord,
  page,
  portfolios,
  principals,
} from './records.ts';

/** How long a list does not know what was just accepted, in seconds. */
const lag = [1, 5] as const;

/** Portfolios that accounts share with one another, without AWS Organizations. */
export const shareOperations: Operations = {
  CreatePortfolioShare({ PortfolioId, AccountId, OrganizationNode, ShareTagOptions, SharePrincipals }, call) {
    const portfolio = getOwnPortfolio(PortfolioId, call);
    if (OrganizationNode || !AccountId) throw invalid('The local cloud shares portfolios with single accounts only.');
    if (AccountId === call.account) throw invalid(`Invalid account ID ${AccountId}`);
    portfolio.sharedWith[AccountId] ??= {
      tagOptions: ShareTagOptions ?? false,
      principals: SharePrincipals ?? false,
    };
    return {};
  },

  UpdatePortfolioShare({ PortfolioId, AccountId = '', ShareTagOptions, SharePrincipals }, call) {
    const share = getOwnPortfolio(PortfolioId, call).sharedWith[AccountId];
    if (!share) throw notFound('Portfolio share', PortfolioId);
    share.tagOptions = ShareTagOptions ?? share.tagOptions;
    share.principals = SharePrincipals ?? share.principals;
    return { Status: 'COMPLETED' };
  },

  DescribePortfolioShares({ PortfolioId, Type, ...input }, call) {
    const { id, sharedWith } = getOwnPortfolio(PortfolioId, call);
    const shares = Type === 'ACCOUNT' ? Object.entries(sharedWith) : [];
    const { items, token } = page(shares, ([account]) => account, input);
    return {
      PortfolioShareDetails: items.map(([account, { tagOptions, principals: shared }]) => ({
        PrincipalId: account,
        Type,
        Accepted: imports(call, account).has(id),
        ShareTagOptions: tagOptions,
        SharePrincipals: shared,
      })),
      NextPageToken: token,
    };
  },

  DeletePortfolioShare({ PortfolioId, AccountId = '' }, call) {
    const portfolio = getOwnPortfolio(PortfolioId, call);
    delete portfolio.sharedWith[AccountId];
    forget(portfolio.id, AccountId, call);
    return {};
  },

  ListPortfolioAccess({ PortfolioId, ...input }, call) {
    const { sharedWith } = getOwnPortfolio(PortfolioId, call);
    const { items, token } = page(Object.keys(sharedWith), String, input);
    return { AccountIds: items, NextPageToken: token };
  },

  AcceptPortfolioShare({ PortfolioId, PortfolioShareType = 'IMPORTED' }, call) {
    mustBeImported(PortfolioShareType);
    const { id } = getOffered(PortfolioId, call);
    if (!imports(call).has(id)) {
      const now = call.clock.now();
      const visibleAt = visibleFrom('portfolio-share', lag, call);
      imports(call).set(id, { portfolioId: id, accepted: new Date(now), visibleAt });
    }
    return {};
  },

  RejectPortfolioShare({ PortfolioId, PortfolioShareType = 'IMPORTED' }, call) {
    mustBeImported(PortfolioShareType);
    forget(getOffered(PortfolioId, call).id, call.account, call);
    return {};
  },

  ListAcceptedPortfolioShares({ PortfolioShareType = 'IMPORTED', ...input }, call) {
    mustBeImported(PortfolioShareType);
    const accepted = [...imports(call).values()].filter(({ visibleAt }) => visibleAt <= call.clock.now());
    const { items, token } = page(accepted, ({ portfolioId }) => portfolioId, input);
    const shown = items.flatMap(({ portfolioId }) => portfolios(call).get(portfolioId) ?? []);
    return { PortfolioDetails: shown.map(detailOf), NextPageToken: token };
  },
};

function mustBeImported(type: string): void {
  if (type !== 'IMPORTED') throw invalid(`The local cloud has no portfolio shares of the type ${type}.`);
}

function getOffered(id: string | undefined, call: Call): PortfolioRecord {
  const portfolio = portfolios(call).get(id ?? '');
  if (!portfolio?.sharedWith[call.account]) throw notFound('Portfolio share', id);
  return portfolio;
}

/** The account no longer has the portfolio, nor do the principals in it. */
function forget(id: string, account: string, call: Call): void {
  imports(call, account).delete(id);
  for (const [key, { portfolioId }] of principals(call, account)) {
    if (portfolioId === id) principals(call, account).delete(key);
  }
}
