import type { Call } from '../../service.ts';
import { isOptimised } from './definition.ts';
import { addEvent } from './history.ts';
import type { ExecutionRecord } from './records.ts';
import type { Json, TaskOutcome } from './step.ts';

const invoke = { resourceType: 'lambda', resource: 'invoke' };

/** A task that names a function has events of its own kind, `LambdaFunctionScheduled` and so on. */
export function addStart(
  execution: ExecutionRecord,
  { resource, parameters, timeout }: { resource: string; parameters: Json; timeout?: number },
  call: Call,
): void {
  const input = JSON.stringify(parameters);
  const timeoutInSeconds = timeout;
  if (isOptimised(resource)) {
    const details = { ...invoke, region: call.region, parameters: input, timeoutInSeconds };
    addEvent(execution, 'TaskScheduled', { taskScheduledEventDetails: details }, call);
    addEvent(execution, 'TaskStarted', { taskStartedEventDetails: invoke }, call);
    return;
  }
  const details = { resource, input, timeoutInSeconds };
  addEvent(execution, 'LambdaFunctionScheduled', { lambdaFunctionScheduledEventDetails: details }, call);
  addEvent(execution, 'LambdaFunctionStarted', {}, call);
}

export function addOutcome(execution: ExecutionRecord, resource: string, outcome: TaskOutcome, call: Call): void {
  const optimised = isOptimised(resource);
  if ('result' in outcome) {
    const output = JSON.stringify(outcome.result);
    if (optimised) addEvent(execution, 'TaskSucceeded', { taskSucceededEventDetails: { ...invoke, output } }, call);
    else addEvent(execution, 'LambdaFunctionSucceeded', { lambdaFunctionSucceededEventDetails: { output } }, call);
    return;
  }
  const { failure } = outcome;
  const timedOut = failure.error === 'States.Timeout';
  if (optimised) {
    const details = { ...invoke, ...failure };
    if (timedOut) addEvent(execution, 'TaskTimedOut', { taskTimedOutEventDetails: details }, call);
    else addEvent(execution, 'TaskFailed', { taskFailedEventDetails: details }, call);
  } else if (timedOut) {
    addEvent(execution, 'LambdaFunctionTimedOut', { lambdaFunctionTimedOutEventDetails: failure }, call);
  } else addEvent(execution, 'LambdaFunctionFailed', { lambdaFunctionFailedEventDetails: failure }, call);
}
