import type * as SageMaker from '@aws-sdk/client-sagemaker';
import { type ResourceContext, ResourceFailure } from '../resources/resource-type.ts';
import { nativeType } from './native-type.ts';
import { asIn, flag, list, optional, required, tags, text } from './property.ts';
import { retagArn, sagemakerClient } from './sagemaker-domain.ts';
import { undefinedUnlessExists } from './sagemaker-project.ts';
import { pollUntil } from './service-client.ts';

/** Seconds between two polls of an endpoint. */
const POLL_SECONDS = 10;

const model = nativeType({
  type: 'AWS::SageMaker::Model',
  properties: {
    Containers: optional(list(asIn<SageMaker.ContainerDefinition>()), 'replaces'),
    EnableNetworkIsolation: optional(flag, 'replaces'),
    ExecutionRoleArn: optional(text, 'replaces'),
    InferenceExecutionConfig: optional(asIn<SageMaker.InferenceExecutionConfig>(), 'replaces'),
    ModelName: optional(text, 'replaces'),
    PrimaryContainer: optional(asIn<SageMaker.ContainerDefinition>(), 'replaces'),
    Tags: optional(tags),
    VpcConfig: optional(asIn<SageMaker.VpcConfig>(), 'replaces'),
  },
  async create({ ModelName = '', ...values }, context) {
    const name = ModelName || context.inventName(63);
    const { ModelArn } = await sagemakerClient(context)('CreateModel', { ModelName: name, ...values });
    return { physicalId: ModelArn!, attributes: { ModelName: name } };
  },
  async update({ physicalId, values, old }, context) {
    await retagArn(sagemakerClient(context), physicalId, values.Tags, old.Tags);
    return { physicalId, attributes: { ModelName: nameIn(physicalId) } };
  },
  async delete(physicalId, _, context) {
    await undefinedUnlessExists(sagemakerClient(context)('DeleteModel', { ModelName: nameIn(physicalId) }));
  },
});

const endpointConfig = nativeType({
  type: 'AWS::SageMaker::EndpointConfig',
  properties: {
    AsyncInferenceConfig: optional(asIn<SageMaker.AsyncInferenceConfig>(), 'replaces'),
    DataCaptureConfig: optional(asIn<SageMaker.DataCaptureConfig>(), 'replaces'),
    EndpointConfigName: optional(text, 'replaces'),
    KmsKeyId: optional(text, 'replaces'),
    ProductionVariants: required(list(asIn<SageMaker.ProductionVariant>()), 'replaces'),
    ShadowProductionVariants: optional(list(asIn<SageMaker.ProductionVariant>()), 'replaces'),
    Tags: optional(tags),
  },
  async create({ EndpointConfigName = '', ...values }, context) {
    const name = EndpointConfigName || context.inventName(63);
    const sagemaker = sagemakerClient(context);
    const { EndpointConfigArn } = await sagemaker('CreateEndpointConfig', { EndpointConfigName: name, ...values });
    return { physicalId: EndpointConfigArn!, attributes: { EndpointConfigName: name } };
  },
  async update({ physicalId, values, old }, context) {
    await retagArn(sagemakerClient(context), physicalId, values.Tags, old.Tags);
    return { physicalId, attributes: { EndpointConfigName: nameIn(physicalId) } };
  },
  async delete(physicalId, _, context) {
    await undefinedUnlessExists(
      sagemakerClient(context)('DeleteEndpointConfig', { EndpointConfigName: nameIn(physicalId) }),
    );
  },
});

const endpoint = nativeType({
  type: 'AWS::SageMaker::Endpoint',
  properties: {
    DeploymentConfig: optional(asIn<SageMaker.DeploymentConfig>()),
    EndpointConfigName: required(text),
    EndpointName: optional(text, 'replaces'),
    Tags: optional(tags),
  },
  async create({ EndpointName = '', ...values }, context) {
    const name = EndpointName || context.inventName(63);
    const { EndpointArn } = await sagemakerClient(context)('CreateEndpoint', { EndpointName: name, ...values });
    context.initiated(EndpointArn!);
    return inService(EndpointArn!, values.EndpointConfigName, context);
  },
  async update({ physicalId, values, old, changed }, context) {
    const sagemaker = sagemakerClient(context);
    const { EndpointConfigName, DeploymentConfig } = values;
    if (changed.has('EndpointConfigName')) {
      const EndpointName = nameIn(physicalId);
      await sagemaker('UpdateEndpoint', { EndpointName, EndpointConfigName, DeploymentConfig });
    }
    const made = await inService(physicalId, EndpointConfigName, context);
    await retagArn(sagemaker, physicalId, values.Tags, old.Tags);
    return made;
  },
  async delete(physicalId, _, context) {
    const sagemaker = sagemakerClient(context);
    const EndpointName = nameIn(physicalId);
    const read = () => undefinedUnlessExists(sagemaker('DescribeEndpoint', { EndpointName }));
    await pollUntil(context, POLL_SECONDS, async () => !/ing$/.test((await read())?.EndpointStatus ?? '') || undefined);
    await undefinedUnlessExists(sagemaker('DeleteEndpoint', { EndpointName }));
    await pollUntil(context, POLL_SECONDS, async () => (await read()) === undefined || undefined);
  },
});

function nameIn(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

/** Waits until an endpoint serves with that configuration; one that was rolled back serves with another. */
async function inService(arn: string, config: string, context: ResourceContext) {
  const EndpointName = nameIn(arn);
  const seen = await pollUntil(context, POLL_SECONDS, async () => {
    const found = await sagemakerClient(context)('DescribeEndpoint', { EndpointName });
    return /ing$/.test(found.EndpointStatus!) ? undefined : found;
  });
  if (seen.EndpointStatus === 'InService' && seen.EndpointConfigName === config) {
    return { physicalId: arn, attributes: { EndpointName } };
  }
  throw new ResourceFailure(`Endpoint ${EndpointName} is in state ${seen.EndpointStatus}: ${seen.FailureReason ?? ''}`);
}

export const endpointTypes = [model, endpointConfig, endpoint];
