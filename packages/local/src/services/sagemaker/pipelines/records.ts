import type * as SageMaker from '@aws-sdk/client-sagemaker';
import { AwsError } from '../../../errors.ts';
import { type Call, scopeOf } from '../../../service.ts';
import type { With } from '../../../shape.ts';

/** What is kept of a pipeline. */
export interface PipelineRecord {
  arn: string;
  /** What `DescribePipeline` answers. */
  shown: With<
    SageMaker.DescribePipelineResponse,
    'PipelineArn' | 'PipelineName' | 'PipelineDefinition' | 'RoleArn' | 'CreationTime' | 'LastModifiedTime'
  >;
  /** The token that it was asked for with. */
  token?: string;
}

/** A step that has begun. */
export interface StepRecord {
  name: string;
  type: string;
  status: SageMaker.StepStatus;
  started: Date;
  ended?: Date;
  failureReason?: string;
  attempts: number;
  metadata?: SageMaker.PipelineExecutionStepMetadata;
  /** The job that runs for it. */
  job?: { kind: JobKind; name: string };
  /** How a step without a job will have ended. */
  result?: { failure?: string };
  /** What other steps may take from it. */
  properties?: Record<string, unknown>;
}

export interface ExecutionRecord {
  arn: string;
  pipelineName: string;
  shown: With<
    SageMaker.DescribePipelineExecutionResponse,
    'PipelineArn' | 'PipelineExecutionArn' | 'PipelineExecutionStatus' | 'CreationTime' | 'LastModifiedTime'
  >;
  parameters: With<SageMaker.Parameter, 'Name' | 'Value'>[];
  /** The pipeline's as it was when this began. */
  definition: string;
  roleArn: string;
  pipelineCreated: Date;
  steps: StepRecord[];
  /** Names this run of it: what was begun before a stop or a retry ends nothing after it. */
  run: number;
  token?: string;
}

/** The jobs that steps begin, by the part of the API's names that they share. */
export type JobKind = 'ProcessingJob' | 'TrainingJob' | 'TransformJob' | 'HyperParameterTuningJob';

export interface JobRecord {
  arn: string;
  name: string;
  request: Record<string, unknown>;
  status: 'InProgress' | 'Completed' | 'Stopping' | 'Stopped';
  created: Date;
  modified: Date;
  ended?: Date;
}

export const pipelines = (call: Call) => call.table<PipelineRecord>('pipelines');
export const executions = (call: Call) => call.table<ExecutionRecord>('pipeline-executions');
export const jobs = (kind: JobKind, call: Call) => call.table<JobRecord>(`jobs:${kind}`);

/**
 * The call as its operation would see it in the account that an ARN names: what is shared is answered from its owner's
 * tables. Whether the caller may have that, IAM has decided before.
 */
export function atOwner(arn: string | undefined, call: Call): Call {
  const account = arn?.startsWith('arn:') ? arn.split(':')[4]! : call.account;
  if (account === call.account) return call;
  const place = { account, region: call.region };
  return {
    ...call,
    account,
    table: (name, of) => call.cloud.store.table(call.service, scopeOf({}, { ...place, ...of }), name),
  };
}

/** The pipeline of that name or ARN, in its owner's account. Throws ResourceNotFound. */
export function getPipeline(nameOrArn: string, call: Call): PipelineRecord {
  const name = nameOrArn.replace(/^arn:.*:pipeline\//, '');
  const found = pipelines(call).get(name);
  if (found && (name === nameOrArn || found.arn === nameOrArn)) return found;
  throw new AwsError('ResourceNotFound', `Pipeline '${nameOrArn}' does not exist.`);
}

/** The execution of that ARN, in its owner's account. Throws ResourceNotFound. */
export function getExecution(arn: string | undefined, call: Call): ExecutionRecord {
  const found = executions(call).get(arn ?? '');
  if (found) return found;
  throw new AwsError('ResourceNotFound', `Pipeline execution with ARN ${arn} does not exist.`);
}
