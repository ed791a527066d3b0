import type * as CodePipeline from '@aws-sdk/client-codepipeline';
import { regionalArn } from '../../../arn.ts';
import { AwsError } from '../../../errors.ts';
import type { Call, Definition } from '../../../service.ts';

export type Operations = Definition<typeof CodePipeline>['operations'];
export type Declaration = CodePipeline.PipelineDeclaration & { name: string; roleArn: string };

export interface PipelineRecord {
  arn: string;
  /** The newest is the last; its number is its `version`. */
  versions: Declaration[];
  created: Date;
  updated: Date;
  tags: Record<string, string>;
  /** Stages that nothing enters at present, by name. */
  closed: Record<string, { reason: string; by: string; at: Date }>;
}

export const pipelines = (call: Call) => call.table<PipelineRecord>('pipelines');

/** CodePipeline's ARNs have no kind before the name; stages and actions follow it after slashes. */
export const pipelineArn = (name: string, call: Call) => regionalArn('codepipeline', name, call);

/** Throws PipelineNotFoundException. */
export function getPipeline(name: string | undefined, call: Call): PipelineRecord {
  const found = pipelines(call).get(name ?? '');
  if (found) return found;
  throw new AwsError(
    'PipelineNotFoundException',
    `Account '${call.account}' does not have a pipeline with name '${name}'`,
  );
}

/** The declaration that counts. */
export function current({ versions }: PipelineRecord): Declaration {
  return versions.at(-1)!;
}

/** Throws StageNotFoundException. */
export function getStage(declaration: Declaration, name: string | undefined): CodePipeline.StageDeclaration {
  const found = declaration.stages?.find((stage) => stage.name === name);
  if (found) return found;
  throw new AwsError(
    'StageNotFoundException',
    `Pipeline '${declaration.name}' does not have a stage with name '${name}'`,
  );
}

/** Every action of a pipeline, with its stage. */
export function actionsOf({ stages = [] }: CodePipeline.PipelineDeclaration) {
  return stages.flatMap((stage) => (stage.actions ?? []).map((action) => ({ stage, action })));
}
