import type * as CodePipeline from '@aws-sdk/client-codepipeline';
import { type ResourceContext, ResourceFailure } from '../../resources/resource-type.ts';
import { nativeType, tagChanges } from '../native-type.ts';
import { asIn, flag, list, optional, required, struct, type Tag, tags, text } from '../property.ts';
import { type ServiceClient, serviceClient, undefinedIfNotFound } from '../service-client.ts';

const codepipelineClient = (context: ResourceContext) => serviceClient<typeof CodePipeline>(context, 'codepipeline');

const storeInRegion = struct({ ArtifactStore: required(asIn<CodePipeline.ArtifactStore>()), Region: required(text) });
const transition = struct({ Reason: required(text), StageName: required(text) });

const pipeline = nativeType({
  type: 'AWS::CodePipeline::Pipeline',
  properties: {
    ArtifactStore: optional(asIn<CodePipeline.ArtifactStore>()),
    ArtifactStores: optional(list(storeInRegion)),
    DisableInboundStageTransitions: optional(list(transition)),
    ExecutionMode: optional(text),
    Name: optional(text, 'replaces'),
    PipelineType: optional(text),
    RestartExecutionOnUpdate: optional(flag),
    RoleArn: required(text),
    Stages: required(list(asIn<CodePipeline.StageDeclaration>())),
    Tags: optional(tags),
    Triggers: optional(list(asIn<CodePipeline.PipelineTriggerDeclaration>())),
    Variables: optional(list(asIn<CodePipeline.PipelineVariableDeclaration>())),
  },
  async create({ Tags = [], DisableInboundStageTransitions = [], ...values }, context) {
    const codepipeline = codepipelineClient(context);
    const name = values.Name ?? context.inventName(100);
    const { pipeline: made } = await codepipeline('CreatePipeline', {
      pipeline: declarationOf(name, values),
      tags: Tags.length > 0 ? tagList(Tags) : undefined,
    });
    context.initiated(name);
    await close(codepipeline, name, DisableInboundStageTransitions, []);
    return { physicalId: name, attributes: { Version: String(made!.version) } };
  },
  async update({ physicalId: name, values, old, changed }, context) {
    const codepipeline = codepipelineClient(context);
    const { Tags, DisableInboundStageTransitions = [], RestartExecutionOnUpdate = false, ...declared } = values;
    let version: number | undefined;
    if ([...changed].some((one) => !ignoredProperties.has(one))) {
      ({ version } = (await codepipeline('UpdatePipeline', { pipeline: declarationOf(name, declared) })).pipeline!);
    } else ({ version } = (await codepipeline('GetPipeline', { name })).pipeline!);
    await close(codepipeline, name, DisableInboundStageTransitions, old.DisableInboundStageTransitions ?? []);
    const { set, gone } = tagChanges(Tags, old.Tags);
    const { metadata } = await codepipeline('GetPipeline', { name });
    const resourceArn = metadata!.pipelineArn;
    if (gone.length > 0) await codepipeline('UntagResource', { resourceArn, tagKeys: gone });
    if (set.length > 0) await codepipeline('TagResource', { resourceArn, tags: tagList(set) });
    if (RestartExecutionOnUpdate) await codepipeline('StartPipelineExecution', { name });
    return { physicalId: name, attributes: { Version: String(version) } };
  },
  async delete(name, _, context) {
    await undefinedIfNotFound(codepipelineClient(context)('DeletePipeline', { name }));
  },
});

/** Properties that UpdatePipeline does not take. */
const ignoredProperties: ReadonlySet<string> = new Set([
  'Tags',
  'DisableInboundStageTransitions',
  'RestartExecutionOnUpdate',
]);

interface Declared {
  ArtifactStore?: CodePipeline.ArtifactStore;
  ArtifactStores?: ReturnType<typeof storeInRegion>[];
  ExecutionMode?: string;
  PipelineType?: string;
  RoleArn: string;
  Stages: CodePipeline.StageDeclaration[];
  Triggers?: CodePipeline.PipelineTriggerDeclaration[];
  Variables?: CodePipeline.PipelineVariableDeclaration[];
}

function declarationOf(name: string, values: Declared): CodePipeline.PipelineDeclaration {
  const { ArtifactStores, ExecutionMode, PipelineType } = values;
  return {
    name,
    roleArn: values.RoleArn,
    artifactStore: values.ArtifactStore,
    artifactStores: ArtifactStores && storesOf(ArtifactStores),
    stages: values.Stages,
    executionMode: ExecutionMode as CodePipeline.ExecutionMode | undefined,
    pipelineType: PipelineType as CodePipeline.PipelineType | undefined,
    variables: values.Variables,
    triggers: values.Triggers,
  };
}

function storesOf(stores: ReturnType<typeof storeInRegion>[]): Record<string, CodePipeline.ArtifactStore> {
  const twice = stores.find(({ Region }, i) => stores.findIndex((one) => one.Region === Region) < i);
  if (twice) throw new ResourceFailure(`ArtifactStores has two stores in ${twice.Region}`);
  return Object.fromEntries(stores.map(({ Region, ArtifactStore }) => [Region, ArtifactStore]));
}

type Transition = ReturnType<typeof transition>;

/** Closes stages, and opens those that are no longer to be closed. */
async function close(
  codepipeline: ServiceClient<typeof CodePipeline>,
  pipelineName: string,
  now: Transition[],
  old: Transition[],
) {
  const transitionType = 'Inbound';
  for (const { StageName: stageName, Reason: reason } of now) {
    await codepipeline('DisableStageTransition', { pipelineName, stageName, transitionType, reason });
  }
  const open = old.filter(({ StageName }) => !now.some((one) => one.StageName === StageName));
  for (const { StageName: stageName } of open) {
    // A removed stage has no transition left.
    await undefinedIfNotFound(codepipeline('EnableStageTransition', { pipelineName, stageName, transitionType }));
  }
}

function tagList(list: readonly Tag[]): CodePipeline.Tag[] {
  return list.map(({ Key, Value }) => ({ key: Key, value: Value }));
}

export const codepipelineTypes = [pipeline];
