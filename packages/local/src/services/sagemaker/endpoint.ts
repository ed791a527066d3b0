import type * as SageMaker from '@aws-sdk/client-sagemaker';
import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { getEndpointConfig } from './endpoint-config.ts';
import { getModel } from './model.ts';
import { list } from './pages.ts';
import { all, arnOf, type EndpointRecord, invalid, type Operations, tableOf } from './records.ts';
import { roleProblem } from './roles.ts';
import { type Endings, enter } from './statuses.ts';
import { checkTags, tagNew } from './tags.ts';
import { matchesTimes } from './time-filter.ts';

/** The endpoint of that name. Throws a ValidationException: the API has no error of its own for it. */
function getEndpoint(EndpointName: string | undefined, call: Call): EndpointRecord {
  const endpoint = tableOf('endpoint', call).get(EndpointName ?? '');
  if (endpoint) return endpoint;
  throw invalid(`Could not find endpoint "${arnOf('endpoint', EndpointName ?? '', call)}".`);
}

export const endpointOperations: Operations = {
  CreateEndpoint(request, call) {
    const { EndpointName = '', EndpointConfigName = '', Tags } = request;
    checkTags(Tags);
    const arn = arnOf('endpoint', EndpointName, call);
    const endpoints = tableOf('endpoint', call);
    if (endpoints.has(EndpointName)) throw invalid(`Cannot create already existing endpoint "${arn}".`);
    getEndpointConfig(EndpointConfigName, call);
    const CreationTime = new Date(call.clock.now());
    const endpoint: EndpointRecord = {
      key: EndpointName,
      arn,
      shown: {
        ...{ EndpointName, EndpointConfigName, CreationTime },
        EndpointArn: arn,
        Status: 'Creating',
        LastModifiedTime: CreationTime,
      },
      visibleAt: CreationTime.getTime(),
      step: 0,
    };
    endpoints.set(EndpointName, endpoint);
    tagNew(arn, Tags, call);
    enter('endpoint', endpoint, 'Creating', call);
    return { EndpointArn: arn };
  },

  DescribeEndpoint({ EndpointName }, call) {
    const { shown, before } = getEndpoint(EndpointName, call);
    const { Status: EndpointStatus, EndpointConfigName, ...more } = shown;
    const config = tableOf('endpoint-config', call).get(before ?? EndpointConfigName);
    const isUp = EndpointStatus === 'InService' || EndpointStatus === 'Updating';
    return {
      ...more,
      EndpointConfigName,
      EndpointStatus,
      ...(isUp && config && { ProductionVariants: config.shown.ProductionVariants.map(variantOf) }),
    };
  },

  ListEndpoints({ SortOrder = 'Descending', StatusEquals, ...request }, call) {
    const part = request.NameContains ?? '';
    const endpoints = all(
      'endpoint',
      call,
      ({ key, shown }) =>
        key.includes(part) &&
        matchesTimes(request, shown) &&
        (StatusEquals === undefined || shown.Status === StatusEquals),
    );
    const { items, NextToken } = list({ ...request, SortOrder }, endpoints, summaryOf, call);
    return { Endpoints: items, NextToken };
  },

  UpdateEndpoint({ EndpointName, EndpointConfigName = '' }, call) {
    const endpoint = getEndpoint(EndpointName, call);
    const { arn, shown } = endpoint;
    getEndpointConfig(EndpointConfigName, call);
    if (shown.Status !== 'InService') throw invalid(`Cannot update in-progress endpoint "${arn}".`);
    endpoint.before = shown.EndpointConfigName;
    shown.EndpointConfigName = EndpointConfigName;
    enter('endpoint', endpoint, 'Updating', call);
    return { EndpointArn: arn };
  },

  DeleteEndpoint({ EndpointName }, call) {
    const endpoint = getEndpoint(EndpointName, call);
    const { arn, shown } = endpoint;
    if (!/^(InService|Failed)$/.test(shown.Status)) throw invalid(`Cannot delete in-progress endpoint "${arn}".`);
    enter('endpoint', endpoint, 'Deleting', call);
    return {};
  },
};

function summaryOf({ shown }: EndpointRecord): SageMaker.EndpointSummary {
  const { EndpointName, EndpointArn, CreationTime, LastModifiedTime, Status: EndpointStatus } = shown;
  return { EndpointName, EndpointArn, CreationTime, LastModifiedTime, EndpointStatus };
}

function variantOf(variant: SageMaker.ProductionVariant): SageMaker.ProductionVariantSummary {
  const { VariantName, InitialVariantWeight, InitialInstanceCount, ServerlessConfig } = variant;
  return {
    VariantName,
    CurrentWeight: InitialVariantWeight,
    DesiredWeight: InitialVariantWeight,
    CurrentInstanceCount: InitialInstanceCount,
    DesiredInstanceCount: InitialInstanceCount,
    CurrentServerlessConfig: ServerlessConfig,
  };
}

/** Why an endpoint cannot come up: its models are gone, or SageMaker cannot take on their roles. */
function problemOf({ shown: { EndpointConfigName } }: EndpointRecord, call: Call): string | undefined {
  try {
    const models = getEndpointConfig(EndpointConfigName, call).shown.ProductionVariants.map(({ ModelName }) =>
      getModel(ModelName, call),
    );
    return roleProblem(
      models.map(({ shown }) => ({ ExecutionRole: shown.ExecutionRoleArn })),
      call,
    );
  } catch (cause) {
    if (cause instanceof AwsError) return cause.message;
    throw cause;
  }
}

export const endpointEndings: Endings['endpoint'] = {
  Creating: async (key, call) => problemOf(getEndpoint(key, call), call),
  /** Where the new configuration does not come up, the old one goes on. */
  async Updating(key, call) {
    const endpoint = getEndpoint(key, call);
    const problem = problemOf(endpoint, call);
    if (problem !== undefined) endpoint.shown.EndpointConfigName = endpoint.before!;
    delete endpoint.before;
    return problem;
  },
};
