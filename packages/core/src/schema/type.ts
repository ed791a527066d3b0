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

/** The type of a property. `Optional` is true when the property may be missing from what has been read. */
export interface Type<T, Optional extends boolean = boolean> {
  readonly read: Read<T>;
  /** What it takes, in words for a reference: `string`, `list of number`. */
  readonly words: string;
  /** Of a structure of one's own, and of lists of such: its members. */
  readonly members?: ReadonlyMap<string, Type<unknown>>;
  /** What stands in for a missing property; without it, a missing property is an error. */
  readonly missing?: { readonly value: T | undefined };
  /** The same type for a property that may be left out. */
  optional(): Type<T, true>;
  /** The same type for a property that may be left out, and then has this value. */
  default(value: T): Type<T, false>;
  /** Only a type-level mark. */
  readonly isOptional?: Optional;
}

/** Makes a type of one's own from a function that reads a value. `words` say what it takes. */
export function type<T>(read: Read<T>, words = 'string', members?: Type<T>['members']): Type<T, false> {
  return {
    read,
    words,
    members,
    optional: () => ({ ...type(read, words, members), isOptional: true, missing: { value: undefined } }),
    default: (value) => ({ ...type(read, words, members), missing: { value } }),
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
    item.members,
  );
}

/** A map from any names to values of one type. */
export function map<T>(item: Type<T>): Type<Record<string, T>, false> {
  return type((value, place) => {
    if (!isObject(value)) return place.wrong(`expected an object, got ${shown(value)}`);
    const read = Object.entries(value).map(([key, each]) => [key, item.read(each, place.at(key))] as const);
    return Object.fromEntries(read.filter((entry): entry is readonly [string, Awaited<T>] => entry[1] !== undefined));
  }, `map of ${item.words}`);
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
