import { ExecutionError, StateMachine } from 'aws-local-stepfunctions';
import { copyOf } from '../../copy.ts';
import type { State, StateMachineDefinition } from './definition.ts';

/**
 * The interpreter is used for what a state makes of its input, one state at a time: input and output processing,
 * intrinsic functions, choices, catchers. What takes time happens between two steps, on the cloud's clock, and is data:
 * a wait is over, or a task has its outcome, before its state is stepped through. So none of the interpreter's own
 * timers ever runs down: it waits 0 ms where a wait is overridden, which sets no timer, and the timer of a task's
 * timeout is cleared in the same turn of the event loop.
 */

export type Json = Parameters<StateMachine['run']>[0];

/** How an execution or a state failed; Step Functions leaves out what a Fail state does not give. */
export interface Failure {
  error?: string;
  cause?: string;
}

export type NamedFailure = Required<Failure>;

/** Errors that nothing retries or catches. */
export function isTerminal(error: string): boolean {
  return error === 'States.Runtime' || error === 'States.DataLimitExceeded';
}

/** What the resource of a task gave. */
export type TaskOutcome = { result: Json } | { failure: NamedFailure };

/** What comes of a state: the next one and its input, the end of the execution, or its failure. */
export type Step = { output: Json; next?: string } | { failure: Failure };

/** No state can have this name. */
const wrappedState = '';

/** Steps through a state. A task takes its `outcome` from outside; retriers are the caller's, catchers are not. */
export async function runStep(
  definition: StateMachineDefinition,
  name: string,
  input: Json,
  context: object,
  outcome?: TaskOutcome,
): Promise<Step> {
  const state = definition.States[name]!;
  const run = machineOf(definition, name).run(input, {
    context: contextFor(context),
    overrides: {
      taskResourceLocalHandlers: { [wrappedState]: () => settled(outcome) },
      waitTimeOverrides: { [wrappedState]: 0 },
    },
  });
  try {
    const output = await run.result;
    const entered = await Array.fromAsync(run.eventLogs, (event) => event.type === 'StateEntered' && event.state.name);
    const next = entered.filter((entry) => entry !== false)[1];
    return next === undefined ? { output } : { output, next };
  } catch (error) {
    return { failure: failureOf(error, state) };
  }
}

/** The machines that are made of each definition's states. */
const machines = new WeakMap<StateMachineDefinition, Map<string, StateMachine>>();

/** A machine of which one state is run, and every other one is its end. */
function machineOf(definition: StateMachineDefinition, name: string): StateMachine {
  const made = machines.get(definition) ?? new Map<string, StateMachine>();
  machines.set(definition, made);
  const machine = made.get(name) ?? makeMachine(definition, name);
  made.set(name, machine);
  return machine;
}

function makeMachine({ States }: StateMachineDefinition, name: string): StateMachine {
  const ends = Object.keys(States).map((one) => [one, { Type: 'Succeed' } as State]);
  const state = withOwnContext(withoutWaiting(States[name]!));
  const definition = { StartAt: wrappedState, States: Object.fromEntries([...ends, [wrappedState, state]]) };
  return new StateMachine(definition, { validationOptions: { noValidate: true } });
}

/** Retries and a task's timeout are for those who know the time. */
function withoutWaiting(state: State): State {
  const { Retry, TimeoutSeconds, TimeoutSecondsPath, ...rest } = state as State & Record<string, unknown>;
  return rest as State;
}

/** What a state makes of its input by its `InputPath` and `Parameters`. Throws StateFailure. */
export async function evaluate(
  template: { InputPath?: string | null; Parameters?: Json },
  input: Json,
  context: object,
): Promise<Json> {
  const name = 'Evaluate';
  // The interpreter takes a member that is undefined for one that is there.
  const state = copyOf({ Type: 'Pass', ...template, End: true } satisfies State);
  const step = await runStep({ StartAt: name, States: { [name]: state } }, name, input, context);
  if ('output' in step) return step.output;
  const { error = 'States.Runtime', cause = '' } = step.failure;
  throw new StateFailure({ error, cause });
}

/** What a path points to in a state's input. Throws StateFailure. */
export async function evaluatePath(
  path: string,
  InputPath: string | null | undefined,
  input: Json,
  context: object,
): Promise<Json> {
  const { value } = (await evaluate({ InputPath, Parameters: { 'value.$': path } }, input, context)) as { value: Json };
  return value;
}

/** A state failed before its work began. */
export class StateFailure extends Error {
  readonly failure: NamedFailure;
  constructor(failure: NamedFailure) {
    super(failure.cause);
    this.failure = failure;
  }
}

async function settled(outcome: TaskOutcome | undefined): Promise<Json> {
  if (!outcome) throw new Error('Stepping through a task: it has no outcome');
  if ('result' in outcome) return outcome.result;
  const { error: name, cause } = outcome.failure;
  throw Object.assign(new Error(cause), { name, isCatchable: !isTerminal(name) });
}

function failureOf(error: unknown, state: State): Failure {
  if (!(error instanceof ExecutionError)) throw error;
  const { name, message } = error.cause as Error;
  if (state.Type !== 'Fail') return { error: name, cause: message };
  // The interpreter has texts of its own for what the state leaves out.
  return {
    ...((state.Error ?? state.ErrorPath) !== undefined && { error: name }),
    ...((state.Cause ?? state.CausePath) !== undefined && { cause: message }),
  };
}

/**
 * The interpreter makes `$$.Execution` itself, from the real time and, as each state is run on its own, with the
 * state's input. The execution's own is therefore given under another name, and paths are led there.
 */
function contextFor({ Execution, ...context }: { Execution?: unknown }) {
  return { ...context, TheExecution: Execution };
}

function withOwnContext<T>(value: T): T {
  return lead(value) as T;
}

function lead(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/\$\$\.Execution\b/g, '$$$$.TheExecution');
  if (Array.isArray(value)) return value.map(lead);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const isPath = typeof item !== 'string' || /(\.\$|Path|Variable)$/.test(key);
      return [key, isPath ? lead(item) : item];
    }),
  );
}
