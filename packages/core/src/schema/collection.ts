import { nearest } from './nearest.ts';
import { string } from './scalar.ts';
import { type Place, shown, type Type, type } from './type.ts';

/** The members of a structure by name. A map, so that a property called `constructor` finds nothing. */
export type Members = ReadonlyMap<string, Type<unknown>>;

/** A list of values of one type. */
export function list<T>(item: Type<T>): Type<T[], false> {
  return type(
    (value, place) => {
      if (!Array.isArray(value)) return place.wrong(`expected a list, got ${shown(value)}`);
      const read = value.map((each, index) => item.read(each, place.at(index)));
      return read.filter((each): each is Awaited<T> => each !== undefined);
    },
    `list of ${item.words}`,
    item.members,
  );
}

/** A list of texts, or one text with commas between them, as `!Join` and a plain parameter give it. */
export function strings(): Type<string[], false> {
  const texts = list(string());
  return type((value, place) => {
    if (typeof value === 'string') return separated(value);
    if (Array.isArray(value)) return texts.read(value, place);
    return place.wrong(`expected a list or a comma-separated string, got ${shown(value)}`);
  }, texts.words);
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

function separated(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
