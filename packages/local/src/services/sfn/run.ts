import type { Call } from '../../service.ts';
import { contextOf } from './context.ts';
import { tooLarge } from './data-limit.ts';
import { readDefinition, type StateMachineDefinition, type StateOf } from './definition.ts';
import { fail, succeed, timeOut } from './ending.ts';
import { addEvent, mostEvents, stateEvent } from './history.ts';
import { type ExecutionRecord, findExecution, inputOf } from './records.ts';
import { retryOf } from './retry.ts';
import { current, type ScheduledStep, scheduleNext } from './schedule.ts';
import { type Failure, runStep, StateFailure, type Step, type TaskOutcome } from './step.ts';
import { isRunning, runTask } from './task.ts';
import { addOutcome } from './task-events.ts';
import { waitUntil } from './wait.ts';

/** Enters the first state of an execution that has just been made. */
export function begin(execution: ExecutionRecord, call: Call): void {
  const { StartAt, TimeoutSeconds } = readDefinition(execution.definition);
  enter(execution, StartAt, execution.input, call);
  scheduleNext(execution, 'proceed', 0, call);
  if (TimeoutSeconds !== undefined) {
    call.later(TimeoutSeconds * 1000, 'timeOut', { arn: execution.arn, started: execution.started.getTime() });
  }
}

export const executionTasks = {
  /** Goes on from where the execution stands. */
  async proceed(scheduled: ScheduledStep, call: Call): Promise<void> {
    const execution = current(scheduled, call);
    if (execution) await run(execution, call);
  },

  /**
   * Looks after an invocation. One that ended with the process of a kept state is made again, as its outcome is unknown:
   * functions of a state machine must be idempotent, as Step Functions too invokes at least once.
   */
  async poll(scheduled: ScheduledStep, call: Call): Promise<void> {
    const execution = current(scheduled, call);
    if (execution && !isRunning(scheduled, call)) await run(execution, call);
  },

  /** A task has taken longer than it may. What its function still gives is ignored. */
  async expire(scheduled: ScheduledStep, call: Call): Promise<void> {
    const execution = current(scheduled, call);
    const failure = { error: 'States.Timeout', cause: '' };
    if (execution && (await taskEnded(execution, { failure }, call))) await run(execution, call);
  },

  /** An execution has taken longer than its state machine lets it. */
  timeOut({ arn, started }: { arn: string; started: number }, call: Call): void {
    const execution = findExecution(call, arn);
    if (execution?.status === 'RUNNING' && execution.started.getTime() === started) timeOut(execution, call);
  },
};

/** Goes from state to state until time has to pass or the execution ends. */
async function run(execution: ExecutionRecord, call: Call): Promise<void> {
  while (await runState(execution, call).catch((error) => startFailed(execution, error, call)));
}

/** A state's work could not begin; a task's catchers may know what to do. True if another state is next. */
async function startFailed(execution: ExecutionRecord, error: unknown, call: Call): Promise<boolean> {
  if (!(error instanceof StateFailure)) throw error;
  const { failure } = error;
  const definition = readDefinition(execution.definition);
  const { state } = execution.position;
  if (definition.States[state]!.Type !== 'Task') return failed(execution, failure, call);
  const step = await runStep(definition, state, inputOf(execution), contextOf(execution), { failure });
  return leaveState(execution, definition, step, call);
}

/** True if another state is next. Throws StateFailure when the state's work cannot begin. */
async function runState(execution: ExecutionRecord, call: Call): Promise<boolean> {
  const { position } = execution;
  const definition = readDefinition(execution.definition);
  const state = definition.States[position.state]!;
  if (state.Type === 'Task') {
    const outcome = await runTask(execution, state, call);
    return outcome !== undefined && taskEnded(execution, outcome, call);
  }
  if (state.Type === 'Wait' && !position.waiting) {
    const now = call.clock.now();
    const until = await waitUntil(state, inputOf(execution), contextOf(execution), now);
    position.waiting = true;
    scheduleNext(execution, 'proceed', until - now, call);
    return false;
  }
  const step = await runStep(definition, position.state, inputOf(execution), contextOf(execution));
  return leaveState(execution, definition, step, call);
}

/** Takes a task's outcome: on to the next state or a catcher's, or to another attempt. True if another state is next. */
async function taskEnded(execution: ExecutionRecord, given: TaskOutcome, call: Call): Promise<boolean> {
  const { position } = execution;
  // The task is over, whatever else was scheduled for it.
  position.scheduleId += 1;
  const definition = readDefinition(execution.definition);
  const { Resource, Retry } = definition.States[position.state] as StateOf<'Task'>;
  const limit = 'result' in given ? tooLarge(JSON.stringify(given.result), position.state) : undefined;
  const outcome = limit ? { failure: limit } : given;
  addOutcome(execution, Resource, outcome, call);
  const error = 'failure' in outcome ? outcome.failure.error : undefined;
  const retry = error === undefined ? undefined : retryOf(Retry, error, position.attempts, call.cloud.store);
  if (retry) {
    position.attempts[retry.retrier] = (position.attempts[retry.retrier] ?? 0) + 1;
    scheduleNext(execution, 'proceed', retry.ms, call);
    return false;
  }
  const step = await runStep(definition, position.state, inputOf(execution), contextOf(execution), outcome);
  return leaveState(execution, definition, step, call);
}

function enter(execution: ExecutionRecord, state: string, input: string, call: Call): void {
  const { States } = readDefinition(execution.definition);
  // A schedule id is never used twice, so that nothing scheduled for a state before counts in this one.
  const scheduleId = execution.position.scheduleId + 1;
  execution.position = { state, input, entered: call.clock.now(), attempts: [], scheduleId };
  const details = { name: state, input };
  addEvent(execution, stateEvent(States[state]!.Type, 'Entered'), { stateEnteredEventDetails: details }, call);
}

/** Leaves the state for the next one, or ends the execution. True if another state is next. */
function leaveState(execution: ExecutionRecord, { States }: StateMachineDefinition, step: Step, call: Call): boolean {
  // It may have been stopped meanwhile.
  if (execution.status !== 'RUNNING') return false;
  if ('failure' in step) return failed(execution, step.failure, call);
  const { state: name } = execution.position;
  const output = JSON.stringify(step.output);
  const limit = tooLarge(output, name);
  if (limit) return failed(execution, limit, call);
  const exited = stateEvent(States[name]!.Type, 'Exited');
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
  if (failure.error !== 'States.Runtime') {
    fail(execution, failure, call);
    return false;
  }
  const entered = history.findLast(({ stateEnteredEventDetails }) => stateEnteredEventDetails)?.id;
  const where = `An error occurred while executing the state '${position.state}' (entered at the event id #${entered}).`;
  fail(execution, { ...failure, cause: `${where} ${failure.cause}` }, call);
  return false;
}
