import { checkStep, isObject, type Json, type StepDefinition, unparsable } from './step.ts';

export interface ParameterDefinition {
  Name: string;
  Type: 'String' | 'Integer' | 'Boolean' | 'Float';
  DefaultValue?: string | number | boolean;
  EnumValues?: Json[];
}

export interface PipelineDefinition {
  Version: string;
  Parameters: ParameterDefinition[];
  PipelineExperimentConfig?: Json;
  Steps: StepDefinition[];
}

/** A step of a definition, and the branches of conditions that lead to it, outermost first. */
export interface PlacedStep {
  step: StepDefinition;
  branches: { condition: string; outcome: boolean }[];
}

/** Reads a definition. Throws a ValidationException that says what is wrong with it. */
export function readDefinition(text: string): PipelineDefinition {
  const definition = parse(text);
  const { Version, Parameters = [], Steps } = definition;
  if (Version !== '2020-12-01') {
    throw unparsable(`Value '${String(Version)}' for 'Version' failed to satisfy enum value set: [2020-12-01]`);
  }
  if (!Array.isArray(Parameters) || !Array.isArray(Steps)) throw unparsable('Expecting start of Json Array.');
  if (Steps.length === 0) throw unparsable("'Steps' has no step.");
  const read = { ...definition, Version, Parameters, Steps } as PipelineDefinition;
  checkParameters(read.Parameters);
  for (const { step } of placedSteps(read)) checkStep(step);
  checkReferences(read);
  return read;
}

function parse(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw unparsable('Expecting start of Json Object.');
  }
  if (!isObject(value)) throw unparsable('Expecting start of Json Object.');
  return value;
}

const readable: Record<ParameterDefinition['Type'], (value: unknown) => boolean> = {
  String: (value) => typeof value === 'string',
  Integer: (value) => Number.isInteger(value),
  Boolean: (value) => typeof value === 'boolean',
  Float: (value) => typeof value === 'number',
};

function checkParameters(parameters: ParameterDefinition[]): void {
  const names = new Set<string>();
  for (const parameter of parameters) {
    if (!isObject(parameter)) throw unparsable('Expecting start of Json Object.');
    const { Name, Type, DefaultValue } = parameter;
    if (typeof Name !== 'string' || !/^[A-Za-z0-9\-_]+$/.test(Name)) {
      throw unparsable(`'${String(Name)}' is not the name of a parameter.`);
    }
    if (names.has(Name)) throw unparsable(`There are two parameters '${Name}'.`);
    names.add(Name);
    const types = Object.keys(readable);
    if (!types.includes(Type)) {
      throw unparsable(`Value '${String(Type)}' for 'Type' failed to satisfy enum value set: [${types.join(', ')}]`);
    }
    if (DefaultValue !== undefined && !readable[Type](DefaultValue)) {
      throw unparsable(`The default of the parameter '${Name}' is not of its type ${Type}.`);
    }
  }
}

/** Every step of a definition, those in the branches of conditions too, in the order of the text. */
export function placedSteps({ Steps }: Pick<PipelineDefinition, 'Steps'>): PlacedStep[] {
  const walk = (steps: Json | StepDefinition[] | undefined, branches: PlacedStep['branches']): PlacedStep[] => {
    if (!Array.isArray(steps)) return [];
    return (steps as StepDefinition[]).flatMap((step) => {
      if (!isObject(step)) throw unparsable('Expecting start of Json Object.');
      const { Name: condition, Arguments } = step;
      const into = (outcome: boolean) => [...branches, { condition, outcome }];
      return [{ step, branches }, ...walk(Arguments?.IfSteps, into(true)), ...walk(Arguments?.ElseSteps, into(false))];
    });
  };
  return walk(Steps, []);
}

/** The steps that must have succeeded before this one: those that it names, and those whose properties it takes. */
export function dependenciesOf(step: StepDefinition, names: ReadonlySet<string>): string[] {
  const { IfSteps: _, ElseSteps: __, ...own } = step.Arguments ?? {};
  const used = referencesIn([own, step.FunctionArn ?? null])
    .map((reference) => /^Steps\.([^.[]+)/.exec(reference)?.[1])
    .filter((name) => name !== undefined);
  return [...new Set([...(step.DependsOn ?? []), ...used])].filter((name) => names.has(name));
}

/** What `{"Get": "…"}` names in a value, at every depth. */
export function referencesIn(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== 'object' || value === null) return [];
  const { Get } = value;
  return typeof Get === 'string' ? [Get] : Object.values(value).flatMap(referencesIn);
}

function checkReferences(definition: PipelineDefinition): void {
  const placed = placedSteps(definition);
  const names = placed.map(({ step }) => step.Name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw unparsable(`There are two steps '${twice}'.`);
  const steps = new Set(names);
  const parameters = new Set(definition.Parameters.map(({ Name }) => Name));
  for (const { step } of placed) {
    const unknown = (step.DependsOn ?? []).find((name) => !steps.has(name));
    if (unknown !== undefined)
      throw unparsable(`The step '${step.Name}' depends on '${unknown}', which does not exist.`);
    for (const reference of referencesIn([step.Arguments ?? {}, step.FunctionArn ?? null])) {
      const [, kind, name = ''] = /^(Parameters|Steps|Execution)\.([^.[]+)/.exec(reference) ?? [];
      const isKnown = kind === 'Parameters' ? parameters.has(name) : kind === 'Steps' ? steps.has(name) : Boolean(kind);
      if (!isKnown) throw unparsable(`The step '${step.Name}' refers to '${reference}', which does not exist.`);
    }
  }
  checkOrder(placed, steps);
}

/** Throws where steps wait for each other. */
function checkOrder(placed: PlacedStep[], names: ReadonlySet<string>): void {
  const rest = new Map(
    placed.map(({ step, branches }) => {
      const before = [...dependenciesOf(step, names), ...branches.map(({ condition }) => condition)];
      return [step.Name, new Set(before)] as const;
    }),
  );
  for (let free: string[] = ['']; free.length > 0; ) {
    free = [...rest].filter(([, before]) => ![...before].some((name) => rest.has(name))).map(([name]) => name);
    for (const name of free) rest.delete(name);
  }
  if (rest.size > 0) throw unparsable(`The steps ${[...rest.keys()].join(', ')} wait for each other.`);
}
