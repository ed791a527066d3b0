import type * as ServiceCatalog from '@aws-sdk/client-service-catalog';
import type { Principal } from '../../principal.ts';
import type { Call } from '../../service.ts';
import { identityArn } from './paths.ts';
import { notFound, type Operations, page, tagList } from './records.ts';

/** What a provisioned product was asked to become. */
export type RecordType = 'PROVISION_PRODUCT' | 'UPDATE_PROVISIONED_PRODUCT' | 'TERMINATE_PROVISIONED_PRODUCT';

/** A provisioned product: a stack, and who may manage it. */
export interface ProvisionedRecord {
  id: string;
  name: string;
  arn: string;
  status: ServiceCatalog.ProvisionedProductStatus;
  statusMessage?: string;
  created: Date;
  token?: string;
  productId: string;
  artifactId: string;
  portfolioId: string;
  pathId: string;
  /** Without it, each caller uses their own rights. */
  launchRoleArn?: string;
  stackName: string;
  /** Left out until CloudFormation has begun. */
  stackId?: string;
  /** The user, or the session's role, that owns it. */
  userArn: string;
  userArnSession: string;
  tags: Record<string, string>;
  lastRecordId: string;
  lastProvisioningRecordId: string;
  lastSuccessfulProvisioningRecordId?: string;
}

/** One request to launch, update or terminate. */
export interface LaunchRecord {
  id: string;
  type: RecordType;
  status: ServiceCatalog.RecordStatus;
  created: Date;
  updated: Date;
  provisionedId: string;
  provisionedName: string;
  productId: string;
  artifactId: string;
  pathId: string;
  launchRoleArn?: string;
  errors: { code: string; text: string }[];
  outputs: ServiceCatalog.RecordOutput[];
  tags: Record<string, string>;
  /** Who asked. */
  principal: Principal;
  userArn: string;
  userArnSession: string;
}

export function provisionedProducts(call: Call): Map<string, ProvisionedRecord> {
  return call.table('provisioned-products');
}

export function launchRecords(call: Call): Map<string, LaunchRecord> {
  return call.table('records');
}

/** The provisioned product that the caller names. Throws ResourceNotFoundException. */
export function getProvisioned(id: string | undefined, name: string | undefined, call: Call): ProvisionedRecord {
  const found = findProvisioned(id, name, call);
  if (found) return found;
  throw notFound('Provisioned product', id ?? name);
}

export function findProvisioned(id: string | undefined, name: string | undefined, call: Call) {
  if (id !== undefined) return provisionedProducts(call).get(id);
  return [...provisionedProducts(call).values()].find((one) => one.name === name);
}

/** Provisioned products and their history, of those whom the access level filter names: the caller, if left out. */
export const provisionedOperations: Operations = {
  DescribeProvisionedProduct({ Id, Name }, call) {
    const provisioned = getProvisioned(Id, Name, call);
    return { ProvisionedProductDetail: detailOf(provisioned), CloudWatchDashboards: [] };
  },

  ScanProvisionedProducts({ AccessLevelFilter, ...input }, call) {
    const seen = [...provisionedProducts(call).values()].filter((one) => isWithin(AccessLevelFilter, one, call));
    const { items, token } = page(seen, ({ id }) => id, input);
    return { ProvisionedProducts: items.map(detailOf), NextPageToken: token };
  },

  SearchProvisionedProducts({ AccessLevelFilter, Filters, ...input }, call) {
    const queries = Filters?.SearchQuery ?? [];
    const found = [...provisionedProducts(call).values()].filter(
      (one) => isWithin(AccessLevelFilter, one, call) && queries.every((query) => matchesQuery(one, query)),
    );
    const { items, token } = page(found, ({ id }) => id, input);
    return {
      ProvisionedProducts: items.map(attributesOf),
      TotalResultsCount: found.length,
      NextPageToken: token,
    };
  },

  GetProvisionedProductOutputs({ ProvisionedProductId, ProvisionedProductName, OutputKeys, ...input }, call) {
    const { lastSuccessfulProvisioningRecordId: id } = getProvisioned(
      ProvisionedProductId,
      ProvisionedProductName,
      call,
    );
    const all = launchRecords(call).get(id ?? '')?.outputs ?? [];
    const missing = OutputKeys?.find((key) => !all.some(({ OutputKey }) => OutputKey === key));
    if (missing !== undefined) throw notFound('Output', missing);
    const wanted = all.filter(({ OutputKey }) => OutputKeys?.includes(OutputKey!) ?? true);
    const { items, token } = page(wanted, ({ OutputKey }) => OutputKey!, input);
    return { Outputs: items, NextPageToken: token };
  },

  DescribeRecord({ Id, ...input }, call) {
    const record = launchRecords(call).get(Id ?? '');
    if (!record) throw notFound('Record', Id);
    const { items, token } = page(record.outputs, ({ OutputKey }) => OutputKey!, input);
    return { RecordDetail: recordDetail(record), RecordOutputs: items, NextPageToken: token };
  },

  ListRecordHistory({ AccessLevelFilter, SearchFilter, ...input }, call) {
    const { Key, Value } = SearchFilter ?? {};
    const found = [...launchRecords(call).values()].filter(
      (one) =>
        isWithin(AccessLevelFilter, one, call) &&
        (Key !== 'product' || one.productId === Value) &&
        (Key !== 'provisionedproduct' || one.provisionedId === Value),
    );
    // The newest first.
    const order = new Map(found.map(({ id }, index) => [id, String(found.length - index).padStart(9, '0')]));
    const { items, token } = page(found, ({ id }) => order.get(id)!, input);
    return { RecordDetails: items.map(recordDetail), NextPageToken: token };
  },
};

export function recordDetail(record: LaunchRecord): ServiceCatalog.RecordDetail {
  return {
    RecordId: record.id,
    ProvisionedProductName: record.provisionedName,
    Status: record.status,
    CreatedTime: record.created,
    UpdatedTime: record.updated,
    ProvisionedProductType: 'CFN_STACK',
    RecordType: record.type,
    ProvisionedProductId: record.provisionedId,
    ProductId: record.productId,
    ProvisioningArtifactId: record.artifactId,
    PathId: record.pathId,
    RecordErrors: record.errors.map(({ code, text }) => ({ Code: code, Description: text })),
    RecordTags: tagList(record.tags),
    LaunchRoleArn: record.launchRoleArn,
  };
}

/** The levels at which the caller reaches something: their own, their role's, their account's. */
export function levelsOf(one: Pick<ProvisionedRecord, 'userArn' | 'userArnSession'>, call: Call): string[] {
  const levels = ['accountLevel'];
  if (one.userArn === identityArn(call)) levels.push('roleLevel');
  if (one.userArnSession === call.principal.arn) levels.push('userLevel');
  return levels;
}

function isWithin(
  filter: ServiceCatalog.AccessLevelFilter | undefined,
  one: Pick<ProvisionedRecord, 'userArn' | 'userArnSession'>,
  call: Call,
): boolean {
  return levelsOf(one, call).includes(`${(filter?.Key ?? 'User').toLowerCase()}Level`);
}

function detailOf(provisioned: ProvisionedRecord): ServiceCatalog.ProvisionedProductDetail {
  return {
    Name: provisioned.name,
    Arn: provisioned.arn,
    Type: 'CFN_STACK',
    Id: provisioned.id,
    Status: provisioned.status,
    StatusMessage: provisioned.statusMessage,
    CreatedTime: provisioned.created,
    IdempotencyToken: provisioned.token,
    LastRecordId: provisioned.lastRecordId,
    LastProvisioningRecordId: provisioned.lastProvisioningRecordId,
    LastSuccessfulProvisioningRecordId: provisioned.lastSuccessfulProvisioningRecordId,
    ProductId: provisioned.productId,
    ProvisioningArtifactId: provisioned.artifactId,
    LaunchRoleArn: provisioned.launchRoleArn,
  };
}

function attributesOf(provisioned: ProvisionedRecord): ServiceCatalog.ProvisionedProductAttribute {
  const { LaunchRoleArn: _, ...detail } = detailOf(provisioned);
  return {
    ...detail,
    Tags: tagList(provisioned.tags),
    PhysicalId: provisioned.stackId,
    UserArn: provisioned.userArn,
    UserArnSession: provisioned.userArnSession,
  };
}

/** A query is a word that stands anywhere, or `name:word` for one of the attributes. */
function matchesQuery(provisioned: ProvisionedRecord, query: string): boolean {
  const attributes = Object.entries(attributesOf(provisioned)).filter(([, value]) => typeof value === 'string');
  const [, key, word = query] = /^(\w+):(.*)$/.exec(query) ?? [];
  return attributes.some(
    ([name, value]) =>
      (key === undefined || name.toLowerCase() === key.toLowerCase()) &&
      String(value).toLowerCase().includes(word.replaceAll('"', '').toLowerCase()),
  );
}
