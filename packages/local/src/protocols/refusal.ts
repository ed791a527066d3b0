import type { Model, OperationModel } from './model.ts';
import { InvalidInput, type Problem, type Step } from './problem.ts';
import { codeOf } from './refusal-codes.ts';

/** The error with which a service answers such an input. */
export function refusal(model: Model, operation: OperationModel, problems: readonly Problem[]): InvalidInput {
  const first = problems[0]!;
  const code = model.protocol === 'ec2' ? ec2Code(first) : codeOf(model, operation, first);
  return new InvalidInput(code, textOf(model, problems), problems);
}

function textOf(model: Model, problems: readonly Problem[]): string {
  const first = problems[0]!;
  if (model.protocol === 'ec2') return ec2Text(first);
  switch (model.id) {
    case 'ecr':
      return `Invalid parameter at '${place(first.path)}' failed to satisfy constraint: '${ruleOf(first)}'`;
    case 'sns':
      return `Invalid parameter: ${first.path[0]} Reason: ${sentence(first)}`;
    default: {
      const count = `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected`;
      return `${count}: ${problems.map(sentence).join('; ')}`;
    }
  }
}

/** What is wrong, with the member's place and its value. */
function sentence(problem: Problem): string {
  const at = problem.kind === 'unknown' ? dotted(problem.path) : place(problem.path);
  return `Value ${shown(problem)}at '${at}' failed to satisfy constraint: ${ruleOf(problem)}`;
}

function ruleOf(problem: Problem): string {
  switch (problem.kind) {
    case 'missing':
      return 'Member must not be null';
    case 'unknown':
      return `${problem.shape} has no such member`;
    case 'type':
      return `Member must be ${problem.wanted}`;
    case 'constraint':
      return problem.rule;
  }
}

function ec2Code({ kind }: Problem): string {
  if (kind === 'missing') return 'MissingParameter';
  return kind === 'unknown' ? 'UnknownParameter' : 'InvalidParameterValue';
}

function ec2Text(problem: Problem): string {
  const name = dotted(problem.path);
  const value = 'value' in problem ? problem.value : undefined;
  const is = `Value (${text(value)}) for parameter ${name} is invalid.`;
  switch (problem.kind) {
    case 'missing':
      return `The request must contain the parameter ${name}`;
    case 'unknown':
      return `The parameter ${name} is not recognized`;
    case 'type':
      return `${is} It must be ${problem.wanted}.`;
    case 'constraint':
      return `${is} ${problem.rule}.`;
  }
}

/** As AWS writes a member's place: each name begins in lower case, an item of a list is `1.member`. */
function place(path: readonly Step[]): string {
  const steps = path.map((step) =>
    typeof step === 'string' ? step[0]!.toLowerCase() + step.slice(1) : `${step.item}.member`,
  );
  return steps.join('.');
}

function dotted(path: readonly Step[]): string {
  return path.map((step) => (typeof step === 'string' ? step : step.item)).join('.');
}

/** How AWS writes structures is not documented. */
function shown(problem: Problem): string {
  if (!('value' in problem)) return '';
  const value = text(problem.value);
  return value === undefined ? '' : `'${value}' `;
}

/** Values as Java writes them: `[a, b]`, `{key=value}`. */
function text(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || value instanceof Date) return String(value);
  if (value instanceof Uint8Array) return `java.nio.HeapByteBuffer[pos=0 lim=${value.length} cap=${value.length}]`;
  const isList = Array.isArray(value);
  const items = Object.entries(value).map(([key, item]) => {
    const isText = typeof item !== 'object' || Array.isArray(item);
    return isText ? `${isList ? '' : `${key}=`}${text(item)}` : undefined;
  });
  if (items.includes(undefined)) return undefined;
  return isList ? `[${items.join(', ')}]` : `{${items.join(', ')}}`;
}
