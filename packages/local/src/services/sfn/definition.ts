import { StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions';
import { invalidDefinition } from './errors.ts';

export type { StateMachineDefinition };
export type State = StateMachineDefinition['States'][string];
export type StateOf<Type extends State['Type']> = Extract<State, { Type: Type }>;
export type Retrier = NonNullable<StateOf<'Task'>['Retry']>[number];

/** The states that the local cloud runs. Each is one step, so that a kept execution goes on from where it stood. */
const runnable: readonly string[] = ['Task', 'Wait', 'Choice', 'Pass', 'Succeed', 'Fail'];

/** What was read: every state of every execution asks for its definition. */
const read = new Map<string, StateMachineDefinition>();

/** Reads a definition that `checkDefinition` has let pass. Callers do not change it. */
export function readDefinition(text: string): StateMachineDefinition {
  const known = read.get(text) ?? (JSON.parse(text) as StateMachineDefinition);
  read.set(text, known);
  return known;
}

/** Throws InvalidDefinition for what Step Functions refuses, and for what the local cloud does not run. */
export function checkDefinition(text: string): void {
  const problem = problemOf(text);
  if (problem !== undefined) throw invalidDefinition(problem);
}

/** What is known of definitions: the validator compiles its schema anew each time, which takes longer than the rest. */
const checked = new Map<string, string | undefined>();

/** What is wrong with a definition, if anything. */
export function problemOf(text: string): string | undefined {
  if (!checked.has(text)) checked.set(text, findProblem(text));
  return checked.get(text);
}

function findProblem(text: string): string | undefined {
  let definition: unknown;
  try {
    definition = JSON.parse(text);
  } catch (cause) {
    return `INVALID_JSON_DESCRIPTION: ${(cause as Error).message}`;
  }
  if (typeof definition !== 'object' || definition === null || Array.isArray(definition)) {
    return 'INVALID_JSON_DESCRIPTION: Expected value of type Object';
  }
  const machine = definition as StateMachineDefinition;
  // The validator knows more of the language than runs here, so what does not is told apart first.
  return languageProblem(machine) ?? schemaProblem(machine) ?? localProblem(machine);
}

function languageProblem({ States = {}, ...machine }: StateMachineDefinition): string | undefined {
  const at = Object.entries({ ...States, 'the state machine': machine }).find(([, value]) => {
    return isMap(value) && 'QueryLanguage' in value && value.QueryLanguage !== 'JSONPath';
  });
  return at && `UNSUPPORTED_QUERY_LANGUAGE: the local cloud evaluates JSONPath only, which ${at[0]} does not use`;
}

function schemaProblem(definition: StateMachineDefinition): string | undefined {
  try {
    new StateMachine(definition, { validationOptions: { checkArn: false } });
    return undefined;
  } catch (cause) {
    return `SCHEMA_VALIDATION_FAILED: ${(cause as Error).message.replace(/^[^\n]*\n\s*/, '')}`;
  }
}

function localProblem({ States }: StateMachineDefinition): string | undefined {
  for (const [name, state] of Object.entries(States)) {
    if (!runnable.includes(state.Type)) {
      return `UNSUPPORTED_STATE: the local cloud runs ${runnable.join(', ')} states, not ${state.Type} (at /States/${name})`;
    }
    if (state.Type === 'Task' && !isLambda(state.Resource)) {
      return `UNSUPPORTED_RESOURCE: the local cloud runs Lambda functions, as arn:aws:states:::lambda:invoke or by their ARN, not ${state.Resource} (at /States/${name}/Resource)`;
    }
  }
  return undefined;
}

function isLambda(resource: string): boolean {
  return isOptimised(resource) || /^arn:aws[a-zA-Z-]*:lambda:[^:]+:\d{12}:function:[^:]+(:[^:]+)?$/.test(resource);
}

/** Whether a Task calls Lambda's Invoke with parameters of its own choice, and not one function with its input. */
export function isOptimised(resource: string): boolean {
  return /^arn:aws[a-zA-Z-]*:states:::lambda:invoke$/.test(resource);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
