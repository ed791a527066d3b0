import { AwsError } from '../../errors.ts';
import { isMap } from './intrinsics.ts';

const PREFIX = 'Fn::ForEach::';

/** The values of the identifiers of the loops around. */
type Bindings = ReadonlyMap<string, string>;

/** A collection, in which the identifiers of the loops around are replaced already, and the loop that asks for its items. */
export interface Collection {
  value: unknown;
  loop: string;
}

/** Yields each collection, and is given its items. */
type Expansion<T> = Generator<Collection, T, string[]>;

/**
 * Writes out every loop of a value, with the items that `itemsOf` gives:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
 *
 * Throws `ValidationError` for a loop that is not a name, a collection and a map, or that makes a key twice.
 */
export async function expandLoops(value: unknown, itemsOf: (collection: Collection) => Promise<string[]>) {
  const expansion = expand(value, new Map());
  let step = expansion.next();
  while (!step.done) step = expansion.next(await itemsOf(step.value));
  return step.value;
}

/** The same where the items are known at once. */
export function expandLoopsNow(value: unknown, itemsOf: (collection: Collection) => string[]): unknown {
  const expansion = expand(value, new Map());
  let step = expansion.next();
  while (!step.done) step = expansion.next(itemsOf(step.value));
  return step.value;
}

function* expand(value: unknown, bindings: Bindings): Expansion<unknown> {
  if (typeof value === 'string') return replaced(value, bindings);
  if (Array.isArray(value)) return yield* expandList(value, bindings);
  if (!isMap(value)) return value;
  const bound = Object.keys(value).length === 1 && typeof value.Ref === 'string' ? bindings.get(value.Ref) : undefined;
  if (bound !== undefined) return bound;
  const members = new Map<string, unknown>();
  for (const [key, member] of Object.entries(value)) {
    const made = key.startsWith(PREFIX)
      ? yield* expandLoop(key, member, bindings)
      : [[replaced(key, bindings), yield* expandMember(key, member, bindings)] as const];
    for (const [name, part] of made) {
      if (members.has(name)) throw failure(`${name} is made more than once`);
      members.set(name, part);
    }
  }
  return Object.fromEntries(members);
}

function* expandList(list: readonly unknown[], bindings: Bindings): Expansion<unknown[]> {
  const items: unknown[] = [];
  for (const item of list) items.push(yield* expand(item, bindings));
  return items;
}

/** A condition's name in Fn::If stays as it is written: CloudFormation does not replace there. */
function* expandMember(key: string, member: unknown, bindings: Bindings): Expansion<unknown> {
  if (key !== 'Fn::If' || !Array.isArray(member)) return yield* expand(member, bindings);
  const [condition, ...branches] = member;
  return [condition, ...(yield* expandList(branches, bindings))];
}

function* expandLoop(name: string, loop: unknown, bindings: Bindings): Expansion<[string, unknown][]> {
  const [identifier, collection, body] = Array.isArray(loop) && loop.length === 3 ? loop : [];
  if (!/^Fn::ForEach::[A-Za-z0-9]+$/.test(name) || typeof identifier !== 'string' || !isMap(body)) {
    throw failure(
      `${name} takes a list of an identifier, a collection and a map, and its own name is of letters and digits`,
    );
  }
  const made: [string, unknown][] = [];
  const items = yield { value: yield* expand(collection, bindings), loop: name };
  for (const item of items) {
    const part = yield* expand(body, new Map(bindings).set(identifier, item));
    made.push(...Object.entries(part as Record<string, unknown>));
  }
  return made;
}

/** `${Name}` becomes the item, `&{Name}` its letters and digits. */
function replaced(text: string, bindings: Bindings): string {
  if (bindings.size === 0) return text;
  return text.replace(/([$&])\{([A-Za-z0-9]+)\}/g, (whole, sign: string, name: string) => {
    const item = bindings.get(name);
    if (item === undefined) return whole;
    return sign === '&' ? item.replace(/[^A-Za-z0-9]/g, '') : item;
  });
}

/** Throws unless the items are text. */
export function itemsIn(value: unknown, loop: string): string[] {
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) return value.map(String);
  throw failure(`the collection of ${loop} is not a list of strings. Give an array, or a Ref to a CommaDelimitedList`);
}

function failure(reason: string): AwsError {
  return new AwsError('ValidationError', `Transform AWS::LanguageExtensions failed with: ${reason}.`);
}
