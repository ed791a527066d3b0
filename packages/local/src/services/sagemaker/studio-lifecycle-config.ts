import type * as SageMaker from '@aws-sdk/client-sagemaker';
import { regionalArn } from '../../arn.ts';
import { AwsError } from '../../errors.ts';
import { pageOf } from '../../pages.ts';
import type { Call } from '../../service.ts';
import { type LifecycleConfigRecord, lifecycleConfigs, lifecycleConfigUse } from './lifecycle-config-uses.ts';
import { inUse, invalid, type Operations } from './records.ts';
import { checkTags, forgetTags, tagNew } from './tags.ts';

function get(name: string, call: Call): LifecycleConfigRecord {
  const config = lifecycleConfigs(call).get(name);
  if (config) return config;
  const arn = regionalArn('sagemaker', `studio-lifecycle-config/${name}`, call);
  throw new AwsError('ResourceNotFound', `StudioLifecycleConfig [${arn}] does not exist.`);
}

export const studioLifecycleConfigOperations: Operations = {
  CreateStudioLifecycleConfig(request, call) {
    checkTags(request.Tags);
    const {
      StudioLifecycleConfigName: name = '',
      StudioLifecycleConfigContent,
      StudioLifecycleConfigAppType,
    } = request;
    const arn = regionalArn('sagemaker', `studio-lifecycle-config/${name}`, call);
    if (lifecycleConfigs(call).has(name)) throw inUse(`StudioLifecycleConfig [${arn}] already exists.`);
    const now = new Date(call.clock.now());
    lifecycleConfigs(call).set(name, {
      key: name,
      arn,
      shown: {
        StudioLifecycleConfigArn: arn,
        StudioLifecycleConfigName: name,
        StudioLifecycleConfigContent,
        StudioLifecycleConfigAppType: StudioLifecycleConfigAppType!,
        CreationTime: now,
        LastModifiedTime: now,
      },
    });
    tagNew(arn, request.Tags, call);
    return { StudioLifecycleConfigArn: arn };
  },

  DescribeStudioLifecycleConfig(request, call) {
    return get(request.StudioLifecycleConfigName!, call).shown;
  },

  ListStudioLifecycleConfigs({ SortBy = 'CreationTime', SortOrder = 'Descending', ...request }, call) {
    const { items, token } = pageOf(
      [...lifecycleConfigs(call).values()].filter((config) => matches(config, request)),
      ({ key, shown }) => (SortBy === 'Name' ? key : `${shown.CreationTime.toISOString()} ${key}`),
      { token: request.NextToken, size: request.MaxResults ?? 10, descending: SortOrder === 'Descending' },
      () => invalid('Invalid NextToken'),
    );
    return {
      StudioLifecycleConfigs: items.map(({ shown: { StudioLifecycleConfigContent, ...details } }) => details),
      NextToken: token,
    };
  },

  DeleteStudioLifecycleConfig(request, call) {
    const { key, arn } = get(request.StudioLifecycleConfigName!, call);
    const use = lifecycleConfigUse(arn, call);
    if (use) throw inUse(`Unable to delete StudioLifecycleConfig [${arn}] because it is in use by ${use}.`);
    lifecycleConfigs(call).delete(key);
    forgetTags(arn, call);
    return {};
  },
};

/** They never change, so the time of the last change is that of the creation. */
function matches({ key, shown }: LifecycleConfigRecord, request: SageMaker.ListStudioLifecycleConfigsRequest): boolean {
  const { NameContains = '', AppTypeEquals, CreationTimeAfter, CreationTimeBefore } = request;
  const { ModifiedTimeAfter, ModifiedTimeBefore } = request;
  const time = shown.CreationTime;
  return (
    key.includes(NameContains) &&
    (AppTypeEquals === undefined || shown.StudioLifecycleConfigAppType === AppTypeEquals) &&
    (CreationTimeAfter === undefined || time >= CreationTimeAfter) &&
    (CreationTimeBefore === undefined || time <= CreationTimeBefore) &&
    (ModifiedTimeAfter === undefined || time > ModifiedTimeAfter) &&
    (ModifiedTimeBefore === undefined || time < ModifiedTimeBefore)
  );
}
