import type { ActionDeclaration, PipelineDeclaration } from '@aws-sdk/client-codepipeline';
import { AwsError } from '../../../errors.ts';
import { findRoleTrusting } from '../../../iam/trust.ts';
import type { Call } from '../../../service.ts';
import { actionKinds, findActionType, kindOf } from './action-types.ts';
import { actionsOf, type Declaration, pipelineArn } from './records.ts';

const structure = (message: string) => new AwsError('InvalidStructureException', message);
const wrongStage = (message: string) => new AwsError('InvalidStageDeclarationException', message);
const wrongAction = (message: string) => new AwsError('InvalidActionDeclarationException', message);

/** Throws CodePipeline's errors for a pipeline that could not be run. */
export function checkDeclaration(pipeline: PipelineDeclaration, call: Call): Declaration {
  const { name = '', roleArn = '', stages = [], executionMode = 'SUPERSEDED', pipelineType = 'V1' } = pipeline;
  if (!/^[A-Za-z0-9.@_-]{1,100}$/.test(name)) throw structure(`Pipeline name ${name} must match [A-Za-z0-9.@\\-_]+`);
  if (stages.length < 2) throw structure('Pipeline has to have at least two stages');
  const twice = repeated(stages.map((stage) => stage.name ?? ''));
  if (twice !== undefined) throw structure(`Pipeline has two stages named ${twice}`);
  if (pipelineType !== 'V2' && (executionMode !== 'SUPERSEDED' || pipeline.variables || pipeline.triggers)) {
    throw structure('Variables, triggers and other execution modes than SUPERSEDED take a pipeline of the type V2');
  }
  for (const [index, stage] of stages.entries()) {
    const { name: stageName, actions = [] } = stage;
    if (actions.length === 0) throw wrongStage(`Stage ${stageName} has no actions`);
    const same = repeated(actions.map((action) => action.name ?? ''));
    if (same !== undefined) throw wrongStage(`Stage ${stageName} has two actions named ${same}`);
    if (stage.onFailure ?? stage.onSuccess ?? stage.beforeEntry) {
      throw wrongStage(`The local cloud knows no conditions, which stage ${stageName} has`);
    }
    for (const action of actions) {
      if ((action.actionTypeId?.category === 'Source') === (index === 0)) continue;
      throw wrongStage(
        index === 0
          ? `Pipeline should start with a stage that only contains source actions, and ${action.name} is none`
          : `Only the first stage may contain source actions, and ${action.name} is one`,
      );
    }
  }
  for (const { action } of actionsOf(pipeline)) checkAction(action);
  checkArtifacts(pipeline);
  checkStores(pipeline, call.region);
  if (!findRoleTrusting(call.cloud.store, roleArn, 'codepipeline.amazonaws.com', pipelineArn(name, call))) {
    throw structure(`CodePipeline is not authorized to perform AssumeRole on role ${roleArn}`);
  }
  return { ...pipeline, name, roleArn, executionMode, pipelineType };
}

function checkAction(action: ActionDeclaration): void {
  const { name, actionTypeId, configuration = {}, inputArtifacts = [], outputArtifacts = [] } = action;
  const type = actionTypeId && findActionType(actionTypeId);
  if (!type) {
    const wanted = actionTypeId && `${kindOf(actionTypeId)} of ${actionTypeId.owner}, version ${actionTypeId.version}`;
    throw wrongAction(`The local cloud has no ${wanted}, which action ${name} is; it has ${actionKinds.join(', ')}`);
  }
  const known = [...type.required, ...type.optional];
  const unknown = Object.keys(configuration).find((key) => !known.includes(key));
  if (unknown)
    throw wrongAction(`Action configuration for action '${name}' contains unknown configuration '${unknown}'`);
  const missing = type.required.find((key) => !configuration[key]);
  if (missing)
    throw wrongAction(`Action configuration for action '${name}' is missing required configuration '${missing}'`);
  const counts = [
    ['input', inputArtifacts.length, type.inputs],
    ['output', outputArtifacts.length, type.outputs],
  ] as const;
  for (const [what, count, [least, most]] of counts) {
    if (count >= least && count <= most) continue;
    throw wrongAction(`Action ${name} has ${count} ${what} artifacts, and takes from ${least} to ${most}`);
  }
}

/** An artifact is produced once, before the actions that consume it. */
function checkArtifacts(pipeline: PipelineDeclaration): void {
  const made = new Map<string, { stage: number; runOrder: number }>();
  for (const [stage, { actions = [] }] of (pipeline.stages ?? []).entries()) {
    const inOrder = [...actions].sort((a, b) => (a.runOrder ?? 1) - (b.runOrder ?? 1));
    for (const { name, runOrder = 1, inputArtifacts = [], outputArtifacts = [] } of inOrder) {
      for (const artifact of inputArtifacts) {
        const by = made.get(artifact.name ?? '');
        if (by && (by.stage < stage || by.runOrder < runOrder)) continue;
        throw structure(
          `Input Artifact Bundle ${artifact.name} in action ${name} is not an output of an earlier action`,
        );
      }
      for (const artifact of outputArtifacts) {
        if (made.has(artifact.name ?? ''))
          throw structure(`Output Artifact Bundle name must be unique within the pipeline: ${artifact.name}`);
        made.set(artifact.name ?? '', { stage, runOrder });
      }
    }
  }
}

/** A pipeline has one artifact store in its own Region, and one in each further Region in which it has actions. */
function checkStores(pipeline: PipelineDeclaration, region: string): void {
  const { artifactStore, artifactStores } = pipeline;
  if ((artifactStore === undefined) === (artifactStores === undefined)) {
    throw structure('Pipeline has to have either artifactStore or artifactStores');
  }
  const regions = new Set([region, ...actionsOf(pipeline).map(({ action }) => action.region ?? region)]);
  const have = artifactStores ? Object.keys(artifactStores) : [region];
  const lacking = [...regions].find((one) => !have.includes(one));
  if (lacking) throw structure(`Pipeline has actions in ${lacking}, and no artifact store there`);
}

function repeated(names: string[]): string | undefined {
  return names.find((name, i) => names.indexOf(name) < i);
}
