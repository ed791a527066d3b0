import { AwsError } from '../errors.ts';
import type { Model, OperationModel } from './model.ts';
import type { Problem, Step } from './problem.ts';
import { codeOf } from './refusal-codes.ts';

/** The error with which a service answers such an input. */
export function refusal(model: Model, operation: OperationModel, problems: readonly Problem[]): AwsError {
  const first = problems[0]!;
  if (model.protocol === 'ec2') return ec2Refusal(first);
  const code = codeOf(model, operation, first);
  switch (model.id) {
    case 'ecr':
      return new AwsError(
        code,
        `Invalid parameter at '${place(first.path)}' failed to satisfy constraint: '${ruleOf(first)}'`,
      );
    case 'sns':
      return new AwsError(code, `Invalid parameter: ${first.path[0]} Reason: ${sentence(first)}`);
    default: {
      const count = `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected`;
      return new AwsError(code, `${count}: ${problems.map(sentence).join('; ')}`);
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

function ec2Refusal(problem: Problem): AwsError {
  const name = dotted(problem.path);
  const value = 'value' in problem ? problem.value : undefined;
  const is = `Value (${text(value)}) for parameter ${name} is invalid.`;
  switch (problem.kind) {
    case 'missing':
      return new AwsError('MissingParameter', `The request must contain the parameter ${name}`);
    case 'unknown':
      return new AwsError('UnknownParameter', `The parameter ${name} is not recognized`);
    case 'type':
      return new AwsError('InvalidParameterValue', `${is} It must be ${problem.wanted}.`);
    case 'constraint':
      return new AwsError('InvalidParameterValue', `${is} ${problem.rule}.`);
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
