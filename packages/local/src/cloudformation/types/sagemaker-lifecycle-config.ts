import type * as SageMaker from '@aws-sdk/client-sagemaker';
import { nativeType } from './native-type.ts';
import { asIn, optional, replacesBy, required, struct, tags, text } from './property.ts';
import { retagArn, sagemakerClient } from './sagemaker-domain.ts';
import { undefinedUnlessExists } from './sagemaker-project.ts';
import { undefinedIfNotFound } from './service-client.ts';

/** It cannot be changed, not even its tags. */
const lifecycleConfig = nativeType({
  type: 'AWS::SageMaker::StudioLifecycleConfig',
  properties: {
    StudioLifecycleConfigAppType: required(asIn<SageMaker.StudioLifecycleConfigAppType>(), 'replaces'),
    StudioLifecycleConfigContent: required(text, 'replaces'),
    StudioLifecycleConfigName: required(text, 'replaces'),
    Tags: optional(tags, 'replaces'),
  },
  async create(values, context) {
    const { StudioLifecycleConfigArn } = await sagemakerClient(context)('CreateStudioLifecycleConfig', values);
    return { physicalId: values.StudioLifecycleConfigName, attributes: { StudioLifecycleConfigArn } };
  },
  // Only an import asks for it: to bring what it takes in to what the template says, of which it can do nothing.
  async update({ physicalId: StudioLifecycleConfigName }, context) {
    const found = await sagemakerClient(context)('DescribeStudioLifecycleConfig', { StudioLifecycleConfigName });
    return lifecycleConfigResource(found);
  },
  async delete(StudioLifecycleConfigName, _, context) {
    await undefinedIfNotFound(sagemakerClient(context)('DeleteStudioLifecycleConfig', { StudioLifecycleConfigName }));
  },
  imports: {
    identifier: ['StudioLifecycleConfigName'],
    async find({ StudioLifecycleConfigName = '' }, caller) {
      const found = await undefinedIfNotFound(
        sagemakerClient(caller)('DescribeStudioLifecycleConfig', { StudioLifecycleConfigName }),
      );
      return found && lifecycleConfigResource(found);
    },
  },
});

function lifecycleConfigResource(found: SageMaker.DescribeStudioLifecycleConfigResponse) {
  const { StudioLifecycleConfigName = '', StudioLifecycleConfigArn } = found;
  return { physicalId: StudioLifecycleConfigName, attributes: { StudioLifecycleConfigArn } };
}

const gitConfig = struct({
  Branch: optional(text),
  RepositoryUrl: required(text),
  SecretArn: optional(text),
});

/**
 * Its `Ref` is the ARN, as of the other types of SageMaker's that have a generated id (Model, Endpoint): the template
 * reference does not say. No change set imports it, since the registry has no handlers of it.
 */
const codeRepository = nativeType({
  type: 'AWS::SageMaker::CodeRepository',
  properties: {
    CodeRepositoryName: optional(text, 'replaces'),
    GitConfig: required(gitConfig, replacesBy('Branch', 'RepositoryUrl')),
    Tags: optional(tags),
  },
  async create({ CodeRepositoryName = '', ...values }, context) {
    const name = CodeRepositoryName || context.inventName(63);
    const { CodeRepositoryArn } = await sagemakerClient(context)('CreateCodeRepository', {
      CodeRepositoryName: name,
      ...values,
    });
    return { physicalId: CodeRepositoryArn!, attributes: { CodeRepositoryName: name } };
  },
  async update({ physicalId, values: { GitConfig, Tags }, old, changed }, context) {
    const sagemaker = sagemakerClient(context);
    const CodeRepositoryName = nameIn(physicalId);
    if (changed.has('GitConfig')) {
      const { SecretArn } = GitConfig;
      await sagemaker('UpdateCodeRepository', { CodeRepositoryName, GitConfig: { SecretArn } });
    }
    await retagArn(sagemaker, physicalId, Tags, old.Tags);
    return { physicalId, attributes: { CodeRepositoryName } };
  },
  async delete(physicalId, _, context) {
    const CodeRepositoryName = nameIn(physicalId);
    await undefinedUnlessExists(sagemakerClient(context)('DeleteCodeRepository', { CodeRepositoryName }));
  },
});

function nameIn(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

export const lifecycleConfigTypes = [lifecycleConfig, codeRepository];
