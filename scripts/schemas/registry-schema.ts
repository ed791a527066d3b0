import type { Definition } from '../reference/definition.ts';
import { acceptedNames, type Property } from './properties.ts';

/** JSON Schema, or a part of one. */
export type Json = Record<string, unknown>;

/** The name by which AWS's validator knows the resources of a handler: it looks into none that is `Custom::…`. */
export function registryName({ type }: Pick<Definition, 'type'>): string {
  return `StudioResources::${type}`;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-cloudformation-customresource.html */
export const serviceTimeout: Property = {
  description: 'How many seconds an operation may take.',
  kind: 'integer',
  isRequired: false,
  default: 3600,
  min: 1,
  max: 3600,
};

/**
 * What a handler accepts, and answers, as the schema of a type in CloudFormation's registry. Linters
 * know functions.
 */
export function registrySchema(definition: Definition): Json {
  const { summary, attributes } = definition;
  const definitions: Json = {};
  const properties = acceptedNames(definition);
  const answered = attributes
    .filter((name) => !properties.has(name))
    .map((name) => [name, { type: 'string' }] as const);
  return {
    typeName: registryName(definition),
    description: summary,
    properties: {
      ServiceToken: { type: 'string' },
      ServiceTimeout: schemaOf(serviceTimeout, definitions),
      ...membersOf(properties, definitions),
      ...Object.fromEntries(answered),
    },
    definitions,
    required: ['ServiceToken', ...requiredOf(properties)],
    readOnlyProperties: attributes.map((name) => `/properties/${name}`),
    additionalProperties: false,
  };
}

/** The names of the members that have to be given. */
export function requiredOf(members: ReadonlyMap<string, Property>): string[] {
  return [...members].filter(([, { isRequired }]) => isRequired).map(([name]) => name);
}

function membersOf(members: ReadonlyMap<string, Property>, definitions: Json): Json {
  const described = (one: Property) => ({
    ...(one.description !== undefined && { description: one.description }),
    ...(one.default !== undefined && { default: one.default }),
    ...schemaOf(one, definitions),
  });
  return Object.fromEntries([...members].map(([name, one]) => [name, described(one)]));
}

function schemaOf(property: Property, definitions: Json): Json {
  const { kind, values, pattern, min, max, item } = property;
  switch (kind) {
    case 'text':
      if (values) return { type: 'string', enum: values };
      return { type: 'string', ...bounds('Length', min, max), ...(pattern !== undefined && { pattern }) };
    case 'choice':
      return booleanOr(values!);
    case 'boolean':
    case 'number':
    case 'integer':
      return plainSchema(property);
    case 'list': {
      const items = { items: schemaOf(item!, definitions), ...bounds('Items', min, max) };
      // A list of texts may be one text with commas.
      return { type: item!.kind === 'text' ? ['array', 'string'] : 'array', ...items };
    }
    case 'map':
      return {
        type: 'object',
        patternProperties: { '.*': schemaOf(item!, definitions) },
        additionalProperties: false,
        ...bounds('Properties', min, max),
      };
    case 'structure':
      return structureOf(property, definitions);
    case 'anything':
      return {};
  }
}

const booleans = ['true', 'false', 'True', 'False', 'TRUE', 'FALSE'];

const forms = {
  number: '^\\s*[+-]?\\d+(\\.\\d+)?([eE][+-]?\\d+)?\\s*$',
  integer: '^\\s*[+-]?\\d+\\s*$',
};

/** Of a number or boolean, which may be a text: CloudFormation gives a function nothing but texts. */
export function plainSchema({ kind, min, max }: Property): Json {
  if (kind === 'boolean') return booleanOr(booleans);
  return {
    type: [kind, 'string'],
    pattern: forms[kind as keyof typeof forms],
    ...(min !== undefined && { minimum: min }),
    ...(max !== undefined && { maximum: max }),
  };
}

/** For cfn-lint, any text but `true` is equal to `false`, so it is no enum. */
export function booleanOr(texts: readonly string[]): Json {
  return { anyOf: [{ type: 'boolean' }, { type: 'string', pattern: `^(${texts.join('|')})$` }] };
}

/** JSON Schema's keywords for how long a text, a list or a map may be. */
export function bounds(of: 'Length' | 'Items' | 'Properties', min: number | undefined, max: number | undefined): Json {
  return { ...(min && { [`min${of}`]: min }), ...(max !== undefined && { [`max${of}`]: max }) };
}

function structureOf({ structure, members, orText, isUnion }: Property, definitions: Json): Json {
  const schema = () => ({
    type: 'object',
    properties: membersOf(members!(), definitions),
    required: requiredOf(members!()),
    additionalProperties: false,
    ...(isUnion && { minProperties: 1, maxProperties: 1 }),
  });
  // cfn-lint asks texts for the required members of an object, where one schema takes both.
  if (orText) return { anyOf: [{ type: 'string' }, schema()] };
  if (structure === undefined) return schema();
  if (!definitions[structure]) {
    // It may contain itself.
    definitions[structure] = {};
    definitions[structure] = schema();
  }
  return { $ref: `#/definitions/${structure}` };
}
