import type { StandardSchemaV1 } from '@standard-schema/spec';
import { InvalidPropertiesError } from '../errors.ts';
import { membersOf, type Shape } from './api.ts';
import type { Constraints } from './constraints.ts';
import { type Issue, isObject, type Members, type Place, placeOf, readMembers, type Type, type } from './type.ts';

type Flat<T> = { [K in keyof T]: T[K] } & {};

/** Each property of a resource with its type. */
export type Definition = Readonly<Record<string, Type<unknown>>>;

/** What reading a definition gives. */
export type Defined<D extends Definition> = Flat<
  {
    -readonly [K in keyof D as D[K] extends Type<unknown, false> ? K : never]: Exclude<
      ReturnType<D[K]['read']>,
      undefined
    >;
  } & {
    -readonly [K in keyof D as D[K] extends Type<unknown, false> ? never : K]?: ReturnType<D[K]['read']>;
  }
>;

/** The properties that a schema reads: `PropsOf<typeof schema>`. */
export type PropsOf<S extends StandardSchemaV1> = StandardSchemaV1.InferOutput<S>;

/** The SDK types a required member as `T | undefined`; once read, it is there. */
export type Present<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/**
 * What the properties of a resource may be. A Standard Schema whose `validate` answers at once with the properties in
 * their proper types, or with every issue: its path and what is wrong. Each method gives a new schema.
 */
export interface Schema<T extends object> extends StandardSchemaV1<unknown, T> {
  readonly '~standard': Omit<StandardSchemaV1.Props<unknown, T>, 'validate'> & {
    validate(value: unknown): StandardSchemaV1.Result<T>;
  };
  /** The names of the properties, without their aliases. */
  readonly names: readonly (keyof T & string)[];
  /** Their types by name, and the other names that some have. */
  readonly types: ReadonlyMap<string, Type<unknown>>;
  readonly aliases: ReadonlyMap<string, string>;
  /** Without these: they become unknown properties. */
  omit<K extends keyof T & string>(...names: readonly K[]): Schema<Flat<Omit<T, K>>>;
  /** With these as well, or instead of those of the same name. */
  with<const D extends Definition>(definition: D): Schema<Flat<Omit<T, keyof D> & Defined<D>>>;
  /** With values for what is left out. */
  defaults<const D extends Partial<T>>(values: D): Schema<Flat<T & Required<Present<Pick<T, keyof D & keyof T>>>>>;
  /** With other names for some, for templates that know them so: `{ VPC: 'VpcId' }`. */
  alias(names: Readonly<Record<string, keyof T & string>>): Schema<T>;
  /** With a rule between properties. It notes what is wrong, once each of them is good by itself; to be given last. */
  check(rule: (props: T, place: Place) => void): Schema<T>;
}

/** The schema of properties that are all one's own. */
export function properties<const D extends Definition>(definition: D): Schema<Defined<D>> {
  return schema<Defined<D>>(new Map(Object.entries(definition)), new Map());
}

/** A structure of one's own within the properties. */
export function structure<const D extends Definition>(definition: D): Type<Defined<D>, false> {
  const members = new Map(Object.entries(definition));
  return type((value, place) => readMembers(value, members, place) as Defined<D> | undefined, 'object', { members });
}

/**
 * The schema of an API's own structures: `fromApi<CreateDomainRequest>(CreateDomainRequest$)`. With several, the
 * members of all are taken; what two of them name has the type it has in the first. Required is what the first requires.
 * Members called `ExecutionRole` or `…RoleArn` take the ARN of a role, and refuse its name.
 */
export function fromApi<T extends object>(first: Shape, ...more: readonly Shape[]): Schema<Present<T>> {
  return fromConstrainedApi(...[first, ...more].map((shape) => ({ shape })));
}

/** A structure of an API, and what the service says of its members. */
export interface ConstrainedShape {
  readonly shape: Shape;
  readonly constraints?: Constraints;
}

/** As `fromApi`, with the service's constraints: what breaks one is refused before the service is called. */
export function fromConstrainedApi<T extends object>(...shapes: readonly ConstrainedShape[]): Schema<Present<T>> {
  const members = new Map<string, Type<unknown>>();
  for (const [index, { shape, constraints }] of shapes.entries()) {
    for (const [name, member] of membersOf(shape, constraints)) {
      if (!members.has(name)) members.set(name, index === 0 ? member : member.optional());
    }
  }
  return schema<Present<T>>(members, new Map());
}

const vendor = 'studio-resources';

function schema<T extends object>(
  members: Members,
  aliases: ReadonlyMap<string, string>,
  rules: readonly ((props: T, place: Place) => void)[] = [],
): Schema<T> {
  return {
    '~standard': {
      version: 1,
      vendor,
      validate(value) {
        const issues: Issue[] = [];
        const read = readMembers(unalias(value, aliases, issues), members, placeOf(issues));
        if (read && issues.length === 0) for (const rule of rules) rule(read as T, placeOf(issues));
        const typed = (issues.length === 0 ? read : undefined) as T | undefined;
        return typed ? { value: typed } : { issues: issues.map((issue) => asGiven(issue, value, aliases)) };
      },
    },
    names: [...members.keys()] as (keyof T & string)[],
    types: members,
    aliases,
    omit: (...names) => schema(new Map([...members].filter(([name]) => !names.some((each) => each === name))), aliases),
    with: (definition) => schema(new Map([...members, ...Object.entries(definition)]), aliases),
    defaults(values) {
      const filled = Object.entries(values).map(
        ([name, value]) => [name, known(members, name).default(value)] as const,
      );
      return schema(new Map([...members, ...filled]), aliases);
    },
    alias: (names) => schema(members, new Map([...aliases, ...Object.entries(names)]), rules),
    check: (rule) => schema(members, aliases, [...rules, rule]),
  };
}

function known(members: Members, name: string): Type<unknown> {
  const member = members.get(name);
  if (!member) throw new Error(`Giving ${name} a default: there is no such property`);
  return member;
}

/** Puts each value under its proper name. */
function unalias(value: unknown, aliases: ReadonlyMap<string, string>, issues: Issue[]): unknown {
  if (!isObject(value)) return value;
  const given = new Map(Object.entries(value));
  for (const [alias, name] of aliases) {
    if (!given.has(alias)) continue;
    if (given.has(name)) issues.push({ path: [alias], message: `means the same as ${name}; give only one of them` });
    else given.set(name, given.get(alias));
    given.delete(alias);
  }
  return Object.fromEntries(given);
}

/** The issue with its path as the template spells it. */
function asGiven(issue: Issue, value: unknown, aliases: ReadonlyMap<string, string>): Issue {
  const [first, ...rest] = issue.path;
  const alias = [...aliases].find(([, name]) => name === first)?.[0];
  if (alias === undefined || !isObject(value) || !Object.hasOwn(value, alias)) return issue;
  return { ...issue, path: [alias, ...rest] };
}

type Raw = Readonly<Record<string, unknown>>;

/**
 * Reads properties by a schema.
 *
 * @throws InvalidPropertiesError with every issue
 */
export async function readProperties<Props>(schema: StandardSchemaV1<unknown, Props>, raw: Raw): Promise<Props> {
  const result = await schema['~standard'].validate(raw);
  if (result.issues) throw new InvalidPropertiesError(result.issues);
  return result.value;
}

/**
 * Reads properties that an earlier schema accepted, and that must not fail now: those of a Delete and of a rollback, and
 * the old ones of an Update. What no longer fits is passed on as it is, the rest is read. `standIn` has valid values, which
 * take the place of invalid and missing ones while the rest is read.
 */
export async function readLeniently<Props extends object>(
  schema: StandardSchemaV1<unknown, Props>,
  raw: Raw,
  standIn: Raw = {},
): Promise<Props> {
  const first = await validate(schema, raw);
  if (first?.value) return first.value;
  const bad = new Set(first?.issues?.map(({ path }) => keyOf(path)));
  const rest = Object.entries(raw).filter(([key]) => !bad.has(key));
  const filled = Object.entries(standIn).filter(([key]) => bad.has(key));
  const second = await validate(schema, Object.fromEntries([...rest, ...filled]));
  const third = second?.value ? second : await validate(without(schema, bad), Object.fromEntries(rest));
  const read: object = third?.value ?? raw;
  const kept = Object.entries(read).filter(([key]) => !bad.has(key) || !Object.hasOwn(raw, key));
  const asTheyAre = Object.entries(raw).filter(([key]) => bad.has(key));
  return Object.fromEntries([...kept, ...asTheyAre]) as Props;
}

/** Without these properties, which may be required, and without the rules between them; a schema of another library as it is. */
function without<Props extends object>(
  schema: StandardSchemaV1<unknown, Props>,
  names: ReadonlySet<string>,
): StandardSchemaV1<unknown, object> {
  if (!isOwn(schema)) return schema;
  return schema.omit(...[...names].map((name) => schema.aliases.get(name) ?? name));
}

function isOwn(schema: StandardSchemaV1): schema is Schema<Record<string, unknown>> {
  return schema['~standard'].vendor === vendor && 'omit' in schema;
}

interface Validated<Props> {
  readonly value?: Props;
  readonly issues?: readonly StandardSchemaV1.Issue[];
}

/** Of a schema that throws, only that the value does not fit is known. */
async function validate<Props>(
  schema: StandardSchemaV1<unknown, Props>,
  raw: Raw,
): Promise<Validated<Props> | undefined> {
  try {
    return await schema['~standard'].validate(raw);
  } catch {
    return undefined;
  }
}

function keyOf([first]: StandardSchemaV1.Issue['path'] & object = []): string {
  return String(typeof first === 'object' ? first.key : first);
}
