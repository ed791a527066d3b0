import { isDeepStrictEqual } from 'node:util';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { InvalidPropertiesError } from '../errors.ts';

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
 * Reads properties that were good once, by whatever schema there was then, and must not be in the way now: those of a
 * Delete, and the old ones of an Update. What no longer fits is handed on as it is, the rest is read. `standIn` has
 * good values, which take the place of bad and missing ones while the rest is read.
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
  const read: object = second?.value ?? raw;
  const kept = Object.entries(read).filter(([key]) => !bad.has(key) || !Object.hasOwn(raw, key));
  const asTheyAre = Object.entries(raw).filter(([key]) => bad.has(key));
  return Object.fromEntries([...kept, ...asTheyAre]) as Props;
}

/** The names of the properties whose values differ, now that strings are undone. */
export function changedProperties<Props extends object>(props: Props, old: Props): (keyof Props & string)[] {
  const [now, before] = [new Map(Object.entries(props)), new Map(Object.entries(old))];
  const names = new Set([...now.keys(), ...before.keys()]);
  return [...names].filter((name) => !isDeepStrictEqual(now.get(name), before.get(name))) as (keyof Props & string)[];
}

interface Validated<Props> {
  readonly value?: Props;
  readonly issues?: readonly StandardSchemaV1.Issue[];
}

/** A schema that throws says no more than that the value does not fit. */
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
