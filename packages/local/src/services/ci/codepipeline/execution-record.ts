import type * as CodePipeline from '@aws-sdk/client-codepipeline';
import { AwsError } from '../../../errors.ts';
import type { Call } from '../../../service.ts';
import type { Declaration } from './records.ts';

/** Where an artifact lies in one Region. */
export interface Location {
  bucket: string;
  key: string;
}

/** One try at an action. */
export interface Attempt {
  id: string;
  stage: string;
  action: string;
  status: CodePipeline.ActionExecutionStatus;
  started: Date;
  updated: Date;
  summary?: string;
  /** Of an approval: what its answer has to name. */
  token?: string;
  externalExecutionId?: string;
  error?: { code: string; message: string };
  resolvedConfiguration?: Record<string, string>;
  variables?: Record<string, string>;
  /** The stage was begun anew, and the action with it. */
  retried?: true;
  /** What its provider keeps of work that is under way. */
  state?: Record<string, string>;
}

export interface ExecutionRecord {
  id: string;
  pipeline: string;
  pipelineArn: string;
  /** As it was when it started: a later change of the pipeline does not reach it. */
  declaration: Declaration;
  status: CodePipeline.PipelineExecutionStatus;
  summary?: string;
  started: Date;
  updated: Date;
  trigger: CodePipeline.ExecutionTrigger;
  clientRequestToken?: string;
  variables: Record<string, string>;
  /** What its source actions are to take instead of the newest, by action. */
  overrides: Record<string, string>;
  revisions: CodePipeline.ArtifactRevision[];
  /** The stage that it is at, and whether it has entered it. */
  stage: number;
  entered: boolean;
  stageStatuses: Record<string, CodePipeline.StageExecutionStatus>;
  /** Oldest first. Those of a stage that is tried again are followed by new ones. */
  attempts: Attempt[];
  /** How often it was begun: retries count. */
  begun: number;
  /** By the artifact's name, then by Region. */
  artifacts: Record<string, Record<string, Location>>;
  /** What actions gave to be used further on, by namespace. */
  namespaces: Record<string, Record<string, string>>;
  stopReason?: string;
}

export const executions = (call: Call) => call.table<ExecutionRecord>('executions');

/** A pipeline's executions, oldest first. */
export function executionsOf(pipeline: string, call: Call): ExecutionRecord[] {
  return [...executions(call).values()].filter((one) => one.pipeline === pipeline);
}

/** Throws PipelineExecutionNotFoundException. */
export function getExecution(pipeline: string, id: string | undefined, call: Call): ExecutionRecord {
  const found = executions(call).get(id ?? '');
  if (found?.pipeline === pipeline) return found;
  throw new AwsError(
    'PipelineExecutionNotFoundException',
    `Pipeline '${pipeline}' does not have an execution with id '${id}'`,
  );
}

export function isInProgress({ status }: ExecutionRecord): boolean {
  return status === 'InProgress' || status === 'Stopping';
}

/** The last try at an action, if it has been tried. */
export function lastAttempt({ attempts }: ExecutionRecord, stage: string, action: string): Attempt | undefined {
  return attempts.findLast((one) => one.stage === stage && one.action === action);
}
