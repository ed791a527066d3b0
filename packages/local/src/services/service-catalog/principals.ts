import { visibleFrom } from '../../faults/visibility.ts';
import { findRoleByArn, usersOf } from '../../iam/records.ts';
import type { Call } from '../../service.ts';
import {
  getPortfolio,
  invalid,
  limitExceeded,
  notFound,
  type Operations,
  type PrincipalRecord,
  page,
  principals,
} from './records.ts';

/** How many principals a portfolio may have in an account, and how many patterns of them. */
const most = { IAM: 100, IAM_PATTERN: 10 } as const;

/** How long Service Catalog does not know a role that IAM has just made, in milliseconds. */
const newRole = 10_000;

/** How long a list may not know a new association, in seconds. */
const lag = [0, 3] as const;

export const principalOperations: Operations = {
  AssociatePrincipalWithPortfolio({ PortfolioId, PrincipalARN: arn = '', PrincipalType }, call) {
    const { id } = getPortfolio(PortfolioId, call);
    const type = PrincipalType!;
    mustExist(arn, type, call);
    const present = [...principals(call).values()].filter((one) => one.portfolioId === id && one.type === type);
    if (present.some((one) => one.arn === arn)) return {};
    if (present.length >= most[type]) {
      throw limitExceeded(
        `The number of principals of type ${type} associated with portfolio ${id} has reached the limit of ${most[type]}.`,
      );
    }
    const visibleAt = visibleFrom('portfolio-principal', lag, call);
    principals(call).set(keyOf({ portfolioId: id, arn, type }), { portfolioId: id, arn, type, visibleAt });
    return {};
  },

  DisassociatePrincipalFromPortfolio({ PortfolioId, PrincipalARN: arn = '', PrincipalType = 'IAM' }, call) {
    const { id } = getPortfolio(PortfolioId, call);
    const key = keyOf({ portfolioId: id, arn, type: PrincipalType });
    if (!principals(call).delete(key)) throw notFound('Principal', arn);
    return {};
  },

  ListPrincipalsForPortfolio({ PortfolioId, ...input }, call) {
    const { id } = getPortfolio(PortfolioId, call);
    const now = call.clock.now();
    const all = [...principals(call).values()].filter((one) => one.portfolioId === id && one.visibleAt <= now);
    const { items, token } = page(all, keyOf, input);
    return {
      Principals: items.map(({ arn, type }) => ({ PrincipalARN: arn, PrincipalType: type })),
      NextPageToken: token,
    };
  },
};

function keyOf({ portfolioId, arn, type }: Omit<PrincipalRecord, 'visibleAt'>): string {
  return `${portfolioId} ${type} ${arn}`;
}

/** A pattern names no particular principal; all others have to exist. */
function mustExist(arn: string, type: keyof typeof most, call: Call): void {
  if (type === 'IAM_PATTERN') {
    if (!/^arn:[^:*?]+:iam:::(role|user|group)\/\S+$/.test(arn)) throw invalid(`Invalid principal pattern ${arn}`);
    return;
  }
  if (!new RegExp(`^arn:[^:]+:iam::${call.account}:(role|user)/\\S+$`).test(arn)) {
    throw invalid(`Invalid principal ${arn}`);
  }
  const { store } = call.cloud;
  const user = [...usersOf(store, call.account).values()].find((one) => one.arn === arn);
  const made = (findRoleByArn(store, arn) ?? user)?.created;
  if (made === undefined || call.clock.now() - made < newRole) throw invalid(`The profile does not exist: ${arn}`);
}
