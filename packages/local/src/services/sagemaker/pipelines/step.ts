import { invalid } from '../records.ts';

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

export interface StepDefinition {
  Name: string;
  Type: string;
  Arguments?: Record<string, Json>;
  DependsOn?: string[];
  DisplayName?: string;
  Description?: string;
  /** Of a Lambda step. */
  FunctionArn?: Json;
  OutputParameters?: { OutputName: string; OutputType?: string }[];
  /** Of a Processing step. */
  PropertyFiles?: { PropertyFileName: string; OutputName: string; FilePath: string }[];
}

/** That a definition cannot be taken. Of what AWS says of that, the beginning and the first two texts are known. */
export function unparsable(problem: string) {
  return invalid(`Unable to parse pipeline definition. ${problem}`);
}

/** What a step's type asks of it. */
const rules: Record<string, (step: StepDefinition) => string | undefined> = {
  Processing: hasArguments,
  Training: hasArguments,
  Transform: hasArguments,
  Tuning: hasArguments,
  Model: hasArguments,
  RegisterModel: hasArguments,
  Condition: (step) =>
    hasArguments(step) ??
    ['Conditions', 'IfSteps', 'ElseSteps']
      .filter((name) => !Array.isArray(step.Arguments![name] ?? []))
      .map((name) => `'${name}' of the step '${step.Name}' is no list.`)[0] ??
    (step.Arguments!.Conditions ? undefined : `The step '${step.Name}' has no Conditions.`),
  Lambda: (step) => (step.FunctionArn === undefined ? `The step '${step.Name}' has no FunctionArn.` : undefined),
  Fail: hasArguments,
};

/** Types of AWS's that the local cloud cannot play. */
const others = ['AutoML', 'Callback', 'ClarifyCheck', 'EMR', 'EMRServerless', 'QualityCheck'];

function hasArguments({ Name, Arguments }: StepDefinition): string | undefined {
  return isObject(Arguments) ? undefined : `The step '${Name}' has no Arguments.`;
}

/** Throws a ValidationException unless a step has what its type asks for. */
export function checkStep(step: StepDefinition): void {
  const { Name, Type, DependsOn = [] } = step;
  if (typeof Name !== 'string' || !/^[A-Za-z0-9\-_]{1,64}$/.test(Name)) {
    throw unparsable(`'${String(Name)}' is not the name of a step.`);
  }
  if (others.includes(Type)) throw unparsable(`The local cloud does not run steps of the type ${Type}.`);
  if (!Object.hasOwn(rules, Type)) {
    const known = [...Object.keys(rules), ...others].sort().join(', ');
    throw unparsable(`Value '${String(Type)}' for 'Type' failed to satisfy enum value set: [${known}]`);
  }
  if (!Array.isArray(DependsOn)) throw unparsable('Expecting start of Json Array.');
  const problem = rules[Type]!(step);
  if (problem !== undefined) throw unparsable(problem);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
