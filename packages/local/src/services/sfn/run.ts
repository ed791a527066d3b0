import type { Cloud } from '../../cloud.ts';
import type { Call } from '../../service.ts';
import { contextOf } from './context.ts';
import { readDefinition, type StateMachineDefinition, type StateOf } from './definition.ts';
import { fail, succeed, timeOut } from './ending.ts';
import { addEvent, mostEvents, stateEvent } from './history.ts';
import { invokeLambda } from './lambda-task.ts';
import { type ExecutionRecord, findExecution } from './records.ts';
import { retryOf } from './retry.ts';
import { evaluate, type Failure, type Json, StateFailure, type Step, type TaskOutcome, takeStep } from './step.ts';
import { addOutcome, addStart } from './task-events.ts';
import { waitUntil } from './wait.ts';

/** What is scheduled for an execution; it counts only if nothing was scheduled since. */
interface Turn {
  arn: string;
  turn: number;
}

/** Bytes that a state may hand on. */
export const maxData = 262_144;
/** After how many virtual milliseconds it is seen whether a function still runs. */
const look = 60_000;

/** Invocations under way in this process. Those of a process that has ended are not among them. */
const underWay = new WeakMap<Cloud, Set<string>>();

/** Enters the first state of an execution that has just been made. */
export function begin(execution: ExecutionRecord, call: Call): void {
  const { StartAt, TimeoutSeconds } = readDefinition(execution.definition);
  enter(execution, StartAt, execution.input, call);
  schedule(execution, 'proceed', 0, call);
  if (TimeoutSeconds !== undefined) {
    call.later(TimeoutSeconds * 1000, 'timeOut', { arn: execution.arn, started: execution.started.getTime() });
  }
}

export const executionTasks = {
  /** Goes on from where the execution stands. */
  async proceed(turn: Turn, call: Call): Promise<void> {
    const execution = current(turn, call);
    if (execution) await run(execution, call);
  },

  /**
   * Looks after an invocation. One that ended with the process of a kept state is made again, as its outcome is unknown:
   * functions of a state machine must bear that, as Step Functions too delivers at least once.
   */
  async look(turn: Turn, call: Call): Promise<void> {
    const execution = current(turn, call);
    if (!execution) return;
    if (underWay.get(call.cloud)?.has(keyOf(turn))) call.later(look, 'look', turn);
    else await run(execution, call);
  },

  /** A task has taken longer than it may. What its function still gives is ignored. */
  async expire(turn: Turn, call: Call): Promise<void> {
    const execution = current(turn, call);
    const failure = { error: 'States.Timeout', cause: '' };
    if (execution && (await taskEnded(execution, { failure }, call))) await run(execution, call);
  },

  timeOut({ arn, started }: { arn: string; started: number }, call: Call): void {
    const execution = findExecution(call, arn);
    if (execution?.status === 'RUNNING' && execution.started.getTime() === started) timeOut(execution, call);
  },
};

function current({ arn, turn }: Turn, call: Call): ExecutionRecord | undefined {
  const execution = findExecution(call, arn);
  return execution?.status === 'RUNNING' && execution.position.turn === turn ? execution : undefined;
}

function keyOf({ arn, turn }: Turn): string {
  return `${turn} ${arn}`;
}

function schedule({ arn, position }: ExecutionRecord, task: 'proceed' | 'look', ms: number, call: Call): Turn {
  position.turn += 1;
  const turn = { arn, turn: position.turn };
  call.later(ms, task, turn);
  return turn;
}

function enter(execution: ExecutionRecord, state: string, input: string, call: Call): void {
  const { States } = readDefinition(execution.definition);
  // Turns are never used twice, so that nothing scheduled for a state before counts in this one.
  const turn = execution.position.turn + 1;
  execution.position = { state, input, entered: call.clock.now(), attempts: [], turn };
  const details = { name: state, input };
  addEvent(execution, stateEvent(States[state]!.Type, 'Entered'), { stateEnteredEventDetails: details }, call);
}

/** Goes from state to state until time has to pass or the execution ends. */
async function run(execution: ExecutionRecord, call: Call): Promise<void> {
  const definition = readDefinition(execution.definition);
  for (;;) {
    const { position } = execution;
    const state = definition.States[position.state]!;
    try {
      if (state.Type === 'Task') {
        const outcome = await runTask(execution, state, call);
        if (!outcome || !(await taskEnded(execution, outcome, call))) return;
        continue;
      }
      if (state.Type === 'Wait' && !position.waiting) {
        const now = call.clock.now();
        const until = await waitUntil(state, inputOf(execution), contextOf(execution), now);
        position.waiting = true;
        schedule(execution, 'proceed', until - now, call);
        return;
      }
      const step = await takeStep(definition, position.state, inputOf(execution), contextOf(execution));
      if (!leave(execution, definition, step, call)) return;
    } catch (error) {
      if (!(error instanceof StateFailure)) throw error;
      leave(execution, definition, { failure: error.failure }, call);
      return;
    }
  }
}

function inputOf({ position }: ExecutionRecord): Json {
  return JSON.parse(position.input) as Json;
}

/** Undefined when the outcome no longer matters, or is not known as the local cloud has ended. */
async function runTask(
  execution: ExecutionRecord,
  state: StateOf<'Task'>,
  call: Call,
): Promise<TaskOutcome | undefined> {
  const input = inputOf(execution);
  const { InputPath, Parameters, Resource: resource } = state;
  const parameters = await evaluate({ InputPath, Parameters }, input, contextOf(execution));
  const timeout = await timeoutOf(state, input, execution);
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

async function timeoutOf(
  { TimeoutSeconds, TimeoutSecondsPath, InputPath }: StateOf<'Task'>,
  input: Json,
  execution: ExecutionRecord,
): Promise<number | undefined> {
  if (TimeoutSecondsPath === undefined) return TimeoutSeconds;
  const Parameters = { 'value.$': TimeoutSecondsPath };
  const { value } = (await evaluate({ InputPath, Parameters }, input, contextOf(execution))) as { value: Json };
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value;
  const cause = `The TimeoutSecondsPath parameter does not reference a positive integer: ${TimeoutSecondsPath} == ${JSON.stringify(value)}`;
  throw new StateFailure({ error: 'States.Runtime', cause });
}

/** Takes a task's outcome: on to the next state, to a catcher's, or to another attempt. True if another state is next. */
async function taskEnded(execution: ExecutionRecord, given: TaskOutcome, call: Call): Promise<boolean> {
  const definition = readDefinition(execution.definition);
  const { position } = execution;
  const { Resource, Retry } = definition.States[position.state] as StateOf<'Task'>;
  const outcome = withinLimit(given, position.state);
  // The task is over, whatever else was scheduled for it.
  position.turn += 1;
  addOutcome(execution, Resource, outcome, call);
  const retry = 'failure' in outcome && retryOf(Retry, outcome.failure.error, position.attempts, call.cloud.store);
  if (retry) {
    position.attempts[retry.retrier] = (position.attempts[retry.retrier] ?? 0) + 1;
    schedule(execution, 'proceed', retry.ms, call);
    return false;
  }
  const step = await takeStep(definition, position.state, inputOf(execution), contextOf(execution), outcome);
  return leave(execution, definition, step, call);
}

function withinLimit(outcome: TaskOutcome, state: string): TaskOutcome {
  if ('failure' in outcome || !isTooLarge(JSON.stringify(outcome.result))) return outcome;
  return { failure: tooLarge(`The state/task '${state}' returned a result`) };
}

/** Leaves the state for the next one, or ends the execution. True if another state is next. */
function leave(execution: ExecutionRecord, definition: StateMachineDefinition, step: Step, call: Call): boolean {
  if (execution.status !== 'RUNNING') return false;
  const { state: name } = execution.position;
  if ('failure' in step) return failed(execution, step.failure, call);
  const output = JSON.stringify(step.output);
  if (isTooLarge(output)) return failed(execution, tooLarge(`The state/task '${name}' returned a result`), call);
  const exited = stateEvent(definition.States[name]!.Type, 'Exited');
  addEvent(execution, exited, { stateExitedEventDetails: { name, output } }, call);
  if (step.next === undefined) {
    succeed(execution, output, call);
    return false;
  }
  if (execution.history.length >= mostEvents - 1) {
    const cause = `The execution reached the maximum number of history events (${mostEvents}).`;
    fail(execution, { error: 'States.Runtime', cause }, call);
    return false;
  }
  enter(execution, step.next, output, call);
  return true;
}

function failed(execution: ExecutionRecord, failure: Failure, call: Call): false {
  const { position, history } = execution;
  const entered = history.findLast(({ stateEnteredEventDetails }) => stateEnteredEventDetails)?.id;
  const where = `An error occurred while executing the state '${position.state}' (entered at the event id #${entered}).`;
  const cause = failure.error === 'States.Runtime' ? `${where} ${failure.cause}` : failure.cause;
  fail(execution, { ...failure, ...(cause !== undefined && { cause }) }, call);
  return false;
}

function isTooLarge(json: string): boolean {
  return Buffer.byteLength(json) > maxData;
}

function tooLarge(what: string) {
  const cause = `${what} with a size exceeding the maximum number of bytes service limit.`;
  return { error: 'States.DataLimitExceeded', cause };
}
