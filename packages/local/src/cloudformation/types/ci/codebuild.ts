import type * as CodeBuild from '@aws-sdk/client-codebuild';
import type { ResourceContext } from '../../resources/resource-type.ts';
import { nativeType } from '../native-type.ts';
import { asIn, flag, list, number, optional, required, type Tag, tags, text } from '../property.ts';
import { serviceClient, undefinedIfNotFound } from '../service-client.ts';

const codebuildClient = (context: ResourceContext) => serviceClient<typeof CodeBuild>(context, 'codebuild');

/** CloudFormation's own name for the buildspec in a source. */
type Source = CodeBuild.ProjectSource & { BuildSpec?: string };

const project = nativeType({
  type: 'AWS::CodeBuild::Project',
  properties: {
    Artifacts: required(asIn<CodeBuild.ProjectArtifacts>()),
    AutoRetryLimit: optional(number),
    BadgeEnabled: optional(flag),
    Cache: optional(asIn<CodeBuild.ProjectCache>()),
    ConcurrentBuildLimit: optional(number),
    Description: optional(text),
    EncryptionKey: optional(text),
    Environment: required(asIn<CodeBuild.ProjectEnvironment>()),
    LogsConfig: optional(asIn<CodeBuild.LogsConfig>()),
    Name: optional(text, 'replaces'),
    QueuedTimeoutInMinutes: optional(number),
    SecondaryArtifacts: optional(list(asIn<CodeBuild.ProjectArtifacts>())),
    SecondarySources: optional(list(asIn<Source>())),
    ServiceRole: required(text),
    Source: required(asIn<Source>()),
    SourceVersion: optional(text),
    Tags: optional(tags),
    TimeoutInMinutes: optional(number),
    VpcConfig: optional(asIn<CodeBuild.VpcConfig>()),
  },
  async create({ Name, Source, SecondarySources, ...values }, context) {
    const name = Name ?? context.inventName(150);
    const { project: created } = await codebuildClient(context)('CreateProject', {
      ...settingsOf(values),
      name,
      source: sourceOf(Source),
      secondarySources: SecondarySources?.map(sourceOf),
    });
    return { physicalId: name, attributes: { Arn: created!.arn } };
  },
  async update({ physicalId: name, values: { Name: _, Source, SecondarySources = [], ...values } }, context) {
    // What is taken out of the template goes back to what it was without.
    const { project: changed } = await codebuildClient(context)('UpdateProject', {
      ...withDefaults(settingsOf(values)),
      name,
      source: sourceOf(Source),
      secondarySources: SecondarySources.map(sourceOf),
    });
    return { physicalId: name, attributes: { Arn: changed!.arn } };
  },
  async delete(name, _, context) {
    await undefinedIfNotFound(codebuildClient(context)('DeleteProject', { name }));
  },
});

function sourceOf({ BuildSpec, ...source }: Source): CodeBuild.ProjectSource {
  return BuildSpec === undefined ? source : { ...source, buildspec: BuildSpec };
}

interface Settings {
  Artifacts: CodeBuild.ProjectArtifacts;
  AutoRetryLimit?: number;
  BadgeEnabled?: boolean;
  Cache?: CodeBuild.ProjectCache;
  ConcurrentBuildLimit?: number;
  Description?: string;
  EncryptionKey?: string;
  Environment: CodeBuild.ProjectEnvironment;
  LogsConfig?: CodeBuild.LogsConfig;
  QueuedTimeoutInMinutes?: number;
  SecondaryArtifacts?: CodeBuild.ProjectArtifacts[];
  ServiceRole: string;
  SourceVersion?: string;
  Tags?: Tag[];
  TimeoutInMinutes?: number;
  VpcConfig?: CodeBuild.VpcConfig;
}

/** The API's own spelling of what the template says. */
function settingsOf(values: Settings) {
  return {
    artifacts: values.Artifacts,
    autoRetryLimit: values.AutoRetryLimit,
    badgeEnabled: values.BadgeEnabled,
    cache: values.Cache,
    concurrentBuildLimit: values.ConcurrentBuildLimit,
    description: values.Description,
    encryptionKey: values.EncryptionKey,
    environment: values.Environment,
    logsConfig: values.LogsConfig,
    queuedTimeoutInMinutes: values.QueuedTimeoutInMinutes,
    secondaryArtifacts: values.SecondaryArtifacts,
    serviceRole: values.ServiceRole,
    sourceVersion: values.SourceVersion,
    tags: values.Tags?.map(({ Key, Value }) => ({ key: Key, value: Value })),
    timeoutInMinutes: values.TimeoutInMinutes,
    vpcConfig: values.VpcConfig,
  };
}

function withDefaults(settings: ReturnType<typeof settingsOf>): ReturnType<typeof settingsOf> {
  return {
    ...settings,
    cache: settings.cache ?? { type: 'NO_CACHE' },
    description: settings.description ?? '',
    logsConfig: settings.logsConfig ?? {},
    queuedTimeoutInMinutes: settings.queuedTimeoutInMinutes ?? 480,
    secondaryArtifacts: settings.secondaryArtifacts ?? [],
    sourceVersion: settings.sourceVersion ?? '',
    tags: settings.tags ?? [],
    timeoutInMinutes: settings.timeoutInMinutes ?? 60,
    vpcConfig: settings.vpcConfig ?? {},
  };
}

export const codebuildTypes = [project];
