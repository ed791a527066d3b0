import type * as ServiceCatalog from '@aws-sdk/client-service-catalog';
import { regionalArn } from '../../arn.ts';
import { alphanumerics } from '../../random.ts';
import { artifactDetail, newArtifact } from './artifacts.ts';
import { constraints } from './constraints.ts';
import { getOwnProduct, getOwnProductByName, type ProductRecord, products } from './product-records.ts';
import {
  findByToken,
  getOwnPortfolio,
  getPortfolio,
  inUse,
  invalid,
  keepToken,
  notFound,
  type Operations,
  page,
  portfolios,
  tagList,
  tagsFrom,
} from './records.ts';
import { tagOptionDetail, tagOptionsOf } from './tag-options.ts';

export const productOperations: Operations = {
  async CreateProduct(input, call) {
    const { Name = '', Owner = '', Description, Distributor, ProductType, Tags, IdempotencyToken } = input;
    checkName(Name);
    const present = findByToken(products(call), IdempotencyToken, call);
    if (present) return created(present);
    if (ProductType !== 'CLOUD_FORMATION_TEMPLATE') {
      throw invalid(`The local cloud has no products of the type ${ProductType}.`);
    }
    const { ProvisioningArtifactParameters: first } = input;
    const artifacts = first ? [await newArtifact(first, call)] : [];
    const id = `prod-${alphanumerics(call.cloud.store, 13)}`;
    const product: ProductRecord = {
      id,
      arn: regionalArn('catalog', `product/${id}`, call),
      viewId: `prodview-${alphanumerics(call.cloud.store, 13)}`,
      owner: call.account,
      name: Name,
      publisher: Owner,
      description: Description,
      distributor: Distributor,
      support: supportOf(input),
      type: ProductType,
      created: new Date(call.clock.now()),
      tags: tagsFrom(Tags),
      artifacts,
      tagOptionIds: [],
    };
    products(call).set(id, product);
    keepToken(IdempotencyToken, id, call);
    return created(product);
  },

  UpdateProduct(input, call) {
    const product = getOwnProduct(input.Id, call);
    if (input.Name !== undefined) checkName(input.Name);
    product.name = input.Name ?? product.name;
    product.publisher = input.Owner ?? product.publisher;
    product.description = input.Description ?? product.description;
    product.distributor = input.Distributor ?? product.distributor;
    Object.assign(product.support, supportOf(input));
    for (const key of input.RemoveTags ?? []) delete product.tags[key];
    Object.assign(product.tags, tagsFrom(input.AddTags));
    return { ProductViewDetail: viewDetail(product), Tags: tagList(product.tags) };
  },

  DescribeProductAsAdmin({ Id, Name }, call) {
    const product = Id === undefined ? getOwnProductByName(Name, call) : getOwnProduct(Id, call);
    return {
      ProductViewDetail: viewDetail(product),
      ProvisioningArtifactSummaries: product.artifacts.map(({ id, name, description, created: made, info }) => ({
        Id: id,
        Name: name,
        Description: description,
        CreatedTime: made,
        ProvisioningArtifactMetadata: info,
      })),
      Tags: tagList(product.tags),
      TagOptions: tagOptionsOf(product, call).map(tagOptionDetail),
      Budgets: [],
    };
  },

  DeleteProduct({ Id }, call) {
    const { id, tagOptionIds } = getOwnProduct(Id, call);
    const holder = [...portfolios(call).values()].find(({ productIds }) => productIds.includes(id));
    if (holder) throw inUse(`Product ${id} is associated with portfolio ${holder.id}.`);
    if (tagOptionIds.length > 0) throw inUse(`Product ${id} has associated TagOptions.`);
    products(call).delete(id);
    return {};
  },

  AssociateProductWithPortfolio({ ProductId, PortfolioId }, call) {
    const portfolio = getOwnPortfolio(PortfolioId, call);
    const { id } = getOwnProduct(ProductId, call);
    if (!portfolio.productIds.includes(id)) portfolio.productIds.push(id);
    return {};
  },

  DisassociateProductFromPortfolio({ ProductId, PortfolioId }, call) {
    const portfolio = getOwnPortfolio(PortfolioId, call);
    if (!portfolio.productIds.includes(ProductId!)) throw notFound('Product', ProductId);
    const isConstrained = [...constraints(call).values()].some(
      ({ portfolioId, productId }) => portfolioId === portfolio.id && productId === ProductId,
    );
    if (isConstrained) throw inUse(`Product ${ProductId} has constraints in portfolio ${PortfolioId}.`);
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
    return { ProductViewDetails: items.map(viewDetail), NextPageToken: token };
  },
};

/** What end users see of a product. */
export function viewSummary(product: ProductRecord): ServiceCatalog.ProductViewSummary {
  const { id, viewId, name, publisher, description, distributor, support, type } = product;
  return {
    Id: viewId,
    ProductId: id,
    Name: name,
    Owner: publisher,
    ShortDescription: description,
    Type: type,
    Distributor: distributor,
    HasDefaultPath: false,
    ...support,
  };
}

function viewDetail(product: ProductRecord): ServiceCatalog.ProductViewDetail {
  const { arn, created: made } = product;
  return { ProductViewSummary: viewSummary(product), Status: 'AVAILABLE', ProductARN: arn, CreatedTime: made };
}

function created(product: ProductRecord) {
  const [first] = product.artifacts;
  return {
    ProductViewDetail: viewDetail(product),
    ...(first && { ProvisioningArtifactDetail: artifactDetail(first) }),
    Tags: tagList(product.tags),
  };
}

function supportOf(input: ProductRecord['support']): ProductRecord['support'] {
  const { SupportDescription, SupportEmail, SupportUrl } = input;
  return {
    ...(SupportDescription !== undefined && { SupportDescription }),
    ...(SupportEmail !== undefined && { SupportEmail }),
    ...(SupportUrl !== undefined && { SupportUrl }),
  };
}

function checkName(name: string): void {
  if (name === '') throw invalid('The name of a product has between 1 and 8191 characters.');
}
