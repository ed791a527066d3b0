import type * as SFN from '@aws-sdk/client-sfn';
import type { Call } from '../../service.ts';
import { addEvent } from './history.ts';
import { type ExecutionRecord, executions, stateMachines } from './records.ts';
import type { Failure } from './step.ts';

export function succeed(execution: ExecutionRecord, output: string, call: Call): void {
  execution.output = output;
  end(execution, 'SUCCEEDED', call);
  addEvent(execution, 'ExecutionSucceeded', { executionSucceededEventDetails: { output } }, call);
}

export function fail(execution: ExecutionRecord, failure: Failure, call: Call): void {
  Object.assign(execution, failure);
  end(execution, 'FAILED', call);
  addEvent(execution, 'ExecutionFailed', { executionFailedEventDetails: failure }, call);
}

export function timeOut(execution: ExecutionRecord, call: Call): void {
  end(execution, 'TIMED_OUT', call);
  addEvent(execution, 'ExecutionTimedOut', { executionTimedOutEventDetails: {} }, call);
}

export function abort(execution: ExecutionRecord, failure: Failure, call: Call): void {
  Object.assign(execution, failure);
  end(execution, 'ABORTED', call);
  addEvent(execution, 'ExecutionAborted', { executionAbortedEventDetails: failure }, call);
}

function end(execution: ExecutionRecord, status: SFN.ExecutionStatus, call: Call): void {
  execution.status = status;
  execution.stopped = new Date(call.clock.now());
  removeIfIdle(execution.stateMachineArn, call);
}

/** A state machine that is being deleted is removed with its last execution, and the history of all of them too. */
export function removeIfIdle(stateMachineArn: string, call: Call): void {
  if (!stateMachines(call).get(stateMachineArn)?.deleting) return;
  const own = [...executions(call).values()].filter((one) => one.stateMachineArn === stateMachineArn);
  if (own.some(({ status }) => status === 'RUNNING')) return;
  stateMachines(call).delete(stateMachineArn);
  for (const { arn } of own) executions(call).delete(arn);
}
