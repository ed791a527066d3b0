import type * as ServiceCatalog from '@aws-sdk/client-service-catalog';
import { regionalArn } from '../../arn.ts';
import { alphanumerics } from '../../random.ts';
import {
  findByToken,
  getOwnPortfolio,
  getPortfolio,
  inUse,
  keepToken,
  limitExceeded,
  type Operations,
  type PortfolioRecord,
  page,
  portfolios,
  principals,
  tagList,
  tagsFrom,
} from './records.ts';
import { tagOptionDetail, tagOptionsOf } from './tag-options.ts';

/** How many portfolios an account may own in a Region. */
const most = 100;

export const portfolioOperations: Operations = {
  CreatePortfolio(input, call) {
    const { DisplayName = '', ProviderName = '', Description, Tags, IdempotencyToken } = input;
    const present = findByToken(portfolios(call), IdempotencyToken, call);
    const own = [...portfolios(call).values()].filter(({ owner }) => owner === call.account);
    if (present) return { PortfolioDetail: detailOf(present), Tags: tagList(present.tags) };
    if (own.length >= most) throw limitExceeded(`The limit of ${most} portfolios in an account is reached.`);
    const id = `port-${alphanumerics(call.cloud.store, 13)}`;
    const portfolio: PortfolioRecord = {
      id,
      arn: regionalArn('catalog', `portfolio/${id}`, call),
      owner: call.account,
      displayName: DisplayName,
      providerName: ProviderName,
      description: Description,
      created: new Date(call.clock.now()),
      tags: tagsFrom(Tags),
      sharedWith: {},
      productIds: [],
      tagOptionIds: [],
    };
    portfolios(call).set(id, portfolio);
    keepToken(IdempotencyToken, id, call);
    return { PortfolioDetail: detailOf(portfolio), Tags: tagList(portfolio.tags) };
  },

  DescribePortfolio({ Id }, call) {
    const portfolio = getPortfolio(Id, call);
    return {
      PortfolioDetail: detailOf(portfolio),
      Tags: tagList(portfolio.tags),
      TagOptions: tagOptionsOf(portfolio, call).map(tagOptionDetail),
      Budgets: [],
    };
  },

  UpdatePortfolio(input, call) {
    const portfolio = getOwnPortfolio(input.Id, call);
    portfolio.displayName = input.DisplayName ?? portfolio.displayName;
    portfolio.providerName = input.ProviderName ?? portfolio.providerName;
    portfolio.description = input.Description ?? portfolio.description;
    for (const key of input.RemoveTags ?? []) delete portfolio.tags[key];
    Object.assign(portfolio.tags, tagsFrom(input.AddTags));
    return { PortfolioDetail: detailOf(portfolio), Tags: tagList(portfolio.tags) };
  },

  DeletePortfolio({ Id }, call) {
    const { id, sharedWith, productIds, tagOptionIds } = getOwnPortfolio(Id, call);
    const isUsed = [...principals(call).values()].some(({ portfolioId }) => portfolioId === id);
    const contents = [...Object.keys(sharedWith), ...productIds, ...tagOptionIds];
    if (isUsed || contents.length > 0) {
      throw inUse(`Portfolio ${id} has associated products, users, constraints, or shared accounts.`);
    }
    portfolios(call).delete(id);
    return {};
  },

  ListPortfoliosForProduct({ ProductId, ...input }, call) {
    const own = [...portfolios(call).values()].filter(
      ({ owner, productIds }) => owner === call.account && productIds.includes(ProductId!),
    );
    const { items, token } = page(own, ({ id }) => id, input);
    return { PortfolioDetails: items.map(detailOf), NextPageToken: token };
  },

  ListPortfolios(input, call) {
    const own = [...portfolios(call).values()].filter(({ owner }) => owner === call.account);
    const { items, token } = page(own, ({ id }) => id, input);
    return { PortfolioDetails: items.map(detailOf), NextPageToken: token };
  },
};

export function detailOf(portfolio: PortfolioRecord): ServiceCatalog.PortfolioDetail {
  const { id, arn, displayName, providerName, description, created } = portfolio;
  return {
    Id: id,
    ARN: arn,
    DisplayName: displayName,
    Description: description,
    CreatedTime: created,
    ProviderName: providerName,
  };
}
