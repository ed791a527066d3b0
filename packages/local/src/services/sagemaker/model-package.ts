import type * as SageMaker from '@aws-sdk/client-sagemaker';
import type { Call } from '../../service.ts';
import { getGroup } from './model-package-group.ts';
import { list } from './pages.ts';
import { all, arnOf, invalid, type ModelPackageRecord, type Operations, tableOf } from './records.ts';
import { checkTags, forgetTags, tagNew } from './tags.ts';
import { matchesTimes } from './time-filter.ts';

/** The package of that ARN. Throws a ValidationException: the API has no error of its own for it. */
export function getModelPackage(ModelPackageName: string | undefined, call: Call): ModelPackageRecord {
  const key = ModelPackageName?.replace(/^arn:.*:model-package\//, '') ?? '';
  const found = tableOf('model-package', call).get(sortKey(key));
  if (found) return found;
  throw invalid(`ModelPackage ${arnOf('model-package', key, call)} does not exist.`);
}

/** Sorts as the numbers do. */
function sortKey(key: string): string {
  return key.replace(/\d+$/, (version) => version.padStart(10, '0'));
}

/** Versions of models, each in a group. Packages without one, which are those of the Marketplace, are not here. */
export const modelPackageOperations: Operations = {
  CreateModelPackage(request, call) {
    const { ModelPackageGroupName, ModelPackageName, Tags, ModelApprovalStatus = 'PendingManualApproval' } = request;
    checkTags(Tags);
    if (ModelPackageGroupName === undefined || ModelPackageName !== undefined) {
      throw invalid('The local cloud has model packages in groups: give a ModelPackageGroupName.');
    }
    if (!request.InferenceSpecification && !request.SourceUri) {
      throw invalid('Either InferenceSpecification or SourceUri must be specified for a versioned model package.');
    }
    const group = getGroup(ModelPackageGroupName, call);
    group.lastVersion += 1;
    const key = `${group.key}/${group.lastVersion}`;
    const arn = arnOf('model-package', key, call);
    const { ModelPackageDescription, InferenceSpecification, ModelMetrics, MetadataProperties } = request;
    const { CustomerMetadataProperties, DriftCheckBaselines, Domain, Task, SamplePayloadUrl, SourceUri } = request;
    const CreationTime = new Date(call.clock.now());
    tableOf('model-package', call).set(sortKey(key), {
      key: sortKey(key),
      arn,
      shown: {
        ...{ ModelPackageDescription, InferenceSpecification, ModelMetrics, MetadataProperties, SourceUri },
        ...{ CustomerMetadataProperties, DriftCheckBaselines, Domain, Task, SamplePayloadUrl },
        ModelPackageName: group.key,
        ModelPackageGroupName: group.key,
        ModelPackageVersion: group.lastVersion,
        ModelPackageArn: arn,
        ModelApprovalStatus,
        Status: 'Completed',
        ModelPackageStatusDetails: { ValidationStatuses: [] },
        CreationTime,
        LastModifiedTime: CreationTime,
      },
      visibleAt: CreationTime.getTime(),
      step: 0,
    });
    tagNew(arn, Tags, call);
    publishState(getModelPackage(arn, call), call);
    return { ModelPackageArn: arn };
  },

  DescribeModelPackage({ ModelPackageName }, call) {
    const { Status: ModelPackageStatus, ...shown } = getModelPackage(ModelPackageName, call).shown;
    return { ...shown, ModelPackageStatus };
  },

  ListModelPackages(request, call) {
    const { ModelPackageGroupName, ModelApprovalStatus, NameContains = '' } = request;
    const group = ModelPackageGroupName === undefined ? undefined : getGroup(ModelPackageGroupName, call).key;
    const found = all(
      'model-package',
      call,
      ({ shown }) =>
        // Without a group, the list is that of packages without versions.
        shown.ModelPackageGroupName === group &&
        shown.ModelPackageName.includes(NameContains) &&
        (ModelApprovalStatus === undefined || shown.ModelApprovalStatus === ModelApprovalStatus) &&
        matchesTimes(request, shown),
    );
    const { items, NextToken } = list(request, found, summaryOf, call);
    return { ModelPackageSummaryList: items, NextToken };
  },

  UpdateModelPackage({ ModelPackageArn, ...request }, call) {
    const { ModelApprovalStatus, ApprovalDescription } = request;
    const found = getModelPackage(ModelPackageArn, call);
    const { arn, shown } = found;
    if (ModelApprovalStatus !== undefined) shown.ModelApprovalStatus = ModelApprovalStatus;
    if (ApprovalDescription !== undefined) shown.ApprovalDescription = ApprovalDescription;
    const metadata = { ...shown.CustomerMetadataProperties, ...request.CustomerMetadataProperties };
    for (const key of request.CustomerMetadataPropertiesToRemove ?? []) delete metadata[key];
    if (Object.keys(metadata).length > 0) shown.CustomerMetadataProperties = metadata;
    shown.LastModifiedTime = new Date(call.clock.now());
    publishState(found, call);
    return { ModelPackageArn: arn };
  },

  DeleteModelPackage({ ModelPackageName }, call) {
    const { key, arn } = getModelPackage(ModelPackageName, call);
    tableOf('model-package', call).delete(key);
    forgetTags(arn, call);
    return {};
  },
};

function summaryOf({ shown }: ModelPackageRecord): SageMaker.ModelPackageSummary {
  const { ModelPackageName, ModelPackageGroupName, ModelPackageVersion, ModelPackageArn, CreationTime } = shown;
  const { ModelPackageDescription, ModelApprovalStatus, Status: ModelPackageStatus } = shown;
  return {
    ...{ ModelPackageName, ModelPackageGroupName, ModelPackageVersion, ModelPackageArn, CreationTime },
    ...{ ModelPackageDescription, ModelApprovalStatus, ModelPackageStatus },
  };
}

/** Publishes the state of a model package to EventBridge. */
function publishState({ arn, shown }: ModelPackageRecord, { cloud, account, region }: Call): void {
  const { Status: ModelPackageStatus, CreationTime, LastModifiedTime, ...detail } = shown;
  cloud.events.emit('event', {
    source: 'aws.sagemaker',
    detailType: 'SageMaker Model Package State Change',
    account,
    region,
    resources: [arn],
    detail: { ...detail, ModelPackageStatus, CreationTime: CreationTime.getTime() },
  });
}
