import type { Call, Cloud } from '../../service.ts';
import { contextOf } from './context.ts';
import type { StateOf } from './definition.ts';
import { invokeLambda } from './lambda-task.ts';
import { type ExecutionRecord, inputOf } from './records.ts';
import { current, type ScheduledStep, scheduleNext } from './schedule.ts';
import { evaluate, evaluatePath, StateFailure, type TaskOutcome } from './step.ts';
import { addStart } from './task-events.ts';

/** How often it is checked whether a function still runs, in virtual milliseconds. */
const pollInterval = 60_000;

/** Invocations in progress in this process; those of an earlier process are lost. */
const runningInvocations = new WeakMap<Cloud, Set<string>>();

/** Calls a task's function. Undefined when what it gives no longer matters, or the local cloud has ended. */
export async function runTask(
  execution: ExecutionRecord,
  state: StateOf<'Task'>,
  call: Call,
): Promise<TaskOutcome | undefined> {
  const { InputPath, Parameters, Resource: resource } = state;
  const parameters = await evaluate({ InputPath, Parameters }, inputOf(execution), contextOf(execution));
  const timeout = await timeoutOf(state, execution);
  addStart(execution, { resource, parameters, timeout }, call);
  const scheduled = scheduleNext(execution, 'poll', pollInterval, call);
  if (timeout !== undefined) call.later(timeout * 1000, 'expire', scheduled);
  const invocations = runningInvocations.get(call.cloud) ?? new Set();
  runningInvocations.set(call.cloud, invocations.add(keyOf(scheduled)));
  try {
    const outcome = await invokeLambda(execution, resource, parameters, call);
    return current(scheduled, call) && outcome;
  } finally {
    invocations.delete(keyOf(scheduled));
  }
}

/** Does the invocation of that step run in this process? If so, it is polled again later. */
export function isRunning(scheduled: ScheduledStep, call: Call): boolean {
  if (!runningInvocations.get(call.cloud)?.has(keyOf(scheduled))) return false;
  call.later(pollInterval, 'poll', scheduled);
  return true;
}

function keyOf({ arn, scheduleId }: ScheduledStep): string {
  return `${scheduleId} ${arn}`;
}

async function timeoutOf(
  { TimeoutSeconds, TimeoutSecondsPath: path, InputPath }: StateOf<'Task'>,
  execution: ExecutionRecord,
): Promise<number | undefined> {
  if (path === undefined) return TimeoutSeconds;
  const value = await evaluatePath(path, InputPath, inputOf(execution), contextOf(execution));
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value;
  const found = `${path} == ${JSON.stringify(value)}`;
  const cause = `The TimeoutSecondsPath parameter does not reference a positive integer: ${found}`;
  throw new StateFailure({ error: 'States.Runtime', cause });
}
