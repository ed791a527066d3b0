import { type Place, shown, type Type, type } from './type.ts';

/** What a service says of a member beyond its type. It is checked after the value is read. */
export interface Constraints {
  /** The only texts. */
  readonly values?: readonly string[];
  /** A regular expression for the whole text. */
  readonly pattern?: string;
  /** What the pattern accepts, as an error says it: `the id of a domain, such as d-abcdefghijkl`. The pattern if omitted. */
  readonly words?: string;
  /** Of a text, the length; of a list or map, the number of items; of a number, the value. */
  readonly min?: number;
  readonly max?: number;
  /** Of a structure, its members; of a list or map, each value. */
  readonly members?: Readonly<Record<string, Constraints>>;
  readonly item?: Constraints;
}

/** The type with the constraints on the value itself. */
export function constrained<T>(own: Type<T, false>, constraints: Constraints | undefined): Type<T, false> {
  if (!constraints) return own;
  const read = (value: unknown, place: Place) => {
    const found = own.read(value, place);
    const problem = found === undefined ? undefined : problemOf(found, constraints);
    return problem === undefined ? found : place.wrong(`${problem}, got ${shown(value)}`);
  };
  return type(read, own.words, own);
}

/** The first problem: a pattern is not tried on a text that is too long. */
function problemOf(value: unknown, { values, pattern, words, min, max }: Constraints): string | undefined {
  const [size, unit] = sizeOf(value);
  if (size !== undefined && min !== undefined && size < min) return `expected at least ${min}${unit}`;
  if (size !== undefined && max !== undefined && size > max) return `expected at most ${max}${unit}`;
  if (typeof value !== 'string') return undefined;
  if (values && !values.includes(value)) return `expected one of ${values.join(', ')}`;
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(value)) {
    return `expected ${words ?? `a text that matches ${pattern}`}`;
  }
  return undefined;
}

function sizeOf(value: unknown): [size: number | undefined, unit: string] {
  if (typeof value === 'number') return [value, ''];
  // AWS counts characters, not the units of UTF-16.
  if (typeof value === 'string') return [[...value].length, ' characters'];
  if (Array.isArray(value)) return [value.length, ' items'];
  const isMap = value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype;
  return isMap ? [Object.keys(value).length, ' entries'] : [undefined, ''];
}
