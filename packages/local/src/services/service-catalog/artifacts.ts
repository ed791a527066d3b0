import type * as ServiceCatalog from '@aws-sdk/client-service-catalog';
import { parseTemplate } from '../../cloudformation/template/parse.ts';
import { AwsError } from '../../errors.ts';
import { alphanumerics } from '../../random.ts';
import type { Call } from '../../service.ts';
import { templateParameters } from './parameters.ts';
import { type ArtifactRecord, getOwnProduct, type ProductRecord, products } from './product-records.ts';
import { invalid, keepToken, notFound, type Operations } from './records.ts';
import { readTemplate } from './templates.ts';

export const artifactOperations: Operations = {
  async CreateProvisioningArtifact({ ProductId, Parameters, IdempotencyToken }, call) {
    const product = getOwnProduct(ProductId, call);
    const present = repeated(product, IdempotencyToken, call);
    const artifact = present ?? (await newArtifact(Parameters ?? {}, call));
    if (!present) product.artifacts.push(artifact);
    keepToken(IdempotencyToken, artifact.id, call);
    return { ProvisioningArtifactDetail: artifactDetail(artifact), Info: artifact.info, Status: 'AVAILABLE' };
  },

  DescribeProvisioningArtifact(input, call) {
    const product = findProduct(input.ProductId, input.ProductName, call);
    const { ProvisioningArtifactId: id, ProvisioningArtifactName: name } = input;
    const artifact = product?.artifacts.find((one) => one.id === id || one.name === name);
    if (!artifact) throw notFound('ProvisioningArtifact', id ?? name);
    return {
      ProvisioningArtifactDetail: artifactDetail(artifact),
      Info: artifact.info,
      Status: 'AVAILABLE',
      ...(input.IncludeProvisioningArtifactParameters && {
        ProvisioningArtifactParameters: templateParameters(parseTemplate(artifact.template)),
      }),
    };
  },

  ListProvisioningArtifacts({ ProductId }, call) {
    const { artifacts } = getOwnProduct(ProductId, call);
    return { ProvisioningArtifactDetails: artifacts.map(artifactDetail) };
  },

  UpdateProvisioningArtifact(input, call) {
    const artifact = getArtifact(getOwnProduct(input.ProductId, call), input.ProvisioningArtifactId);
    artifact.name = input.Name ?? artifact.name;
    artifact.description = input.Description ?? artifact.description;
    artifact.active = input.Active ?? artifact.active;
    artifact.guidance = input.Guidance ?? artifact.guidance;
    return { ProvisioningArtifactDetail: artifactDetail(artifact), Info: artifact.info, Status: 'AVAILABLE' };
  },

  DeleteProvisioningArtifact({ ProductId, ProvisioningArtifactId }, call) {
    const product = getOwnProduct(ProductId, call);
    const { id } = getArtifact(product, ProvisioningArtifactId);
    if (product.artifacts.length === 1) throw invalid('A product must have at least one provisioning artifact.');
    product.artifacts = product.artifacts.filter((one) => one.id !== id);
    return {};
  },
};

/** A version with its template, read with the caller's rights and checked by CloudFormation. */
export async function newArtifact(
  properties: ServiceCatalog.ProvisioningArtifactProperties,
  call: Call,
): Promise<ArtifactRecord> {
  const { Name, Description, Info = {}, Type, DisableTemplateValidation } = properties;
  const url = Info.LoadTemplateFromURL;
  if (url === undefined || Object.keys(Info).length !== 1) {
    throw invalid('Info takes LoadTemplateFromURL, and nothing beside it, in the local cloud.');
  }
  const template = await readTemplate(url, call);
  if (!DisableTemplateValidation) await validate(url, call);
  const id = `pa-${alphanumerics(call.cloud.store, 13)}`;
  return {
    id,
    name: Name ?? id,
    description: Description,
    type: Type ?? 'CLOUD_FORMATION_TEMPLATE',
    created: new Date(call.clock.now()),
    active: true,
    guidance: 'DEFAULT',
    info: { TemplateUrl: url },
    template,
  };
}

async function validate(TemplateURL: string, { cloud, principal, region }: Call): Promise<void> {
  const input = { TemplateURL };
  try {
    await cloud.call({ service: 'cloudformation', operation: 'ValidateTemplate', input, principal, region });
  } catch (cause) {
    if (!(cause instanceof AwsError) || cause.name !== 'ValidationError') throw cause;
    throw invalid(`Invalid templateBody. Please make sure that your template is valid: ${cause.message}`);
  }
}

export function artifactDetail(artifact: ArtifactRecord): ServiceCatalog.ProvisioningArtifactDetail {
  const { id, name, description, type, created, active, guidance } = artifact;
  return {
    Id: id,
    Name: name,
    Description: description,
    Type: type,
    CreatedTime: created,
    Active: active,
    Guidance: guidance,
  };
}

export function getArtifact({ artifacts }: ProductRecord, id: string | undefined): ArtifactRecord {
  const artifact = artifacts.find((one) => one.id === id);
  if (artifact) return artifact;
  throw notFound('ProvisioningArtifact', id);
}

function findProduct(id: string | undefined, name: string | undefined, call: Call): ProductRecord | undefined {
  if (id !== undefined) return getOwnProduct(id, call);
  return [...products(call).values()].find((one) => one.owner === call.account && one.name === name);
}

function repeated({ artifacts }: ProductRecord, token: string | undefined, call: Call): ArtifactRecord | undefined {
  const id = call.table<string>('tokens').get(`${call.operation} ${token}`);
  return artifacts.find((one) => one.id === id);
}
