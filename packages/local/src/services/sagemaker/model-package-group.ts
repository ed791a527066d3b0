import type * as SageMaker from '@aws-sdk/client-sagemaker';
import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { list } from './pages.ts';
import { all, arnOf, invalid, type ModelPackageGroupRecord, type Operations, tableOf } from './records.ts';
import { enter } from './statuses.ts';
import { checkTags, tagNew } from './tags.ts';
import { matchesTimes } from './time-filter.ts';

/** The group of that name, or of that ARN. Throws a ValidationException: the API has no error of its own for it. */
export function getGroup(nameOrArn: string | undefined, call: Call): ModelPackageGroupRecord {
  const name = nameOrArn?.replace(/^arn:.*:model-package-group\//, '') ?? '';
  const group = tableOf('model-package-group', call).get(name);
  if (group) return group;
  throw invalid(`ModelPackageGroup ${arnOf('model-package-group', name, call)} does not exist.`);
}

export const modelPackageGroupOperations: Operations = {
  CreateModelPackageGroup(request, call) {
    checkTags(request.Tags);
    const { ModelPackageGroupName = '', ModelPackageGroupDescription, Tags } = request;
    const arn = arnOf('model-package-group', ModelPackageGroupName, call);
    const groups = tableOf('model-package-group', call);
    if (groups.has(ModelPackageGroupName)) throw invalid(`Model Package Group already exists: ${arn}`);
    const CreationTime = new Date(call.clock.now());
    groups.set(ModelPackageGroupName, {
      key: ModelPackageGroupName,
      arn,
      shown: {
        ModelPackageGroupName,
        ModelPackageGroupArn: arn,
        ...(ModelPackageGroupDescription !== undefined && { ModelPackageGroupDescription }),
        CreationTime,
        CreatedBy: {},
        Status: 'Completed',
      },
      lastVersion: 0,
      visibleAt: CreationTime.getTime(),
      step: 0,
    });
    tagNew(arn, Tags, call);
    return { ModelPackageGroupArn: arn };
  },

  DescribeModelPackageGroup({ ModelPackageGroupName }, call) {
    const {
      ModelPackageGroupName: name,
      ModelPackageGroupArn,
      CreationTime,
      CreatedBy,
      Status,
      ...more
    } = getGroup(ModelPackageGroupName, call).shown;
    return {
      ...{ ModelPackageGroupName: name, ModelPackageGroupArn, CreationTime, CreatedBy },
      ModelPackageGroupDescription: more.ModelPackageGroupDescription,
      ModelPackageGroupStatus: Status,
    };
  },

  ListModelPackageGroups(request, call) {
    const part = request.NameContains ?? '';
    const groups = all(
      'model-package-group',
      call,
      ({ key, shown }) => key.includes(part) && matchesTimes(request, shown),
    );
    const { items, NextToken } = list(request, groups, summaryOf, call);
    return { ModelPackageGroupSummaryList: items, NextToken };
  },

  DeleteModelPackageGroup({ ModelPackageGroupName }, call) {
    const group = getGroup(ModelPackageGroupName, call);
    if (all('model-package', call, ({ shown }) => shown.ModelPackageGroupName === group.key).length > 0) {
      const message = `Model Package Group cannot be deleted because it still contains Model Packages: ${group.arn}`;
      throw new AwsError('ConflictException', message);
    }
    enter('model-package-group', group, 'Deleting', call);
    return {};
  },

  PutModelPackageGroupPolicy({ ModelPackageGroupName, ResourcePolicy }, call) {
    const group = getGroup(ModelPackageGroupName, call);
    group.policy = ResourcePolicy;
    return { ModelPackageGroupArn: group.arn };
  },

  GetModelPackageGroupPolicy({ ModelPackageGroupName }, call) {
    const { policy, arn } = getGroup(ModelPackageGroupName, call);
    if (policy === undefined) throw invalid(`Cannot find resource policy for: ${arn}`);
    return { ResourcePolicy: policy };
  },

  DeleteModelPackageGroupPolicy({ ModelPackageGroupName }, call) {
    delete getGroup(ModelPackageGroupName, call).policy;
    return {};
  },
};

function summaryOf({ shown }: ModelPackageGroupRecord): SageMaker.ModelPackageGroupSummary {
  const { ModelPackageGroupName, ModelPackageGroupArn, ModelPackageGroupDescription, CreationTime, Status } = shown;
  return {
    ...{ ModelPackageGroupName, ModelPackageGroupArn, ModelPackageGroupDescription, CreationTime },
    ModelPackageGroupStatus: Status,
  };
}
