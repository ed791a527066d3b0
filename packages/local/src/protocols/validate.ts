import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../errors.ts';
import { type Model, type OperationModel, type Protocol, requiredMembers } from './model.ts';

type Problem = { path: string[] } & (
  | { kind: 'missing' }
  | { kind: 'unknown'; shape: string }
  | { kind: 'type'; value: unknown; wanted: string }
);

/**
 * Checks an operation's input against its schema: no unknown member, none of a wrong type, no required one missing.
 * Throws the error that a service of that protocol answers.
 */
export function validate(model: Model, operation: OperationModel, input: Record<string, unknown>): void {
  if (operation.input.isUnitSchema()) return;
  const problems = [...check(operation.input, input, [])];
  if (problems.length > 0) throw refusal(model, problems);
}

function* check(schema: NormalizedSchema, value: unknown, path: string[]): Generator<Problem> {
  if (value === undefined || value === null || schema.isDocumentSchema()) return;
  if (schema.isStructSchema()) {
    if (isPlain(value)) yield* checkStruct(schema, value, path);
    else yield { kind: 'type', path, value, wanted: 'a structure' };
  } else if (schema.isListSchema()) {
    if (!Array.isArray(value)) yield { kind: 'type', path, value, wanted: 'a list' };
    else for (const [i, item] of value.entries()) yield* check(schema.getValueSchema(), item, [...path, `${i + 1}`]);
  } else if (schema.isMapSchema()) {
    if (!isPlain(value)) yield { kind: 'type', path, value, wanted: 'a map' };
    else for (const [k, item] of Object.entries(value)) yield* check(schema.getValueSchema(), item, [...path, k]);
  } else {
    const wanted = expectedType(schema, value);
    if (wanted) yield { kind: 'type', path, value, wanted };
  }
}

function* checkStruct(schema: NormalizedSchema, value: Record<string, unknown>, path: string[]): Generator<Problem> {
  const members = new Map(schema.structIterator());
  for (const name of requiredMembers(schema)) {
    if (value[name] !== undefined && value[name] !== null) continue;
    // The SDK fills these in; AWS takes a request without them too.
    if (!members.get(name)?.isIdempotencyToken()) yield { kind: 'missing', path: [...path, name] };
  }
  for (const [name, item] of Object.entries(value)) {
    const member = members.get(name);
    if (member) yield* check(member, item, [...path, name]);
    else if (item !== undefined)
      yield { kind: 'unknown', path: [...path, name], shape: schema.getName() ?? 'the input' };
  }
}

function expectedType(schema: NormalizedSchema, value: unknown): string | undefined {
  if (schema.isStringSchema()) return typeof value === 'string' ? undefined : 'a string';
  if (schema.isBooleanSchema()) return typeof value === 'boolean' ? undefined : 'a boolean';
  if (schema.isNumericSchema()) return typeof value === 'number' ? undefined : 'a number';
  if (schema.isTimestampSchema()) return value instanceof Date ? undefined : 'a timestamp';
  if (schema.isBlobSchema()) return value instanceof Uint8Array || typeof value === 'string' ? undefined : 'a blob';
  return undefined;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !(value instanceof Uint8Array)
  );
}

const codes: Record<Protocol, string> = {
  'aws-json': 'ValidationException',
  'rest-json': 'ValidationException',
  query: 'ValidationError',
  ec2: 'InvalidParameterValue',
  'rest-xml': 'InvalidRequest',
};

function refusal(model: Model, problems: Problem[]): AwsError {
  if (model.protocol === 'ec2') return ec2Refusal(problems[0]!);
  const code = model.protocol === 'rest-json' && model.errors.has('BadRequest') ? 'BadRequest' : codes[model.protocol];
  const count = `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected`;
  return new AwsError(code, `${count}: ${problems.map(sentence).join('; ')}`);
}

function sentence(problem: Problem): string {
  switch (problem.kind) {
    case 'missing':
      return `Value at '${constraintPath(problem.path)}' failed to satisfy constraint: Member must not be null`;
    case 'unknown':
      return `Value at '${problem.path.join('.')}' failed to satisfy constraint: ${problem.shape} has no such member`;
    case 'type':
      return `Value '${show(problem.value)}' at '${constraintPath(problem.path)}' failed to satisfy constraint: Member must be ${problem.wanted}`;
  }
}

/** As AWS writes a member's place: each name begins in lower case, an item of a list is `1.member`. */
function constraintPath(path: string[]): string {
  return path.map((part) => (/^\d+$/.test(part) ? `${part}.member` : part[0]!.toLowerCase() + part.slice(1))).join('.');
}

function ec2Refusal(problem: Problem): AwsError {
  const name = problem.path.join('.');
  switch (problem.kind) {
    case 'missing':
      return new AwsError('MissingParameter', `The request must contain the parameter ${name}`);
    case 'unknown':
      return new AwsError('UnknownParameter', `The parameter ${name} is not recognized`);
    case 'type':
      return new AwsError(
        'InvalidParameterValue',
        `Value (${show(problem.value)}) for parameter ${name} is invalid. It must be ${problem.wanted}.`,
      );
  }
}

function show(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
