import type { Call, Cloud } from '../../service.ts';
import { contextOf } from './context.ts';
import type { StateOf } from './definition.ts';
import { invokeLambda } from './lambda-task.ts';
import { type ExecutionRecord, inputOf } from './records.ts';
import { evaluate, evaluatePath, StateFailure, type TaskOutcome } from './step.ts';
import { addStart } from './task-events.ts';
import { current, schedule, type Turn } from './turns.ts';

/** After how many virtual milliseconds it is seen whether a function still runs. */
const look = 60_000;

/** Invocations under way in this process. Those of a process that has ended are not among them. */
const underWay = new WeakMap<Cloud, Set<string>>();

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
  const turn = schedule(execution, 'look', look, call);
  if (timeout !== undefined) call.later(timeout * 1000, 'expire', turn);
  const invocations = underWay.get(call.cloud) ?? new Set();
  underWay.set(call.cloud, invocations.add(keyOf(turn)));
  try {
    const outcome = await invokeLambda(execution, resource, parameters, call);
    return current(turn, call) && outcome;
  } finally {
    invocations.delete(keyOf(turn));
  }
}

/** Whether the invocation of that turn is under way; if so, it is looked after again later. */
export function isUnderWay(turn: Turn, call: Call): boolean {
  if (!underWay.get(call.cloud)?.has(keyOf(turn))) return false;
  call.later(look, 'look', turn);
  return true;
}

function keyOf({ arn, turn }: Turn): string {
  return `${turn} ${arn}`;
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
