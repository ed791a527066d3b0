import type * as ServiceCatalog from '@aws-sdk/client-service-catalog';
import type { PhysicalResource, ResourceContext } from '../resources/resource-type.ts';
import { sameValue } from '../template/properties.ts';
import { nativeType, tagChanges } from './native-type.ts';
import { flag, list, mapOf, optional, required, struct, tags, text, type ValuesOf } from './property.ts';
import { acceptLanguage, catalogClient, ignoreNotFound, tokenOf } from './service-catalog-portfolio.ts';

const versionProperties = {
  Description: optional(text),
  DisableTemplateValidation: optional(flag),
  Info: required(mapOf(text)),
  Name: optional(text),
  Type: optional(text),
};

type Version = ValuesOf<typeof versionProperties>;

const product = nativeType({
  type: 'AWS::ServiceCatalog::CloudFormationProduct',
  properties: {
    ...acceptLanguage,
    Description: optional(text),
    Distributor: optional(text),
    Name: required(text),
    Owner: required(text),
    ProductType: optional(text),
    ProvisioningArtifactParameters: required(list(struct(versionProperties))),
    ReplaceProvisioningArtifacts: optional(flag),
    SupportDescription: optional(text),
    SupportEmail: optional(text),
    SupportUrl: optional(text),
    Tags: optional(tags),
  },
  async create(values, context) {
    const catalog = catalogClient(context);
    const { ProvisioningArtifactParameters: versions, ProductType = 'CLOUD_FORMATION_TEMPLATE', Tags } = values;
    const [first, ...others] = versions;
    const { ProductViewDetail } = await catalog('CreateProduct', {
      ...textsOf(values),
      ProductType: ProductType as ServiceCatalog.ProductType,
      ProvisioningArtifactParameters: propertiesOf(first!),
      Tags,
      IdempotencyToken: tokenOf(context),
    });
    const id = ProductViewDetail!.ProductViewSummary!.ProductId!;
    context.initiated(id);
    await addVersions(id, others, context);
    return productResource(id, context);
  },
  async update({ physicalId: Id, values, old, changed }, context) {
    const catalog = catalogClient(context);
    const { set: AddTags, gone: RemoveTags } = tagChanges(values.Tags, old.Tags);
    await catalog('UpdateProduct', { Id, ...textsOf(values), AddTags, RemoveTags });
    if (changed.has('ProvisioningArtifactParameters')) await changeVersions(Id, values, old, context);
    return productResource(Id, context);
  },
  delete: (Id, _, context) => ignoreNotFound(catalogClient(context)('DeleteProduct', { Id })),
});

/** What is said of a product. */
interface Texts {
  Name: string;
  Owner: string;
  Description?: string;
  Distributor?: string;
  SupportDescription?: string;
  SupportEmail?: string;
  SupportUrl?: string;
}

function textsOf(values: Texts): Texts {
  const { Name, Owner, Description, Distributor, SupportDescription, SupportEmail, SupportUrl } = values;
  return { Name, Owner, Description, Distributor, SupportDescription, SupportEmail, SupportUrl };
}

interface Versions {
  ProvisioningArtifactParameters?: Version[];
  ReplaceProvisioningArtifacts?: boolean;
}

/**
 * Versions are told apart by their names and where their templates are. One that has another is a new version, and the
 * one before it goes; with ReplaceProvisioningArtifacts all of them do.
 */
async function changeVersions(
  ProductId: string,
  { ProvisioningArtifactParameters: now = [], ReplaceProvisioningArtifacts: replaces }: Versions,
  { ProvisioningArtifactParameters: before = [] }: Versions,
  context: ResourceContext,
): Promise<void> {
  const catalog = catalogClient(context);
  const isSame = (one: Version, other: Version) =>
    !replaces && one.Name === other.Name && sameValue(one.Info, other.Info);
  const { ProvisioningArtifactDetails: there = [] } = await catalog('ListProvisioningArtifacts', { ProductId });
  const added = now.filter((version) => !before.some((old) => isSame(version, old)));
  await addVersions(ProductId, added, context);
  for (const [index, old] of before.entries()) {
    const named = old.Name === undefined ? there[index] : there.find(({ Name }) => Name === old.Name);
    const ProvisioningArtifactId = named?.Id;
    const kept = now.find((version) => isSame(version, old));
    if (ProvisioningArtifactId === undefined) continue;
    if (!kept) await catalog('DeleteProvisioningArtifact', { ProductId, ProvisioningArtifactId });
    else if (kept.Description !== old.Description) {
      const { Description } = kept;
      await catalog('UpdateProvisioningArtifact', { ProductId, ProvisioningArtifactId, Description });
    }
  }
}

async function addVersions(ProductId: string, versions: Version[], context: ResourceContext): Promise<void> {
  const catalog = catalogClient(context);
  for (const [index, version] of versions.entries()) {
    const IdempotencyToken = `${index}-${tokenOf(context)}`.slice(0, 128);
    await catalog('CreateProvisioningArtifact', { ProductId, Parameters: propertiesOf(version), IdempotencyToken });
  }
}

function propertiesOf(version: Version): ServiceCatalog.ProvisioningArtifactProperties {
  return { ...version, Type: (version.Type ?? 'CLOUD_FORMATION_TEMPLATE') as ServiceCatalog.ProvisioningArtifactType };
}

async function productResource(Id: string, context: ResourceContext): Promise<PhysicalResource> {
  const catalog = catalogClient(context);
  const { ProductViewDetail } = await catalog('DescribeProductAsAdmin', { Id });
  const { ProvisioningArtifactDetails = [] } = await catalog('ListProvisioningArtifacts', { ProductId: Id });
  return {
    physicalId: Id,
    attributes: {
      ProductName: ProductViewDetail!.ProductViewSummary!.Name!,
      ProvisioningArtifactIds: ProvisioningArtifactDetails.map((one) => one.Id).join(','),
      ProvisioningArtifactNames: ProvisioningArtifactDetails.map(({ Name }) => Name).join(','),
    },
  };
}

const productAssociation = nativeType({
  type: 'AWS::ServiceCatalog::PortfolioProductAssociation',
  properties: {
    ...acceptLanguage,
    PortfolioId: required(text, 'replaces'),
    ProductId: required(text, 'replaces'),
    SourcePortfolioId: optional(text, 'replaces'),
  },
  async create(values, context) {
    await catalogClient(context)('AssociateProductWithPortfolio', values);
    return { physicalId: `${values.ProductId}|${values.PortfolioId}`, attributes: {} };
  },
  delete: (physicalId, _, context) => {
    const [ProductId, PortfolioId] = physicalId.split('|');
    return ignoreNotFound(catalogClient(context)('DisassociateProductFromPortfolio', { ProductId, PortfolioId }));
  },
});

const tagOption = nativeType({
  type: 'AWS::ServiceCatalog::TagOption',
  properties: { Active: optional(flag), Key: required(text, 'replaces'), Value: required(text, 'replaces') },
  async create({ Key, Value, Active }, context) {
    const catalog = catalogClient(context);
    const { TagOptionDetail } = await catalog('CreateTagOption', { Key, Value });
    const Id = TagOptionDetail!.Id!;
    context.initiated(Id);
    if (Active === false) await catalog('UpdateTagOption', { Id, Active });
    return { physicalId: Id, attributes: {} };
  },
  async update({ physicalId: Id, values: { Active = true } }, context) {
    await catalogClient(context)('UpdateTagOption', { Id, Active });
    return { physicalId: Id, attributes: {} };
  },
  delete: (Id, _, context) => ignoreNotFound(catalogClient(context)('DeleteTagOption', { Id })),
});

const tagOptionAssociation = nativeType({
  type: 'AWS::ServiceCatalog::TagOptionAssociation',
  properties: { ResourceId: required(text, 'replaces'), TagOptionId: required(text, 'replaces') },
  async create(values, context) {
    await catalogClient(context)('AssociateTagOptionWithResource', values);
    return { physicalId: `${values.TagOptionId}|${values.ResourceId}`, attributes: {} };
  },
  delete: (physicalId, _, context) => {
    const [TagOptionId, ResourceId] = physicalId.split('|');
    return ignoreNotFound(catalogClient(context)('DisassociateTagOptionFromResource', { TagOptionId, ResourceId }));
  },
});

export const productTypes = [product, productAssociation, tagOption, tagOptionAssociation];
