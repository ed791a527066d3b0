import type * as ServiceCatalog from '@aws-sdk/client-service-catalog';
import { AwsError } from '../../errors.ts';
import { alphanumerics } from '../../random.ts';
import type { Call } from '../../service.ts';
import { assumeAsService } from '../sts.ts';
import { activeArtifact } from './browse.ts';
import { parametersOf, tagUpdates } from './constraints.ts';
import { identityArn, launchRoleOf, type Path, pathFor, visibleProduct } from './paths.ts';
import {
  findProvisioned,
  getProvisioned,
  type LaunchRecord,
  launchRecords,
  type ProvisionedRecord,
  provisionedProducts,
  recordDetail,
} from './provisioned.ts';
import { duplicate, findByToken, invalid, keepToken, type Operations, tagsFrom } from './records.ts';
import { provisionedProductArn, type StackRequest } from './stacks.ts';
import { tagsAtLaunch } from './tags.ts';

/** How long Service Catalog takes to start on a request, in seconds. */
const startSeconds = [1, 3] as const;

/** What end users do with products. Each answers with a record, and is carried out in the background. */
export const launchOperations: Operations = {
  ProvisionProduct(input, call) {
    const present = findByToken(launchRecords(call), input.ProvisionToken, call);
    if (present) return { RecordDetail: recordDetail(present) };
    const product = visibleProduct(call, input.ProductId, input.ProductName);
    const artifact = activeArtifact(product, input);
    const path = pathFor(call, product, input);
    const name = input.ProvisionedProductName ?? '';
    if (findProvisioned(undefined, name, call)) {
      throw duplicate(`Provisioned product with name ${name} already exists in the account.`);
    }
    const launchRoleArn = launchRoleOf(path, call);
    mustBeAssumable(launchRoleArn, call);
    const id = `pp-${alphanumerics(call.cloud.store, 13)}`;
    const provisioned: ProvisionedRecord = {
      id,
      name,
      arn: provisionedProductArn(name, id, call),
      status: 'UNDER_CHANGE',
      created: new Date(call.clock.now()),
      token: input.ProvisionToken,
      productId: product.id,
      artifactId: artifact.id,
      portfolioId: path.portfolio.id,
      pathId: path.id,
      launchRoleArn,
      stackName: `SC-${call.account}-${id}`,
      userArn: identityArn(call),
      userArnSession: call.principal.arn,
      tags: tagsAtLaunch(path, tagsFrom(input.Tags)),
      lastRecordId: '',
      lastProvisioningRecordId: '',
    };
    provisionedProducts(call).set(id, provisioned);
    const record = begin('PROVISION_PRODUCT', provisioned, call, {
      parameters: (input.ProvisioningParameters ?? []).map(({ Key, Value }) => ({
        ParameterKey: Key,
        ParameterValue: Value,
      })),
      notificationArns: [...(input.NotificationArns ?? []), ...notifications(path)],
    });
    keepToken(input.ProvisionToken, record.id, call);
    return { RecordDetail: recordDetail(record) };
  },

  UpdateProvisionedProduct(input, call) {
    const present = findByToken(launchRecords(call), input.UpdateToken, call);
    if (present) return { RecordDetail: recordDetail(present) };
    const provisioned = getProvisioned(input.ProvisionedProductId, input.ProvisionedProductName, call);
    mustBe(['AVAILABLE', 'TAINTED'], provisioned, 'updated');
    const { ProductId, ProductName, PathId, PathName } = input;
    const product = visibleProduct(call, ProductId ?? (ProductName ? undefined : provisioned.productId), ProductName);
    const isNamed = input.ProvisioningArtifactId !== undefined || input.ProvisioningArtifactName !== undefined;
    const artifact = activeArtifact(product, isNamed ? input : { ProvisioningArtifactId: provisioned.artifactId });
    const keepsPath = PathId === undefined && PathName === undefined && product.id === provisioned.productId;
    const path = pathFor(call, product, keepsPath ? { PathId: provisioned.pathId } : { PathId, PathName });
    const tags = input.Tags ? changedTags(path, tagsFrom(input.Tags)) : provisioned.tags;
    const launchRoleArn = launchRoleOf(path, call);
    mustBeAssumable(launchRoleArn, call);
    Object.assign(provisioned, {
      productId: product.id,
      artifactId: artifact.id,
      portfolioId: path.portfolio.id,
      pathId: path.id,
      launchRoleArn,
      tags,
      status: 'UNDER_CHANGE',
    });
    const record = begin('UPDATE_PROVISIONED_PRODUCT', provisioned, call, {
      parameters: (input.ProvisioningParameters ?? []).map(({ Key, Value, UsePreviousValue }) => ({
        ParameterKey: Key,
        ...(UsePreviousValue ? { UsePreviousValue } : { ParameterValue: Value }),
      })),
      notificationArns: notifications(path),
    });
    keepToken(input.UpdateToken, record.id, call);
    return { RecordDetail: recordDetail(record) };
  },

  TerminateProvisionedProduct(input, call) {
    const present = findByToken(launchRecords(call), input.TerminateToken, call);
    if (present) return { RecordDetail: recordDetail(present) };
    const provisioned = getProvisioned(input.ProvisionedProductId, input.ProvisionedProductName, call);
    mustBe(['AVAILABLE', 'TAINTED', 'ERROR'], provisioned, 'terminated');
    const { IgnoreErrors = false, RetainPhysicalResources = false } = input;
    if (!RetainPhysicalResources) mustBeAssumable(provisioned.launchRoleArn, call);
    provisioned.status = 'UNDER_CHANGE';
    const record = begin('TERMINATE_PROVISIONED_PRODUCT', provisioned, call, {
      ignoreErrors: IgnoreErrors,
      retain: RetainPhysicalResources,
    });
    keepToken(input.TerminateToken, record.id, call);
    return { RecordDetail: recordDetail(record) };
  },

  UpdateProvisionedProductProperties({ ProvisionedProductId, ProvisionedProductProperties = {} }, call) {
    const provisioned = getProvisioned(ProvisionedProductId, undefined, call);
    const { OWNER, LAUNCH_ROLE } = ProvisionedProductProperties;
    if (LAUNCH_ROLE !== undefined) mustBeAssumable(LAUNCH_ROLE, call);
    provisioned.launchRoleArn = LAUNCH_ROLE ?? provisioned.launchRoleArn;
    if (OWNER !== undefined) Object.assign(provisioned, { userArn: OWNER, userArnSession: OWNER });
    return {
      ProvisionedProductId,
      ProvisionedProductProperties,
      RecordId: provisioned.lastRecordId,
      Status: 'SUCCEEDED',
    };
  },
};

/** Makes the record of a request, which is carried out a little later. */
function begin(
  type: LaunchRecord['type'],
  provisioned: ProvisionedRecord,
  call: Call,
  request: StackRequest,
): LaunchRecord {
  const now = new Date(call.clock.now());
  const id = `rec-${alphanumerics(call.cloud.store, 13)}`;
  const record: LaunchRecord = {
    id,
    type,
    status: 'CREATED',
    created: now,
    updated: now,
    provisionedId: provisioned.id,
    provisionedName: provisioned.name,
    productId: provisioned.productId,
    artifactId: provisioned.artifactId,
    pathId: provisioned.pathId,
    launchRoleArn: provisioned.launchRoleArn,
    errors: [],
    outputs: [],
    tags: provisioned.tags,
    principal: call.principal,
    userArn: identityArn(call),
    userArnSession: call.principal.arn,
  };
  launchRecords(call).set(id, record);
  provisioned.lastRecordId = id;
  if (type !== 'TERMINATE_PROVISIONED_PRODUCT') provisioned.lastProvisioningRecordId = id;
  call.takes(startSeconds, 'launch', { recordId: id, request });
  return record;
}

/** A launch with a role that cannot be taken on is refused at once. */
function mustBeAssumable(roleArn: string | undefined, call: Call): void {
  if (roleArn === undefined) return;
  try {
    assumeAsService(call.cloud, roleArn, 'servicecatalog.amazonaws.com', 'servicecatalog');
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause;
    throw invalid(`Access denied while assuming the role ${roleArn}`);
  }
}

function mustBe(statuses: ServiceCatalog.ProvisionedProductStatus[], one: ProvisionedRecord, done: string): void {
  if (statuses.includes(one.status)) return;
  throw invalid(`Provisioned product ${one.id} is in status ${one.status} and cannot be ${done}.`);
}

function notifications({ constraints }: Path): string[] {
  const given = constraints.filter(({ type }) => type === 'NOTIFICATION');
  return given.flatMap((one) => parametersOf(one).NotificationArns as string[]);
}

/** Tags stay as they were at the launch, unless a constraint allows that they change. */
function changedTags(path: Path, tags: Record<string, string>): Record<string, string> {
  const update = path.constraints.find(({ type }) => type === 'RESOURCE_UPDATE');
  if (update && tagUpdates(parametersOf(update)) === 'ALLOWED') return tagsAtLaunch(path, tags);
  throw invalid(
    'Tag updates are not allowed: the product needs a RESOURCE_UPDATE constraint with TagUpdateOnProvisionedProduct set to ALLOWED.',
  );
}
