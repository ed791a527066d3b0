import { NormalizedSchema } from '@smithy/core/schema';
import { type Constraints, constrained } from './constraints.ts';
import {
  blob,
  boolean,
  isObject,
  json,
  list,
  type Members,
  map,
  matching,
  number,
  type Place,
  readMembers,
  shown,
  string,
  strings,
  type Type,
  timestamp,
  type,
} from './type.ts';

/** A structure's runtime schema as an SDK client exports it: `CreateDomainRequest$`. */
export type Shape = Parameters<typeof NormalizedSchema.of>[0];

/** The members of a structure of the API, each with its type, and with the service's constraints where they are given. */
export function membersOf(shape: Shape, constraints?: Constraints): Members {
  const structure = NormalizedSchema.of(shape);
  const required = requiredCount(structure);
  const of = structureWords(structure);
  return new Map(
    [...structure.structIterator()].map(([name, member], index) => {
      const limits = constraints?.members?.[name];
      const own = constrained(isRole(name) && member.isStringSchema() ? roleArn() : typeOf(member, limits), limits);
      const read = type(own.read, own.words, { ...own, api: [of, name] });
      // The SDK fills in idempotency tokens by itself.
      return [name, index < required && !member.isIdempotencyToken() ? read : read.optional()];
    }),
  );
}

/** AWS's APIs call members that take a role so. */
function isRole(name: string): boolean {
  return /^ExecutionRole$|RoleArn$/.test(name);
}

/** The SDK's schemas leave out the form that AWS's models give such members: `^arn:aws[a-z\-]*:iam::\d{12}:role/…`. */
function roleArn(): Type<string, false> {
  return matching(/^arn:[\w-]+:iam::\d{12}:role\/.+$/, 'the ARN of an IAM role, not its name');
}

/** The type of any shape of the API. Structures are opened only when a value is read: shapes may be recursive. */
function typeOf(shape: NormalizedSchema, constraints?: Constraints): Type<unknown, false> {
  const members = () => membersOf(shape, constraints);
  if (shape.isUnionSchema()) return type((value, place) => readUnion(value, members(), place), structureWords(shape));
  if (shape.isStructSchema())
    return type((value, place) => readMembers(value, members(), place), structureWords(shape));
  if (shape.isListSchema()) {
    const item = shape.getValueSchema();
    if (item.isStringSchema()) return strings(constrained(string(), constraints?.item));
    return list(constrained(typeOf(item, constraints?.item), constraints?.item));
  }
  if (shape.isMapSchema()) {
    return map(constrained(typeOf(shape.getValueSchema(), constraints?.item), constraints?.item));
  }
  if (shape.isDocumentSchema()) return json();
  if (shape.isUnitSchema()) return map(json());
  if (shape.isBooleanSchema()) return boolean();
  if (shape.isNumericSchema()) return number();
  if (shape.isTimestampSchema()) return timestamp();
  if (shape.isBlobSchema()) return blob();
  if (shape.isBigIntegerSchema()) return bigInteger();
  // What is left is text: strings, enumerations, and decimals too long for a number, which the API takes as text.
  return string();
}

/** A union is a structure with exactly one of its members. */
function readUnion(value: unknown, members: Members, place: Place): Record<string, unknown> | undefined {
  const given = isObject(value) ? Object.values(value).filter((each) => each !== undefined).length : 1;
  if (given !== 1) {
    const names = [...members.keys()].join(', ');
    return place.wrong(`expected exactly one of ${names}; got ${given === 0 ? 'none' : given}`);
  }
  return readMembers(value, members, place);
}

function bigInteger(): Type<bigint, false> {
  return type(
    (value, place) =>
      typeof value === 'bigint' || /^[+-]?\d+$/.test(String(value))
        ? BigInt(String(value))
        : place.wrong(`expected a whole number, got ${shown(value)}`),
    'whole number',
  );
}

/** AWS's own name of a structure, by which its documentation is found. */
function structureWords(shape: NormalizedSchema): string {
  return shape.getName(false) ?? 'object';
}

/** A structure's static schema lists its required members first and ends with their number. */
function requiredCount(structure: NormalizedSchema): number {
  const schema = structure.getSchema();
  return Array.isArray(schema) && typeof schema[6] === 'number' ? schema[6] : 0;
}
