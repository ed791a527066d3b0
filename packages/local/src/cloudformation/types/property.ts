import type { AwsError } from '../../errors.ts';
import { sameValue } from '../template/properties.ts';
import { instead, insteadOfUnknown } from '../template/way-out.ts';
import { InvalidProperties } from './advice.ts';

/** Reads a property's value, as templates write it, into what a service takes. `path` names it in errors. */
export type Kind<T> = (value: unknown, path: string) => T;

/** A property of a type. */
export interface Property<T> {
  read: Kind<T>;
  required: boolean;
  /** A change to it makes another thing: always, never, or as the two values say. */
  replaces: boolean | Replaces;
}

/** Whether a change from one value to another makes another thing. A value is any text while it is not known. */
export type Replaces = (now: unknown, old: unknown) => boolean;

/** The properties of a type, by name. */
export type PropertyTable = Record<string, Property<unknown>>;

/** What a table's properties are, once read. */
export type ValuesOf<Table> = { [Name in keyof Table]: Table[Name] extends Property<infer T> ? T : never };

type OnChange = 'replaces' | Replaces;

export function required<T>(read: Kind<T>, change?: OnChange): Property<T> {
  return { read, required: true, replaces: replacesOn(change) };
}

export function optional<T>(read: Kind<T>, change?: OnChange): Property<T | undefined> {
  return {
    read: (value, path) => (value === undefined || value === null ? undefined : read(value, path)),
    required: false,
    replaces: replacesOn(change),
  };
}

function replacesOn(change: OnChange | undefined): boolean | Replaces {
  return typeof change === 'function' ? change : change === 'replaces';
}

/** Another thing is made only where one of these members differs: `RStudioServerProAppSettings.UserGroup`. */
export function replacesBy(...paths: string[]): Replaces {
  return (now, old) => paths.some((path) => !sameValue(memberAt(now, path), memberAt(old, path)));
}

function memberAt(value: unknown, path: string): unknown {
  return path.split('.').reduce((at: unknown, name) => (at as Record<string, unknown> | undefined)?.[name], value);
}

export const text: Kind<string> = (value, path) => {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw invalidProperty(path, 'String', value);
};

export const number: Kind<number> = (value, path) => {
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof read === 'number' && Number.isFinite(read)) return read;
  throw invalidProperty(path, 'Number', value);
};

export const flag: Kind<boolean> = (value, path) => {
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw invalidProperty(path, 'Boolean', value);
};

/** One of these texts. */
export function choice<T extends string>(...values: T[]): Kind<T> {
  return (value, path) => {
    const read = text(value, path) as T;
    if (values.includes(read)) return read;
    throw new InvalidProperties(`${path}: ${read} is not a valid enum value`, [
      { path: stepsOf(path), text: instead(read, values) },
    ]);
  };
}

export function list<T>(item: Kind<T>): Kind<T[]> {
  return (value, path) => {
    if (Array.isArray(value)) return value.map((one, index) => item(one, `${path}/${index}`));
    throw invalidProperty(path, 'List', value);
  };
}

export function mapOf<T>(item: Kind<T>): Kind<Record<string, T>> {
  return (value, path) => {
    const entries = Object.entries(mapAt(value, path));
    return Object.fromEntries(entries.map(([key, one]) => [key, item(one, `${path}/${key}`)]));
  };
}

/** A map with members of its own. */
export function struct<Table extends PropertyTable>(table: Table): Kind<ValuesOf<Table>> {
  return (value, path) => readTable(table, mapAt(value, path), path);
}

/** JSON, written as such or as a map; read as text. */
export const document: Kind<string> = (value, path) =>
  typeof value === 'string' ? value : JSON.stringify(mapAt(value, path));

/** A structure that the service itself knows and checks; its scalars are made what the service's schema says. */
export function asIn<T>(): Kind<T> {
  return (value) => value as T;
}

export interface Tag {
  Key: string;
  Value: string;
}

export const tags: Kind<Tag[]> = list(struct({ Key: required(text), Value: required(text) }));

/** Reads all properties of a table. Throws for a missing one, an unknown one, and one of a wrong type. */
export function readTable<Table extends PropertyTable>(
  table: Table,
  properties: Record<string, unknown>,
  path = '#',
): ValuesOf<Table> {
  checkNames(table, properties, path);
  const values = Object.entries(table).map(([name, { read }]) => [name, read(properties[name], `${path}/${name}`)]);
  return Object.fromEntries(values) as ValuesOf<Table>;
}

/** Throws `InvalidProperties` for names that should not be there, and for ones that should. */
export function checkNames(table: PropertyTable, properties: Record<string, unknown>, path = '#'): void {
  const unknown = Object.keys(properties).filter((name) => !table[name]);
  const missing = Object.keys(table).filter((name) => table[name]!.required && (properties[name] ?? null) === null);
  if (unknown.length + missing.length === 0) return;
  const texts = [...unknown.map((name) => extraneous(path, name)), ...missing.map((name) => lacking(path, name))];
  // One that is there already is not what a misspelt one was meant to be.
  const free = Object.keys(table).filter((name) => !(name in properties));
  throw new InvalidProperties(texts.join('\n'), [
    // The registry's properties of a type are known; what is in them is not.
    ...unknown.map((name) => ({
      path: stepsOf(`${path}/${name}`),
      text: path === '#' ? instead(name, free) : insteadOfUnknown(name, free),
    })),
    ...missing.map((name) => ({ path: stepsOf(`${path}/${name}`), text: `add ${name}` })),
  ]);
}

/** CloudFormation's text for a name that is no property. */
export function extraneous(path: string, name: string): string {
  return `${path}: extraneous key [${name}] is not permitted`;
}

/** CloudFormation's text for a property that has to be there. */
export function lacking(path: string, name: string): string {
  return `${path}: required key [${name}] not found`;
}

function stepsOf(path: string): string[] {
  return path.split('/').slice(1);
}

function mapAt(value: unknown, path: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw invalidProperty(path, 'JSONObject', value);
}

/** What to give for each of CloudFormation's types. */
const WANTED = {
  String: 'a string',
  Number: 'a number',
  Boolean: 'true or false',
  List: 'a list',
  JSONObject: 'a map',
};

function invalidProperty(path: string, expected: keyof typeof WANTED, value: unknown): AwsError {
  const found = Array.isArray(value)
    ? 'JSONArray'
    : value === null
      ? 'Null'
      : typeof value === 'object'
        ? 'JSONObject'
        : 'String';
  return new InvalidProperties(`${path}: expected type: ${expected}, found: ${found}`, [
    { path: stepsOf(path), text: `give ${WANTED[expected]}` },
  ]);
}
