import type { NormalizedSchema } from '@smithy/core/schema';
import { javaPattern } from '../../../../packages/local/src/protocols/java-pattern.ts';
import { type Model, requiredMembers } from '../../../../packages/local/src/protocols/model.ts';
import { type ServiceModel, type Shape, serviceModel } from '../../../../packages/local/src/protocols/service-model.ts';

/** A request with one thing wrong. */
export interface BrokenRequest {
  operation: string;
  input: Record<string, unknown>;
  /** The member's place as the service's errors write it, and its name in the input. */
  at: string;
  member: string;
  /** The value as errors show it, with what is around it; undefined where that is not simply known. */
  value?: string;
  /** What the member must satisfy. */
  rule: string;
}

interface Place {
  /** The input with a value at this place, and nothing else but what is required beside it. */
  inputWith: (value: unknown) => Record<string, unknown>;
  at: string;
  dotted: string;
}

/** A request for each constraint on the input of these operations, at each place where it holds. */
export function* brokenRequests(model: Model, operations: Iterable<string>): Generator<BrokenRequest> {
  const constraints = serviceModel(model.id);
  for (const operation of operations) {
    const { input } = model.operations.get(operation)!;
    if (input.isUnitSchema()) continue;
    const shape = constraints.shapes[constraints.operations[operation] ?? ''];
    const place = { inputWith: (value: unknown) => value as Record<string, unknown>, at: '', dotted: '' };
    for (const one of new Breaker(constraints).struct(input, shape, place)) yield { operation, ...one };
  }
}

type Broken = Omit<BrokenRequest, 'operation'>;

class Breaker {
  readonly #model: ServiceModel;
  /** The structures around a place: one that is in itself is broken once. */
  readonly #around: string[] = [];

  constructor(model: ServiceModel) {
    this.#model = model;
  }

  *struct(schema: NormalizedSchema, shape: Shape | undefined, place: Place): Generator<Broken> {
    const name = schema.getName() ?? '';
    if (this.#around.includes(name)) return;
    this.#around.push(name);
    const required = requiredMembers(schema);
    const members = new Map(schema.structIterator());
    const tokens = new Set(required.filter((one) => members.get(one)?.isIdempotencyToken()));
    const beside = Object.fromEntries(required.map((one) => [one, filler(members.get(one)!)]));
    for (const one of required) {
      if (tokens.has(one)) continue;
      const { [one]: _, ...others } = beside;
      const { at, dotted } = within(place, one);
      yield { input: place.inputWith(others), at, member: dotted, rule: 'Member must not be null' };
    }
    for (const [member, memberSchema] of members) {
      const inputWith = (value: unknown) => {
        const { [member]: _, ...others } = beside;
        return place.inputWith({ [member]: value, ...others });
      };
      yield* this.#value(memberSchema, this.#named(shape?.members?.[member]), { inputWith, ...within(place, member) });
    }
    this.#around.pop();
  }

  *#value(schema: NormalizedSchema, shape: Shape | undefined, place: Place): Generator<Broken> {
    if (shape)
      for (const [value, rule] of broken(schema, shape)) yield this.#broken(place, value, value, rule, [shape]);
    if (schema.isStructSchema()) yield* this.struct(schema, shape, place);
    if (schema.isListSchema()) yield* this.#list(schema, shape, place);
    if (schema.isMapSchema()) yield* this.#map(schema, shape, place);
  }

  *#list(schema: NormalizedSchema, shape: Shape | undefined, place: Place): Generator<Broken> {
    const [itemSchema, item] = [schema.getValueSchema(), this.#named(shape?.item)];
    const listOf = (value: unknown) => Array.from({ length: Math.max(shape?.min ?? 0, 1) }, () => value);
    for (const [value] of item ? broken(itemSchema, item) : [])
      yield this.#broken(place, listOf(value), value, `Member must satisfy constraint: [${rules(item!)}`, [
        shape!,
        item!,
      ]);
    const inner = { ...place, inputWith: (value: unknown) => place.inputWith(listOf(value)) };
    if (!isScalar(itemSchema)) yield* this.#inner(itemSchema, item, { ...inner, ...within(place, '1.member', '1') });
  }

  *#map(schema: NormalizedSchema, shape: Shape | undefined, place: Place): Generator<Broken> {
    const [valueSchema, key, item] = [schema.getValueSchema(), this.#named(shape?.key), this.#named(shape?.value)];
    for (const [value] of key ? broken(schema.getKeySchema(), key) : []) {
      const map = { [value as string]: filler(valueSchema) };
      yield this.#broken(place, map, undefined, `Map keys must satisfy constraint: [${rules(key!)}`, [shape!, key!]);
    }
    for (const [value] of item ? broken(valueSchema, item) : [])
      yield this.#broken(place, { k: value }, undefined, `Map value must satisfy constraint: [${rules(item!)}`, [
        item!,
      ]);
    const inner = { ...place, inputWith: (value: unknown) => place.inputWith({ k: value }) };
    if (!isScalar(valueSchema)) yield* this.#inner(valueSchema, item, { ...inner, ...within(place, 'k.member', 'k') });
  }

  /** What is in an item: its own constraints are those of its list or map. */
  #inner(schema: NormalizedSchema, shape: Shape | undefined, place: Place): Generator<Broken> {
    if (schema.isStructSchema()) return this.struct(schema, shape, place);
    return schema.isListSchema() ? this.#list(schema, shape, place) : this.#map(schema, shape, place);
  }

  #broken({ inputWith, at, dotted }: Place, value: unknown, scalar: unknown, rule: string, shapes: Shape[]): Broken {
    const isShort = /^(string|number)$/.test(typeof scalar) && `${scalar}`.length < 100;
    const isSecret = [...shapes, this.#named(shapes[0]?.item)].some((one) => one?.sensitive);
    const shown = Array.isArray(value) ? `[${value.join(', ')}]` : `${scalar}`;
    const inText = isSecret ? { value: 'Value ' } : isShort ? { value: `Value '${shown}' ` } : {};
    return { input: inputWith(value), at, member: dotted, rule, ...inText };
  }

  #named(name: string | undefined): Shape | undefined {
    return name === undefined ? undefined : this.#model.shapes[name];
  }
}

function within({ at, dotted }: Place, name: string, dottedName = name): { at: string; dotted: string } {
  const join = (one: string, other: string) => (one === '' ? other : `${one}.${other}`);
  return { at: join(at, name[0]!.toLowerCase() + name.slice(1)), dotted: join(dotted, dottedName) };
}

const isScalar = (schema: NormalizedSchema) =>
  !schema.isStructSchema() && !schema.isListSchema() && !schema.isMapSchema();

/** Something of the right type. */
function filler(schema: NormalizedSchema): unknown {
  if (schema.isStructSchema()) return {};
  if (schema.isListSchema()) return [];
  if (schema.isMapSchema()) return {};
  if (schema.isBooleanSchema()) return true;
  if (schema.isNumericSchema()) return 1;
  if (schema.isTimestampSchema()) return new Date(0);
  return schema.isBlobSchema() ? new Uint8Array() : 'x';
}

/** Texts of many kinds, of which most patterns allow only some. */
const texts = ['\u0001', ' ', '', '!', 'é', '\n', '-', 'aws:a', '\ufffe', '/', 'x'];

/** A text of the right length that this pattern does not match, where there is one among these. */
export function unmatched({ pattern = '', min = 0, max = Number.POSITIVE_INFINITY }: Shape): string | undefined {
  const expression = javaPattern(pattern);
  const all = texts.flatMap((text) => [text, text.repeat(min)]);
  return all.find((text) => text.length >= min && text.length <= max && !expression.test(text));
}

/** Values that break a shape's own constraints, one by one, and the words for what each breaks. */
function* broken(schema: NormalizedSchema, shape: Shape): Generator<Breach> {
  const { min, max, pattern, enum: values, number } = shape;
  if (max !== undefined) yield [sized(schema, max + 1), rules({ max, number })];
  if (min !== undefined && (number || min > 0)) yield [sized(schema, min - 1), rules({ min, number })];
  const text = pattern === undefined ? undefined : unmatched(shape);
  if (text !== undefined) yield [text, rules({ pattern })];
  if (values) yield ['no such value', rules({ enum: values })];
}

type Breach = [value: unknown, rule: string];

/** A value of that size: a number, a text of that length, a list or a map with so much in it. */
function sized(schema: NormalizedSchema, size: number): unknown {
  if (schema.isNumericSchema()) return size;
  if (schema.isStringSchema()) return 'a'.repeat(size);
  if (schema.isBlobSchema()) return new Uint8Array(size);
  const items = Array.from({ length: size }, (_, index) => [`k${index}`, filler(schema.getValueSchema())] as const);
  return schema.isMapSchema() ? Object.fromEntries(items) : items.map(([, item]) => item);
}

/** A shape's constraints as AWS writes them. */
function rules({ min, max, pattern, enum: values, number }: Shape): string {
  const what = `Member must have ${number ? 'value' : 'length'}`;
  const bound = (limit: number) => (number === 'float' ? limit.toFixed(1) : `${limit}`);
  return [
    ...(max === undefined ? [] : [`${what} less than or equal to ${bound(max)}`]),
    ...(min === undefined ? [] : [`${what} greater than or equal to ${bound(min)}`]),
    ...(pattern === undefined ? [] : [`Member must satisfy regular expression pattern: ${pattern}`]),
    ...(values ? [`Member must satisfy enum value set: [${values.join(', ')}]`] : []),
  ].join(', ');
}
