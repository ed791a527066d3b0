import type { ActionDeclaration } from '@aws-sdk/client-codepipeline';
import type * as STS from '@aws-sdk/client-sts';
import { AwsError } from '../../../errors.ts';
import { principalOf } from '../../../iam/credentials.ts';
import type { Principal } from '../../../principal.ts';
import type { Call, Input, OperationName, Output } from '../../../service.ts';
import { assumeAsService } from '../../sts.ts';
import type { Attempt, ExecutionRecord } from './execution-record.ts';

/** What an action's provider works on. */
export interface Job {
  readonly call: Call;
  readonly execution: ExecutionRecord;
  readonly action: ActionDeclaration;
  readonly attempt: Attempt;
  /** The action's Region. */
  readonly region: string;
  /** The action's role, or else the pipeline's. */
  readonly principal: Principal;
  /** The action's configuration with its variables filled in. */
  readonly configuration: Record<string, string | undefined>;
}

/** The state of a job after it was started or polled. */
export type Outcome =
  | { status: 'InProgress'; state?: Record<string, string>; externalExecutionId?: string; token?: string }
  | { status: 'Succeeded'; variables?: Record<string, string>; externalExecutionId?: string; summary?: string };

/** A kind of action. What either throws is why the action has failed. */
export interface Provider {
  start(job: Job): Promise<Outcome>;
  /** Polls work that is in progress; left out where only a call ends it. */
  poll?(job: Job): Promise<Outcome>;
}

/** Why an action has failed, by CodePipeline's own codes. */
export class ActionFailure extends Error {
  override readonly name = 'ActionFailure';
  readonly code: 'JobFailed' | 'ConfigurationError' | 'PermissionError';

  constructor(code: ActionFailure['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** The role that a pipeline's actions have, unless they have their own. */
export function pipelineRole({ id, pipelineArn: sourceArn, declaration }: ExecutionRecord, call: Call): Principal {
  return assumeAsService(call.cloud, declaration.roleArn, 'codepipeline.amazonaws.com', id, { sourceArn }).principal;
}

/** An action's own role, which the pipeline's takes on. */
export async function actionRole(
  execution: ExecutionRecord,
  { roleArn }: ActionDeclaration,
  call: Call,
): Promise<Principal> {
  const principal = pipelineRole(execution, call);
  if (roleArn === undefined) return principal;
  const input = { RoleArn: roleArn, RoleSessionName: execution.id };
  const { cloud, region, clock } = call;
  const answer = await cloud.call({ service: 'sts', operation: 'AssumeRole', input, principal, region });
  const { AccessKeyId = '', SessionToken } = (answer as Output<typeof STS, 'AssumeRole'>).Credentials ?? {};
  return principalOf(cloud.store, clock, AccessKeyId, SessionToken)!;
}

/** Calls a service in the action's Region, with the action's rights. */
export async function perform<M extends object, Name extends OperationName<M>>(
  { call, principal, region }: Job,
  service: string,
  operation: Name,
  input: Input<M, Name>,
): Promise<Output<M, Name>> {
  const given = input as Record<string, unknown>;
  return (await call.cloud.call({ service, operation, input: given, principal, region })) as Output<M, Name>;
}

/** What an error says about an action that ended with it. */
export function failureOf(error: unknown): { code: string; message: string } {
  if (error instanceof ActionFailure) return { code: error.code, message: error.message };
  if (!(error instanceof AwsError)) throw error;
  const code = /AccessDenied|Unauthorized|NotAuthorized|Authorization/.test(error.name)
    ? 'PermissionError'
    : 'ConfigurationError';
  return { code, message: error.message };
}
