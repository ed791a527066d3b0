import type * as ServiceCatalog from '@aws-sdk/client-service-catalog';
import { parseTemplate } from '../../cloudformation/template/parse.ts';
import { templateParameters } from './parameters.ts';
import { constraintSummaries, type Path, pathFor, pathsOf, rulesOf, visibleProduct } from './paths.ts';
import { type ArtifactRecord, type ProductRecord, products } from './product-records.ts';
import { viewSummary } from './products.ts';
import { invalid, notFound, type Operations, page, tagList } from './records.ts';
import { constrained } from './templates.ts';

/** How an end user names a product's version. */
export interface NamedArtifact {
  ProvisioningArtifactId?: string;
  ProvisioningArtifactName?: string;
}

/** What end users see of the products in the portfolios that are open to them. */
export const browseOperations: Operations = {
  SearchProducts({ Filters = {}, SortOrder, ...input }, call) {
    const { FullTextSearch, Owner, ProductType, SourceProductId } = Filters;
    if (SourceProductId) throw invalid('The local cloud does not copy products, nor search for copies.');
    const seen = new Map(pathsOf(call).map(({ product }) => [product.id, product]));
    const found = [...seen.values()].filter(
      (product) =>
        product.artifacts.some(({ active }) => active) &&
        (Owner?.includes(product.publisher) ?? true) &&
        (ProductType?.includes(product.type) ?? true) &&
        (FullTextSearch?.every((words) => textOf(product).includes(words.toLowerCase())) ?? true),
    );
    const { items, token } = page(found, ({ name, id }) => `${name} ${id}`, input);
    const shown = SortOrder === 'DESCENDING' ? items.reverse() : items;
    return { ProductViewSummaries: shown.map(viewSummary), ProductViewAggregations: {}, NextPageToken: token };
  },

  DescribeProduct({ Id, Name }, call) {
    const product = visibleProduct(call, Id, Name);
    return {
      ...viewOf(product),
      Budgets: [],
      LaunchPaths: pathsOf(call, product.id).map(({ id, portfolio }) => ({ Id: id, Name: portfolio.displayName })),
    };
  },

  DescribeProductView({ Id }, call) {
    const product = [...products(call).values()].find(({ viewId }) => viewId === Id);
    return viewOf(visibleProduct(call, product?.id ?? Id, undefined));
  },

  ListLaunchPaths({ ProductId, ...input }, call) {
    const { id } = visibleProduct(call, ProductId, undefined);
    const { items, token } = page(pathsOf(call, id), (path) => path.id, input);
    const LaunchPathSummaries = items.map((path) => ({
      Id: path.id,
      Name: path.portfolio.displayName,
      ConstraintSummaries: constraintSummaries(path),
      Tags: tagList(path.tags),
    }));
    return { LaunchPathSummaries, NextPageToken: token };
  },

  DescribeProvisioningParameters(input, call) {
    const product = visibleProduct(call, input.ProductId, input.ProductName);
    const artifact = activeArtifact(product, input);
    const path = pathFor(call, product, input);
    const template = parseTemplate(constrained(artifact.template, rulesOf(path)));
    const outputs = [...template.outputs.values()].map(({ name, description }) => ({
      Key: name,
      Description: description,
    }));
    return {
      ProvisioningArtifactParameters: templateParameters(template),
      ConstraintSummaries: constraintSummaries(path),
      UsageInstructions: usageInstructions(path),
      TagOptions: tagOptionSummaries(path),
      ProvisioningArtifactOutputs: outputs,
      ProvisioningArtifactOutputKeys: outputs,
    };
  },
};

/** The version that is named, or the only one that is active. Throws ResourceNotFoundException. */
export function activeArtifact(product: ProductRecord, named: NamedArtifact): ArtifactRecord {
  const { ProvisioningArtifactId: id, ProvisioningArtifactName: name } = named;
  if (id === undefined && name === undefined) {
    throw invalid('Specify ProvisioningArtifactId or ProvisioningArtifactName.');
  }
  const artifact = product.artifacts.find(
    (one) => one.active && (id === undefined ? one.name === name : one.id === id),
  );
  if (artifact) return artifact;
  throw notFound('ProvisioningArtifact', id ?? name);
}

function viewOf(product: ProductRecord): ServiceCatalog.DescribeProductViewOutput {
  return {
    ProductViewSummary: viewSummary(product),
    ProvisioningArtifacts: product.artifacts
      .filter(({ active }) => active)
      .map(({ id, name, description, created, guidance }) => ({
        Id: id,
        Name: name,
        Description: description,
        CreatedTime: created,
        Guidance: guidance,
      })),
  };
}

function textOf({ name, publisher, description, distributor }: ProductRecord): string {
  return [name, publisher, description, distributor].join(' ').toLowerCase();
}

/** AWS's texts: the rules of a template constraint are shown as they are described, to the end user too. */
function usageInstructions({ constraints }: Path): ServiceCatalog.UsageInstruction[] {
  const rules = constraints.filter(({ type, description }) => type === 'TEMPLATE' && description !== undefined);
  const launches = constraints.some(({ type }) => type === 'LAUNCH');
  return [
    ...rules.map(({ description }) => ({ Type: 'rules', Value: description })),
    ...(launches ? [{ Type: 'launchAsRole', Value: 'LAUNCH_AS_ROLE' }] : []),
  ];
}

function tagOptionSummaries({ tagOptions }: Path): ServiceCatalog.TagOptionSummary[] {
  const keys = [...new Set(tagOptions.map(({ key }) => key))];
  return keys.map((Key) => ({
    Key,
    Values: tagOptions.filter(({ key }) => key === Key).map(({ value }) => value),
  }));
}
