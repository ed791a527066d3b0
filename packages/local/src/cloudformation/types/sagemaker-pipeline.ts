import type * as SageMaker from '@aws-sdk/client-sagemaker';
import { type ResourceContext, ResourceFailure } from '../resources/resource-type.ts';
import { nativeType } from './native-type.ts';
import { document, number, optional, required, struct, tags, text } from './property.ts';
import { retagArn, sagemakerClient } from './sagemaker-domain.ts';
import { pollUntil, undefinedIfNotFound } from './service-client.ts';

const definition = struct({
  PipelineDefinitionBody: optional(document),
  PipelineDefinitionS3Location: optional(
    struct({ Bucket: required(text), ETag: optional(text), Key: required(text), Version: optional(text) }),
  ),
});

interface Values {
  ParallelismConfiguration?: SageMaker.ParallelismConfiguration;
  PipelineDefinition: ReturnType<typeof definition>;
  PipelineDescription?: string;
  PipelineDisplayName?: string;
  PipelineName: string;
  RoleArn: string;
}

/** The API's own spelling of where the definition is. */
function requestOf({ PipelineDefinition: given, ...values }: Values) {
  const { PipelineDefinitionBody: body, PipelineDefinitionS3Location: location } = given;
  if ((body === undefined) === (location === undefined)) {
    throw new ResourceFailure(
      'Exactly one of PipelineDefinitionBody and PipelineDefinitionS3Location must be specified',
    );
  }
  return {
    ...values,
    PipelineDefinition: body,
    PipelineDefinitionS3Location: location && {
      Bucket: location.Bucket,
      ObjectKey: location.Key,
      VersionId: location.Version,
    },
  };
}

const pipeline = nativeType({
  type: 'AWS::SageMaker::Pipeline',
  properties: {
    ParallelismConfiguration: optional(struct({ MaxParallelExecutionSteps: required(number) })),
    PipelineDefinition: required(definition),
    PipelineDescription: optional(text),
    PipelineDisplayName: optional(text),
    PipelineName: required(text, 'replaces'),
    RoleArn: required(text),
    Tags: optional(tags),
  },
  async create({ Tags, ...values }, context) {
    await sagemakerClient(context)('CreatePipeline', { ...requestOf(values), Tags });
    context.initiated(values.PipelineName);
    return { physicalId: values.PipelineName, attributes: {} };
  },
  async update({ values: { Tags, ...values }, old, changed }, context) {
    const sagemaker = sagemakerClient(context);
    const { PipelineName } = values;
    if ([...changed].some((name) => name !== 'Tags')) await sagemaker('UpdatePipeline', requestOf(values));
    const { PipelineArn } = await sagemaker('DescribePipeline', { PipelineName });
    await retagArn(sagemaker, PipelineArn, Tags, old.Tags);
    return { physicalId: PipelineName, attributes: {} };
  },
  async delete(PipelineName, _, context) {
    await remove(PipelineName, context);
  },
});

/** Deletes a pipeline, and waits until it is gone. */
async function remove(PipelineName: string, context: ResourceContext): Promise<void> {
  const sagemaker = sagemakerClient(context);
  await undefinedIfNotFound(sagemaker('DeletePipeline', { PipelineName }));
  await pollUntil(context, 2, async () => {
    const present = await undefinedIfNotFound(sagemaker('DescribePipeline', { PipelineName }));
    return present ? undefined : true;
  });
}

export const pipelineTypes = [pipeline];
