import type * as ServiceCatalog from '@aws-sdk/client-service-catalog';
import { type ResourceContext, ResourceFailure } from '../resources/resource-type.ts';
import { nativeType } from './native-type.ts';
import { list, optional, required, struct, tags, text, type ValuesOf } from './property.ts';
import { acceptLanguage, catalogClient, tokenOf } from './service-catalog-portfolio.ts';
import { pollUntil, undefinedIfNotFound } from './service-client.ts';

/** Seconds between two polls of a record. */
const POLL_SECONDS = 3;

const properties = {
  ...acceptLanguage,
  NotificationArns: optional(list(text), 'replaces'),
  PathId: optional(text),
  PathName: optional(text),
  ProductId: optional(text),
  ProductName: optional(text),
  ProvisionedProductName: optional(text, 'replaces'),
  ProvisioningArtifactId: optional(text),
  ProvisioningArtifactName: optional(text),
  ProvisioningParameters: optional(list(struct({ Key: required(text), Value: required(text) }))),
  Tags: optional(tags),
};

type Values = ValuesOf<typeof properties>;

const provisionedProduct = nativeType({
  type: 'AWS::ServiceCatalog::CloudFormationProvisionedProduct',
  properties,
  async create(values, context) {
    const { ProvisionedProductName = context.inventName(128), ...rest } = values;
    const { RecordDetail } = await catalogClient(context)('ProvisionProduct', {
      ...rest,
      ProvisionedProductName,
      ProvisionToken: tokenOf(context),
    });
    context.initiated(RecordDetail!.ProvisionedProductId!);
    return provisionedResource(await waitForRecord(RecordDetail!, context));
  },
  async update({ physicalId, values }, context) {
    const { ProvisionedProductName: _, NotificationArns: __, ...rest } = values;
    const { RecordDetail } = await catalogClient(context)('UpdateProvisionedProduct', {
      ...tagged(rest),
      ProvisionedProductId: physicalId,
      UpdateToken: tokenOf(context),
    });
    return provisionedResource(await waitForRecord(RecordDetail!, context));
  },
  async delete(ProvisionedProductId, _, context) {
    const input = { ProvisionedProductId, TerminateToken: tokenOf(context) };
    const asked = await undefinedIfNotFound(catalogClient(context)('TerminateProvisionedProduct', input));
    if (asked) await waitForRecord(asked.RecordDetail!, context);
  },
});

/** Tags that are given have to be allowed to change. */
function tagged({ Tags, ...rest }: Partial<Values>) {
  return Tags?.length ? { ...rest, Tags } : rest;
}

async function waitForRecord({ RecordId }: ServiceCatalog.RecordDetail, context: ResourceContext) {
  const record = await pollUntil(context, POLL_SECONDS, async () => {
    const found = await catalogClient(context)('DescribeRecord', { Id: RecordId });
    return /^(SUCCEEDED|FAILED)$/.test(found.RecordDetail!.Status!) ? found : undefined;
  });
  const { Status, RecordErrors = [], ProvisionedProductId } = record.RecordDetail!;
  if (Status === 'SUCCEEDED') return record;
  const reason = RecordErrors.map(({ Description }) => Description).join('; ');
  throw new ResourceFailure(`Unable to launch provisioned product because: ${reason}`, {
    physicalId: ProvisionedProductId,
  });
}

function provisionedResource({ RecordDetail, RecordOutputs = [] }: ServiceCatalog.DescribeRecordOutput) {
  const outputs = RecordOutputs.map(({ OutputKey, OutputValue }) => [`Outputs.${OutputKey}`, OutputValue] as const);
  const stack = RecordOutputs.find(({ OutputKey }) => OutputKey === 'CloudformationStackARN');
  return {
    physicalId: RecordDetail!.ProvisionedProductId!,
    attributes: {
      ...Object.fromEntries(outputs),
      CloudformationStackArn: stack?.OutputValue,
      RecordId: RecordDetail!.RecordId!,
      ProvisionedProductId: RecordDetail!.ProvisionedProductId!,
    },
  };
}

export const provisionedProductTypes = [provisionedProduct];
