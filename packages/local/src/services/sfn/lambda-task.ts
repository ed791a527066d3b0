import { AwsError } from '../../errors.ts';
import { ExecutorClosed } from '../../lambda/executor.ts';
import { statusOf } from '../../protocols/errors.ts';
import { modelOf } from '../../protocols/model.ts';
import { requestId } from '../../request-id.ts';
import type { Call } from '../../service.ts';
import { isOptimised } from './definition.ts';
import { useWith } from './encryption.ts';
import { type ExecutionRecord, getStateMachine } from './records.ts';
import { roleOf } from './role.ts';
import type { Json, TaskOutcome } from './step.ts';

/** What Lambda's Invoke answers, as far as a task is concerned. */
interface InvokeResponse {
  StatusCode?: number;
  ExecutedVersion?: string;
  FunctionError?: string;
  LogResult?: string;
  Payload?: Uint8Array;
}

/**
 * Calls Lambda as the state machine's role. `parameters` are Invoke's own for `lambda:invoke`, or what the function gets
 * where the resource is one. Undefined when the local cloud ended meanwhile.
 */
export async function invokeLambda(
  execution: ExecutionRecord,
  resource: string,
  parameters: Json,
  call: Call,
): Promise<TaskOutcome | undefined> {
  const optimised = isOptimised(resource);
  const input = optimised ? invokeInput(parameters) : { FunctionName: resource, Payload: bytesOf(parameters) };
  const id = requestId(call.cloud.store);
  const { cloud, region } = call;
  const principal = roleOf(execution, call);
  if ('failure' in principal) return principal;
  try {
    await useWith(getStateMachine(call, execution.stateMachineArn), principal, call);
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause;
    return { failure: { error: cause.name, cause: cause.message } };
  }
  try {
    const request = { service: 'lambda', operation: 'Invoke', input, principal, region, requestId: id };
    return outcomeOf(await cloud.call(request), optimised, id);
  } catch (cause) {
    if (cause instanceof ExecutorClosed) return undefined;
    if (cause instanceof AwsError) return { failure: failureOf(cause, id, call) };
    throw cause;
  }
}

function invokeInput(parameters: Json): Record<string, unknown> {
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters)) return {};
  const { Payload, ClientContext, ...more } = parameters;
  return {
    ...more,
    ...(Payload !== undefined && { Payload: bytesOf(Payload) }),
    ...(ClientContext !== undefined && { ClientContext: String(ClientContext) }),
  };
}

function bytesOf(value: Json): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

function outcomeOf(answer: InvokeResponse, optimised: boolean, id: string): TaskOutcome {
  const { StatusCode = 200, ExecutedVersion, FunctionError, LogResult } = answer;
  const text = Buffer.from(answer.Payload ?? []).toString();
  const payload = text === '' ? null : (JSON.parse(text) as Json);
  if (FunctionError) {
    // A runtime that dies, out of memory or in another way, may name no type.
    const error = (payload as { errorType?: string } | null)?.errorType || 'Lambda.Unknown';
    return { failure: { error, cause: text } };
  }
  if (!optimised) return { result: payload };
  const headers = { 'x-amzn-RequestId': id, 'Content-Type': 'application/json' };
  const result = {
    ...(ExecutedVersion !== undefined && { ExecutedVersion }),
    ...(LogResult !== undefined && { LogResult }),
    Payload: payload ?? (StatusCode === 202 ? '' : null),
    SdkHttpMetadata: {
      AllHttpHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
      HttpHeaders: headers,
      HttpStatusCode: StatusCode,
    },
    SdkResponseMetadata: { RequestId: id },
    StatusCode,
  };
  return { result };
}

/**
 * The name that Step Functions gives an error of Lambda's API: its own name after `Lambda.`; `AWSLambdaException` for
 * one that the API does not model, as a missing right.
 */
function failureOf(error: AwsError, id: string, { cloud }: Call): { error: string; cause: string } {
  const lambda = cloud.services.get('lambda');
  const model = lambda && modelOf(lambda);
  const status = model ? statusOf(model, error) : (error.status ?? 400);
  return {
    error: `Lambda.${model?.errors.has(error.name) ? error.name : 'AWSLambdaException'}`,
    cause: `${error.message} (Service: AWSLambda; Status Code: ${status}; Error Code: ${error.name}; Request ID: ${id}; Proxy: null)`,
  };
}
