import { nearest } from './nearest.ts';

/** Where a value stands among the properties: `['Tags', 0, 'Key']`. */
export type Path = readonly (string | number)[];

/** One thing that is wrong with the properties. The message does not repeat the path. */
export interface Issue {
  readonly path: Path;
  readonly message: string;
}

/** The place of the value that is being read. It gathers what is wrong, so that all of it is told at once. */
export interface Place {
  at(key: string | number): Place;
  /** Notes what is wrong with this value; always undefined, the value of what cannot be read. */
  wrong(message: string): undefined;
}

/** The outermost place; what is noted there and below lands in `issues`. */
export function placeOf(issues: Issue[], path: Path = []): Place {
  return {
    at: (key) => placeOf(issues, [...path, key]),
    wrong(message) {
      issues.push({ path, message });
      return undefined;
    },
  };
}

/** Undoes CloudFormation's strings for one value, or notes what is wrong with it. */
export type Read<T> = (value: unknown, place: Place) => T | undefined;

/** What schemas and references are made from: what a type takes, beyond its words. */
export interface Facts {
  /** Of a structure of one's own, and of lists of such: its members. */
  readonly members?: ReadonlyMap<string, Type<unknown>>;
  /** Of a list or map: the type of each value. */
  readonly item?: Type<unknown>;
  /** The only texts that it takes. */
  readonly values?: readonly string[];
  /** The form of a text. */
  readonly form?: RegExp;
  /** The bounds of a number, or of a text's length. */
  readonly min?: number;
  readonly max?: number;
  /** Of a member of an API's structure: the names of both. */
  readonly api?: readonly [structure: string, member: string];
}

/** The type of a property. `Optional` is true when the property may be missing from what has been read. */
export interface Type<T, Optional extends boolean = boolean> extends Facts {
  readonly read: Read<T>;
  /** What it takes, in words for a reference: `string`, `list of number`. */
  readonly words: string;
  /** What stands in for a missing property; without it, a missing property is an error. */
  readonly missing?: { readonly value: T | undefined };
  /** The same type for a property that may be left out. */
  optional(): Type<T, true>;
  /** The same type for a property that may be left out, and then has this value. */
  default(value: T): Type<T, false>;
  /** Only a type-level mark. */
  readonly isOptional?: Optional;
}

/** Makes a type of one's own from a function that reads a value. `words` say what it takes, and `facts` the rest. */
export function type<T>(read: Read<T>, words = 'string', facts: Facts = {}): Type<T, false> {
  return {
    ...facts,
    read,
    words,
    optional: () => ({ ...type(read, words, facts), isOptional: true, missing: { value: undefined } }),
    default: (value) => ({ ...type(read, words, facts), missing: { value } }),
  };
}

/** A value as an error message shows it: on one line, and never a piece of it, which nothing would know to redact. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (value !== null && typeof value === 'object') return 'an object';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `a text of ${text.length - 2} characters` : text;
}

/** The members of a structure by name. A map, so that a property called `constructor` finds nothing. */
export type Members = ReadonlyMap<string, Type<unknown>>;

/** A list of values of one type. CloudFormation gives a custom resource `[""]` for an empty list parameter. */
export function list<T>(item: Type<T>): Type<T[], false> {
  return type(
    (value, place) => {
      if (!Array.isArray(value)) return place.wrong(`expected a list, got ${shown(value)}`);
      const items = value.length === 1 && value[0] === '' ? [] : value;
      const read = items.map((each, index) => item.read(each, place.at(index)));
      return read.filter((each): each is Awaited<T> => each !== undefined);
    },
    `list of ${item.words}`,
    { members: item.members, item },
  );
}

/** A map from any names to values of one type. */
export function map<T>(item: Type<T>): Type<Record<string, T>, false> {
  return type(
    (value, place) => {
      if (!isObject(value)) return place.wrong(`expected an object, got ${shown(value)}`);
      const read = Object.entries(value).map(([key, each]) => [key, item.read(each, place.at(key))] as const);
      return Object.fromEntries(read.filter((entry): entry is readonly [string, Awaited<T>] => entry[1] !== undefined));
    },
    `map of ${item.words}`,
    { item },
  );
}

/** Reads an object whose members are known: each by its type, an unknown one and a missing one as errors. */
export function readMembers(value: unknown, members: Members, place: Place): Record<string, unknown> | undefined {
  if (!isObject(value)) return place.wrong(`expected an object, got ${shown(value)}`);
  const given = new Map(Object.entries(value).filter(([, each]) => each !== undefined));
  for (const name of given.keys()) {
    if (!members.has(name)) place.at(name).wrong(`unknown property${nearest(name, [...members.keys()])}`);
  }
  const read: [string, unknown][] = [];
  for (const [name, member] of members) {
    if (given.has(name)) read.push([name, member.read(given.get(name), place.at(name))]);
    else if (!member.missing) place.at(name).wrong('required, but missing');
    else read.push([name, member.missing.value]);
  }
  return Object.fromEntries(read.filter(([, each]) => each !== undefined));
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const decimal = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i;

/** Text. A number or a boolean, as a direct invocation may send it, becomes text too. */
export function string(): Type<string, false> {
  return type((value, place) => {
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    return place.wrong(`expected a string, got ${shown(value)}`);
  });
}

/** Text of that form, which `what` describes: `matching(/^\d{12}$/, 'the 12 digits of an account')`. */
export function matching(form: RegExp, what: string): Type<string, false> {
  const { read } = string();
  return type(
    (value, place) => {
      const found = read(value, place);
      return found === undefined || form.test(found) ? found : place.wrong(`expected ${what}, got ${shown(value)}`);
    },
    what,
    { form },
  );
}

/** A number, or CloudFormation's text of one: `"5"`, `"1.5"`. */
export function number(): Type<number, false> {
  return type((value, place) => {
    const read = typeof value === 'string' && decimal.test(value.trim()) ? Number(value) : value;
    return typeof read === 'number' && Number.isFinite(read)
      ? read
      : place.wrong(`expected a number, got ${shown(value)}`);
  }, 'number');
}

/** A whole number that JavaScript holds exactly. */
export function integer(): Type<number, false> {
  const { read } = number();
  return type((value, place) => {
    const found = read(value, place);
    if (found === undefined || Number.isSafeInteger(found)) return found;
    return place.wrong(`expected a whole number, got ${shown(value)}`);
  }, 'whole number');
}

/** A boolean, or CloudFormation's text of one: `"true"`, `"False"`. */
export function boolean(): Type<boolean, false> {
  return type((value, place) => {
    if (typeof value === 'boolean') return value;
    const text = typeof value === 'string' ? value.trim().toLowerCase() : undefined;
    if (text === 'true') return true;
    if (text === 'false') return false;
    return place.wrong(`expected true or false, got ${shown(value)}`);
  }, 'boolean');
}

/** One of these texts, spelled exactly so. */
export function oneOf<const Values extends readonly string[]>(...values: Values): Type<Values[number], false> {
  return type(
    (value, place) =>
      values.find((allowed) => allowed === value) ??
      place.wrong(`expected one of ${values.join(', ')}; got ${shown(value)}`),
    values.join(' | '),
    { values },
  );
}

/** A moment: an ISO 8601 date and time, or seconds since the epoch. */
export function timestamp(): Type<Date, false> {
  return type((value, place) => {
    const seconds = typeof value === 'number' || (typeof value === 'string' && decimal.test(value.trim()));
    const isDate = seconds || value instanceof Date || (typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value));
    const date = new Date(seconds ? Number(value) * 1000 : isDate ? (value as string | Date) : Number.NaN);
    return Number.isNaN(date.getTime())
      ? place.wrong(`expected an ISO 8601 time or seconds since the epoch, got ${shown(value)}`)
      : date;
  }, 'ISO 8601 time');
}

/** Bytes, written in base64. */
export function blob(): Type<Uint8Array, false> {
  return type((value, place) => {
    if (value instanceof Uint8Array) return value;
    const text = typeof value === 'string' ? value.replaceAll(/\s/g, '') : undefined;
    return text !== undefined && text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)
      ? new Uint8Array(Buffer.from(text, 'base64'))
      : place.wrong(`expected bytes in base64, got ${shown(value)}`);
  }, 'bytes in base64');
}

/** Any JSON, passed on as it is: it is not known which of its strings are meant as numbers. */
export function json(): Type<unknown, false> {
  return type((value) => value, 'anything');
}

/** A list of texts, or one text with commas between them, as `!Join` and a plain parameter give it. */
export function strings(item: Type<string> = string()): Type<string[], false> {
  const texts = list(item);
  return type(
    (value, place) => {
      if (typeof value === 'string') return texts.read(separated(value), place);
      if (Array.isArray(value)) return texts.read(value, place);
      return place.wrong(`expected a list or a comma-separated string, got ${shown(value)}`);
    },
    texts.words,
    texts,
  );
}

function separated(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
