import type * as ServiceCatalog from '@aws-sdk/client-service-catalog';
import { regionalArn } from '../../arn.ts';
import { alphanumerics } from '../../random.ts';
import type { Call } from '../../service.ts';
import {
  getOwnPortfolio,
  getPortfolio,
  inUse,
  invalid,
  notFound,
  type Operations,
  page,
  portfolios,
  tagList,
  tagsFrom,
} from './records.ts';

export interface ProductRecord {
  id: string;
  arn: string;
  viewId: string;
  owner: string;
  name: string;
  /** The person or department that publishes it. */
  publisher: string;
  description?: string;
  type: ServiceCatalog.ProductType;
  created: Date;
  tags: Record<string, string>;
}

/** Of all accounts, by id: with a portfolio, its products are shared too. */
export function products(call: Call): Map<string, ProductRecord> {
  return call.table('products', { account: 'all' });
}

/** Products as far as portfolios go: what they are called, and where they are. Nothing is provisioned from them. */
export const productOperations: Operations = {
  CreateProduct(input, call) {
    const { Name = '', Owner = '', Description, ProductType, Tags, IdempotencyToken } = input;
    if (Name === '' || Name.length > 8191) throw invalid('The name of a product has between 1 and 8191 characters.');
    const tokens = call.table<string>('tokens');
    const present = products(call).get(tokens.get(`product ${IdempotencyToken}`) ?? '');
    if (present) return { ProductViewDetail: viewOf(present), Tags: tagList(present.tags) };
    const id = `prod-${alphanumerics(call.cloud.store, 13)}`;
    const product: ProductRecord = {
      id,
      arn: regionalArn('catalog', `product/${id}`, call),
      viewId: `prodview-${alphanumerics(call.cloud.store, 13)}`,
      owner: call.account,
      name: Name,
      publisher: Owner,
      description: Description,
      type: ProductType!,
      created: new Date(call.clock.now()),
      tags: tagsFrom(Tags),
    };
    products(call).set(id, product);
    if (IdempotencyToken) tokens.set(`product ${IdempotencyToken}`, id);
    return { ProductViewDetail: viewOf(product), Tags: tagList(product.tags) };
  },

  DescribeProductAsAdmin({ Id }, call) {
    const product = getOwn(Id, call);
    return { ProductViewDetail: viewOf(product), Tags: tagList(product.tags), TagOptions: [], Budgets: [] };
  },

  DeleteProduct({ Id }, call) {
    const { id } = getOwn(Id, call);
    const holder = [...portfolios(call).values()].find(({ productIds }) => productIds.includes(id));
    if (holder) throw inUse(`Product ${id} is associated with portfolio ${holder.id}.`);
    products(call).delete(id);
    return {};
  },

  AssociateProductWithPortfolio({ ProductId, PortfolioId }, call) {
    const portfolio = getOwnPortfolio(PortfolioId, call);
    const { id } = getOwn(ProductId, call);
    if (!portfolio.productIds.includes(id)) portfolio.productIds.push(id);
    return {};
  },

  DisassociateProductFromPortfolio({ ProductId, PortfolioId }, call) {
    const portfolio = getOwnPortfolio(PortfolioId, call);
    if (!portfolio.productIds.includes(ProductId!)) throw notFound('Product', ProductId);
    portfolio.productIds = portfolio.productIds.filter((id) => id !== ProductId);
    return {};
  },

  SearchProductsAsAdmin({ PortfolioId, Filters, ...input }, call) {
    if (Filters && Object.keys(Filters).length > 0) throw invalid('The local cloud does not filter products.');
    const all = [...products(call).values()];
    const portfolio = PortfolioId === undefined ? undefined : getPortfolio(PortfolioId, call);
    const found = all.filter(({ id, owner }) =>
      portfolio ? portfolio.productIds.includes(id) : owner === call.account,
    );
    const { items, token } = page(found, ({ id }) => id, input);
    return { ProductViewDetails: items.map(viewOf), NextPageToken: token };
  },
};

function getOwn(id: string | undefined, call: Call): ProductRecord {
  const product = products(call).get(id ?? '');
  if (product?.owner === call.account) return product;
  throw notFound('Product', id);
}

function viewOf(product: ProductRecord): ServiceCatalog.ProductViewDetail {
  const { id, arn, viewId, name, publisher, description, type, created } = product;
  return {
    ProductViewSummary: {
      Id: viewId,
      ProductId: id,
      Name: name,
      Owner: publisher,
      ShortDescription: description,
      Type: type,
      HasDefaultPath: false,
    },
    Status: 'AVAILABLE',
    ProductARN: arn,
    CreatedTime: created,
  };
}
