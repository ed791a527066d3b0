import { ExecutionError, StateMachine } from 'aws-local-stepfunctions';
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

/** What the resource of a task gave. */
export type TaskOutcome = { result: Json } | { failure: Required<Failure> };

/** What comes of a state: the next one and its input, the end of the execution, or its failure. */
export type Step = { output: Json; next?: string } | { failure: Failure };

/** No state can have this name. */
const here = '';

/** Steps through a state. A task takes its `outcome` from outside; retriers are the caller's, catchers are not. */
export async function takeStep(
  definition: StateMachineDefinition,
  name: string,
  input: Json,
  context: object,
  outcome?: TaskOutcome,
): Promise<Step> {
  const { Retry: _, ...state } = definition.States[name] as State & { Retry?: unknown };
  const ends = Object.keys(definition.States).map((one) => [one, { Type: 'Succeed' } as State]);
  const machine = { StartAt: here, States: Object.fromEntries([...ends, [here, withOwnContext(state as State)]]) };
  const run = new StateMachine(machine, { validationOptions: { noValidate: true } }).run(input, {
    context: contextFor(context),
    overrides: {
      taskResourceLocalHandlers: { [here]: () => settled(outcome) },
      waitTimeOverrides: { [here]: 0 },
    },
  });
  try {
    const output = await run.result;
    const entered = await Array.fromAsync(run.eventLogs, (event) => event.type === 'StateEntered' && event.state.name);
    const next = entered.filter((entry) => entry !== false)[1];
    return next === undefined ? { output } : { output, next };
  } catch (error) {
    return { failure: failureOf(error, state as State) };
  }
}

/** What a payload template, or a part of it, is for an input. Throws an Error that has the failure's name. */
export async function evaluate(
  template: { InputPath?: string | null; Parameters?: Json },
  input: Json,
  context: object,
): Promise<Json> {
  const state: State = { Type: 'Pass', ...template, End: true };
  const step = await takeStep({ StartAt: here, States: { only: state } }, 'only', input, context);
  if ('output' in step) return step.output;
  throw new StateFailure(step.failure);
}

/** A state failed before its work began. */
export class StateFailure extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.cause);
    this.failure = failure;
  }
}

async function settled(outcome: TaskOutcome | undefined): Promise<Json> {
  if (!outcome) throw new Error('Stepping through a task: it has no outcome');
  if ('result' in outcome) return outcome.result;
  throw Object.assign(new Error(outcome.failure.cause), { name: outcome.failure.error });
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
