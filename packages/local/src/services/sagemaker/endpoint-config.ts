import type * as SageMaker from '@aws-sdk/client-sagemaker';
import type { Call } from '../../service.ts';
import { getModel } from './model.ts';
import { list } from './pages.ts';
import { all, arnOf, type EndpointConfigRecord, invalid, type Operations, tableOf } from './records.ts';
import { checkTags, forgetTags, tagNew } from './tags.ts';
import { matchesTimes } from './time-filter.ts';

/** The configuration of that name. Throws a ValidationException: the API has no error of its own for it. */
export function getEndpointConfig(name: string | undefined, call: Call): EndpointConfigRecord {
  const config = tableOf('endpoint-config', call).get(name ?? '');
  if (config) return config;
  throw invalid(`Could not find endpoint configuration "${arnOf('endpoint-config', name ?? '', call)}".`);
}

export const endpointConfigOperations: Operations = {
  CreateEndpointConfig(request, call) {
    const { Tags, EndpointConfigName = '', ProductionVariants = [], ...more } = request;
    checkTags(Tags);
    const arn = arnOf('endpoint-config', EndpointConfigName, call);
    const configs = tableOf('endpoint-config', call);
    if (configs.has(EndpointConfigName)) {
      throw invalid(`Cannot create already existing endpoint configuration "${arn}".`);
    }
    for (const variant of ProductionVariants) checkVariant(variant, call);
    const CreationTime = new Date(call.clock.now());
    configs.set(EndpointConfigName, {
      key: EndpointConfigName,
      arn,
      shown: {
        ...more,
        EndpointConfigName,
        EndpointConfigArn: arn,
        ProductionVariants: ProductionVariants.map((variant) => ({ InitialVariantWeight: 1, ...variant })),
        CreationTime,
      },
      visibleAt: CreationTime.getTime(),
      step: 0,
    });
    tagNew(arn, Tags, call);
    return { EndpointConfigArn: arn };
  },

  DescribeEndpointConfig: ({ EndpointConfigName }, call) => getEndpointConfig(EndpointConfigName, call).shown,

  ListEndpointConfigs({ SortOrder = 'Descending', ...request }, call) {
    const part = request.NameContains ?? '';
    const configs = all(
      'endpoint-config',
      call,
      ({ key, shown }) => key.includes(part) && matchesTimes(request, shown),
    );
    const { items, NextToken } = list({ ...request, SortOrder }, configs, summaryOf, call);
    return { EndpointConfigs: items, NextToken };
  },

  // One that an endpoint uses can be deleted, but then that endpoint cannot be updated.
  DeleteEndpointConfig({ EndpointConfigName }, call) {
    const { key, arn } = getEndpointConfig(EndpointConfigName, call);
    tableOf('endpoint-config', call).delete(key);
    forgetTags(arn, call);
    return {};
  },
};

function checkVariant({ InstanceType, ...variant }: SageMaker.ProductionVariant, call: Call): void {
  if (variant.ServerlessConfig === undefined && InstanceType === undefined) {
    throw invalid(`Variant ${variant.VariantName} takes an InstanceType or a ServerlessConfig.`);
  }
  getModel(variant.ModelName, call);
}

function summaryOf({ shown }: EndpointConfigRecord): SageMaker.EndpointConfigSummary {
  const { EndpointConfigName, EndpointConfigArn, CreationTime } = shown;
  return { EndpointConfigName, EndpointConfigArn, CreationTime };
}
