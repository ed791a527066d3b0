import type { NormalizedSchema } from '@smithy/core/schema';
import { brokenRules } from './constraints.ts';
import { type Model, type OperationModel, requiredMembers } from './model.ts';
import type { Problem, Step } from './problem.ts';
import { refusal } from './refusal.ts';
import { type ServiceModel, type Shape, serviceModel } from './service-model.ts';

/**
 * Checks an operation's input against its schema and AWS's service model: no unknown member, none of a wrong type, no
 * required one missing, none that breaks a constraint. Throws the error that the service answers.
 */
export function validate(model: Model, operation: OperationModel, input: Record<string, unknown>): void {
  if (operation.input.isUnitSchema()) return;
  const constraints = serviceModel(model.id);
  const name = constraints.operations[operation.name];
  const checker = new Checker(constraints, model.id === 'lambda');
  const problems = [...checker.check(operation.input, constraints.shapes[name ?? ''], input, [])];
  if (problems.length > 0) throw refusal(model, operation, problems);
}

class Checker {
  readonly #model: ServiceModel;
  /** Lambda says of lists and maps that nothing in them is null, too, where something in them is not as it must be. */
  readonly #isNullNamed: boolean;

  constructor(model: ServiceModel, isNullNamed: boolean) {
    this.#model = model;
    this.#isNullNamed = isNullNamed;
  }

  *check(schema: NormalizedSchema, shape: Shape | undefined, value: unknown, path: Step[]): Generator<Problem> {
    if (value === undefined || value === null || schema.isDocumentSchema()) return;
    const wanted = expectedType(schema, value);
    if (wanted !== undefined) {
      yield { kind: 'type', path, wanted, ...this.#shown(shape, value) };
      return;
    }
    // Those of items, keys and values are reported of the list or the map that has them.
    const isWithin = typeof path.at(-1) === 'object';
    for (const rule of shape && !isWithin ? brokenRules(this.#model, shape, value, this.#isNullNamed) : [])
      yield { kind: 'constraint', path, rule, ...this.#shown(shape, value) };
    if (schema.isStructSchema()) yield* this.#members(schema, shape, value as Record<string, unknown>, path);
    else if (schema.isListSchema()) {
      for (const [index, item] of (value as unknown[]).entries())
        yield* this.check(schema.getValueSchema(), this.#named(shape?.item), item, [...path, { item: index + 1 }]);
    } else if (schema.isMapSchema()) {
      for (const [key, item] of Object.entries(value))
        yield* this.check(schema.getValueSchema(), this.#named(shape?.value), item, [...path, { item: key }]);
    }
  }

  *#members(
    schema: NormalizedSchema,
    shape: Shape | undefined,
    value: Record<string, unknown>,
    path: Step[],
  ): Generator<Problem> {
    const members = new Map(schema.structIterator());
    for (const name of requiredMembers(schema)) {
      if (value[name] !== undefined && value[name] !== null) continue;
      // The SDK fills these in; AWS takes a request without them too.
      if (!members.get(name)?.isIdempotencyToken()) yield { kind: 'missing', path: [...path, name] };
    }
    for (const [name, item] of Object.entries(value)) {
      const member = members.get(name);
      if (member) yield* this.check(member, this.#named(shape?.members?.[name]), item, [...path, name]);
      else if (item !== undefined)
        yield {
          kind: 'unknown',
          path: [...path, name],
          shape: schema.getName() ?? 'the input',
          members: [...members.keys()],
        };
    }
  }

  #named(name: string | undefined): Shape | undefined {
    return name === undefined ? undefined : this.#model.shapes[name];
  }

  /** Secrets are not shown. */
  #shown(shape: Shape | undefined, value: unknown): { value?: unknown } {
    const consistsOf = [shape, this.#named(shape?.item), this.#named(shape?.key), this.#named(shape?.value)];
    return consistsOf.some((one) => one?.sensitive) ? {} : { value };
  }
}

function expectedType(schema: NormalizedSchema, value: unknown): string | undefined {
  if (schema.isStructSchema()) return isPlain(value) ? undefined : 'a structure';
  if (schema.isListSchema()) return Array.isArray(value) ? undefined : 'a list';
  if (schema.isMapSchema()) return isPlain(value) ? undefined : 'a map';
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
