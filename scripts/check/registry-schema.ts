import * as sagemaker from '@aws-sdk/client-sagemaker';
import { NormalizedSchema } from '@smithy/core/schema';
import type { Type } from '@studio-resources/core';
import type { Definition } from '../reference/definition.ts';

/** JSON Schema, as CloudFormation's registry has it for a type. */
type Json = Record<string, unknown>;

/** The name by which AWS's validator knows the resources of a handler: it looks into none that is `Custom::…`. */
export function registryName({ type }: Definition): string {
  return `StudioResources::${type}`;
}

/** What a handler accepts, by its proper names, and answers, as the schema of a type in CloudFormation's registry. */
export function registrySchema(definition: Definition): Json {
  const { type, types, attributes } = definition;
  const definitions: Json = {};
  const own = [...types].map(([name, one]) => [name, schemaOf(one, definitions)] as const);
  const answered = attributes.filter((name) => !types.has(name)).map((name) => [name, { type: 'string' }] as const);
  const required = [...types].filter(([, { missing }]) => !missing).map(([name]) => name);
  return {
    typeName: registryName(definition),
    description: type,
    properties: {
      ServiceToken: { type: 'string' },
      ServiceTimeout: { type: 'integer', minimum: 1, maximum: 3600 },
      ...Object.fromEntries([...own, ...answered]),
    },
    definitions,
    required: ['ServiceToken', ...required],
    readOnlyProperties: attributes.map((name) => `/properties/${name}`),
    additionalProperties: false,
  };
}

/** By the words in which a type says what it takes; a structure of the API by that name. */
function schemaOf({ words, members }: Pick<Type<unknown>, 'words' | 'members'>, definitions: Json): Json {
  const [, collection, item] = /^(list|map) of (.+)$/.exec(words) ?? [];
  if (collection === 'map') return mapOf(schemaOf({ words: item!, members }, definitions));
  // A list of texts may be one text with commas.
  if (collection === 'list' && !members && !structureNamed(item!)) return { type: ['array', 'string'] };
  if (collection === 'list') return { type: 'array', items: schemaOf({ words: item!, members }, definitions) };
  if (members) return objectOf(members, definitions);
  if (/^true \| false \| /.test(words)) return { type: ['boolean', 'string'] };
  if (/^\w+( \| \w+)+$/.test(words)) return { type: 'string', enum: words.split(' | ') };
  const structure = structureNamed(words);
  if (structure) return shapeSchema(structure, definitions);
  return simple[words] ?? { type: 'string' };
}

const simple: Record<string, Json> = {
  anything: {},
  boolean: { type: 'boolean' },
  number: { type: 'number' },
  object: { type: 'object' },
  'whole number': { type: 'integer' },
};

function objectOf(members: ReadonlyMap<string, Type<unknown>>, definitions: Json): Json {
  return {
    type: 'object',
    properties: Object.fromEntries([...members].map(([name, one]) => [name, schemaOf(one, definitions)])),
    required: [...members].filter(([, { missing }]) => !missing).map(([name]) => name),
    additionalProperties: false,
  };
}

function mapOf(values: Json): Json {
  return { type: 'object', patternProperties: { '.*': values }, additionalProperties: false };
}

/** A structure of SageMaker's API: `UserSettings`. */
function structureNamed(words: string): NormalizedSchema | undefined {
  const shape = (sagemaker as Record<string, unknown>)[`${words}$`];
  return shape ? NormalizedSchema.of(shape as Parameters<typeof NormalizedSchema.of>[0]) : undefined;
}

function shapeSchema(shape: NormalizedSchema, definitions: Json): Json {
  if (shape.isStructSchema()) return { $ref: `#/definitions/${define(shape, definitions)}` };
  if (shape.isListSchema()) {
    const item = shape.getValueSchema();
    return item.isStringSchema()
      ? { type: ['array', 'string'] }
      : { type: 'array', items: shapeSchema(item, definitions) };
  }
  if (shape.isMapSchema()) return mapOf(shapeSchema(shape.getValueSchema(), definitions));
  if (shape.isBooleanSchema()) return { type: 'boolean' };
  if (shape.isNumericSchema()) return { type: 'number' };
  return shape.isDocumentSchema() || shape.isUnitSchema() ? {} : { type: 'string' };
}

/** Puts a structure among the definitions, which may name each other; returns its name there. */
function define(shape: NormalizedSchema, definitions: Json): string {
  const name = shape.getName(false)!;
  if (definitions[name]) return name;
  const definition: Json = { type: 'object', additionalProperties: false };
  definitions[name] = definition;
  const members = [...shape.structIterator()];
  const required = members.slice(0, requiredCount(shape)).filter(([, member]) => !member.isIdempotencyToken());
  definition.properties = Object.fromEntries(members.map(([key, member]) => [key, shapeSchema(member, definitions)]));
  definition.required = required.map(([key]) => key);
  return name;
}

/** A structure's static schema lists its required members first and ends with their number. */
function requiredCount(shape: NormalizedSchema): number {
  const schema = shape.getSchema();
  return Array.isArray(schema) && typeof schema[6] === 'number' ? schema[6] : 0;
}
