import { javaPattern } from './java-pattern.ts';
import type { ServiceModel, Shape } from './service-model.ts';

/** A constraint of a shape, with AWS's words for it. */
interface Rule {
  text: string;
  holds(value: unknown): boolean;
}

const known = new WeakMap<Shape, readonly Rule[]>();

/** The words of each constraint that a value breaks; where it has an item, a key or a value that does, of all on those. */
export function brokenRules(model: ServiceModel, shape: Shape, value: unknown, isNullNamed: boolean): string[] {
  const broken = rulesOf(model, shape).filter((rule) => !rule.holds(value));
  const texts = broken.map(({ text }) => text);
  const within = (name: string | undefined, values: readonly unknown[], words: string) => {
    const rules = name === undefined ? [] : rulesOf(model, model.shapes[name]!);
    if (values.every((one) => rules.every((rule) => rule.holds(one)))) return;
    const all = rules.map(({ text }) => text);
    if (isNullNamed) all.push('Member must not be null');
    texts.push(`${words} must satisfy constraint: [${all.join(', ')}]`);
  };
  if (Array.isArray(value)) within(shape.item, value, 'Member');
  else if (isMap(shape, value)) {
    within(shape.key, Object.keys(value), 'Map keys');
    within(shape.value, Object.values(value), 'Map value');
  }
  return texts;
}

function isMap(shape: Shape, value: unknown): value is Record<string, unknown> {
  return (shape.key ?? shape.value) !== undefined && typeof value === 'object' && value !== null;
}

/** In the order in which AWS writes them. */
function rulesOf(model: ServiceModel, shape: Shape): readonly Rule[] {
  let rules = known.get(shape);
  if (!rules) {
    rules = [...makeRules(model, shape)];
    known.set(shape, rules);
  }
  return rules;
}

function* makeRules({ unconverted }: ServiceModel, shape: Shape): Generator<Rule> {
  const { min, max, pattern, enum: values } = shape;
  const bound = (limit: number) => (shape.number === 'float' && Number.isInteger(limit) ? `${limit}.0` : `${limit}`);
  const sized = (words: string, limit: number, holds: (size: number) => boolean): Rule => ({
    text: `Member must have ${shape.number ? 'value' : 'length'} ${words} than or equal to ${bound(limit)}`,
    holds: (value) => holds(sizeOf(value) ?? limit),
  });
  if (max !== undefined) yield sized('less', max, (size) => size <= max);
  if (min !== undefined) yield sized('greater', min, (size) => size >= min);
  if (pattern !== undefined && !unconverted.includes(pattern)) {
    const expression = javaPattern(pattern);
    yield {
      text: `Member must satisfy regular expression pattern: ${pattern}`,
      holds: (value) => typeof value !== 'string' || expression.test(value),
    };
  }
  if (values !== undefined) {
    const set = new Set<unknown>(values);
    yield {
      text: `Member must satisfy enum value set: [${values.join(', ')}]`,
      holds: (value) => typeof value !== 'string' || set.has(value),
    };
  }
}

/** A length, a number of items, or a number itself; undefined for what is of a wrong type. */
function sizeOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'string' || Array.isArray(value) || value instanceof Uint8Array) return value.length;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : undefined;
}
