import type { Definition } from '../reference/definition.ts';
import { acceptedNames, type Property } from './properties.ts';
import { booleanOr, bounds, type Json, plainSchema, requiredOf, serviceTimeout } from './registry-schema.ts';

/**
 * The JSON Schema of whole templates for editors. It looks into the custom resources of the project alone. Wherever a value
 * is, a function is accepted: an object of one member, or, in YAML, a tag that the editor's settings call `null` (see
 * `docs/SCHEMAS.md`).
 */
export function editorSchema(definitions: readonly Definition[], version: string): Json {
  const structures: Json = {};
  const resources = definitions.map((definition) => [definition.type, resourceSchema(definition, structures)] as const);
  const types = definitions.map(({ type, summary }) => ({ const: type, description: summary }));
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: `urn:studio-resources:${version}:template`,
    $comment: 'The descriptions of members of the SageMaker API are those of the AWS SDK for JavaScript (Apache-2.0).',
    title: 'CloudFormation template with studio-resources',
    description: `Checks the custom resources of studio-resources ${version}, and leaves the rest of a template alone.`,
    type: 'object',
    properties: {
      Resources: {
        type: 'object',
        // Fn::ForEach stands beside the resources, and makes some.
        patternProperties: { '^[A-Za-z0-9]+$': { $ref: '#/definitions/Resource' } },
      },
    },
    definitions: {
      Function: functionSchema,
      Complete: completeSchema,
      Resource: {
        type: 'object',
        properties: { Type: { anyOf: [...types, { type: 'string' }] } },
        allOf: definitions.map(({ type }) => ({
          if: { properties: { Type: { const: type } }, required: ['Type'] },
          // biome-ignore lint/suspicious/noThenProperty: it is JSON Schema's
          then: { $ref: `#/definitions/${type}` },
        })),
      },
      ...Object.fromEntries(resources),
      ...Object.fromEntries(Object.entries(structures).sort(([a], [b]) => (a < b ? -1 : 1))),
    },
  };
}

/** A tag that is called null has that type, and another value; null itself is no value in CloudFormation. */
const functionSchema: Json = {
  anyOf: [
    { type: 'null', not: { const: null } },
    { type: 'object', minProperties: 1, maxProperties: 1, propertyNames: { pattern: '^(Ref|Fn::[A-Za-z:]+)$' } },
    // A dynamic reference is resolved before the function gets the value.
    { type: 'string', pattern: '\\{\\{resolve:.+\\}\\}' },
  ],
};

/** That all members are in the template: none comes by Fn::Transform or Fn::ForEach, which stand among them. */
const completeSchema: Json = { propertyNames: { not: { pattern: '^Fn::(Transform$|ForEach::)' } } };

function requiring(required: readonly string[]): Json {
  // biome-ignore lint/suspicious/noThenProperty: it is JSON Schema's
  return { if: { $ref: '#/definitions/Complete' }, then: { required } };
}

function resourceSchema(definition: Definition, structures: Json): Json {
  const accepted = acceptedNames(definition);
  const own = {
    ServiceToken: { description: 'The function: !ImportValue <NamePrefix><Resource>ServiceToken.' },
    ServiceTimeout: valueSchema(serviceTimeout, structures),
  };
  const required = ['ServiceToken', ...requiredOf(accepted)];
  return {
    description: definition.summary,
    ...requiring(['Properties']),
    properties: {
      Properties: {
        title: definition.type,
        ...structureSchema({ ...own, ...membersOf(accepted, structures) }, required),
      },
    },
  };
}

function structureSchema(properties: Json, required: readonly string[]): Json {
  return {
    type: 'object',
    properties,
    ...(required.length > 0 && requiring(required)),
    patternProperties: { '^Fn::(Transform|ForEach::.+)$': {} },
    additionalProperties: false,
  };
}

function membersOf(members: ReadonlyMap<string, Property>, structures: Json): Json {
  return Object.fromEntries([...members].map(([name, one]) => [name, valueSchema(one, structures)]));
}

/** A value, or a function in its place. */
function valueSchema(property: Property, structures: Json): Json {
  const booleans = property.kind === 'boolean' || property.kind === 'choice' ? [true, false] : [];
  const suggestions = [...booleans, ...(property.values ?? []).filter((one) => !/^(true|false)$/.test(one))];
  return {
    ...(property.description !== undefined && { description: property.description }),
    ...(property.default !== undefined && { default: property.default }),
    // Editors complete by these; YAML's language server does not look beyond a condition.
    ...(suggestions.length > 0 && { examples: suggestions }),
    if: { $ref: '#/definitions/Function' },
    else: schemaOf(property, structures),
  };
}

/** CloudFormation makes strings of numbers and booleans, so one is as good as the other. */
const scalar = ['string', 'number', 'boolean'];

function schemaOf(property: Property, structures: Json): Json {
  const { kind, values, pattern, min, max, item } = property;
  switch (kind) {
    case 'text':
      if (values) return { enum: values };
      return { type: scalar, ...bounds('Length', min, max), ...(pattern !== undefined && { pattern }) };
    case 'choice':
      return booleanOr(values!);
    case 'boolean':
    case 'number':
    case 'integer':
      return plainSchema(property);
    case 'list': {
      const items = { items: valueSchema(item!, structures), ...bounds('Items', min, max) };
      // A list of texts may be one text with commas.
      return { type: item!.kind === 'text' ? ['array', 'string'] : 'array', ...items };
    }
    case 'map':
      return {
        type: 'object',
        additionalProperties: valueSchema(item!, structures),
        ...bounds('Properties', min, max),
      };
    case 'structure':
      return structureOf(property, structures);
    case 'anything':
      return {};
  }
}

function structureOf({ structure, members, orText, isUnion }: Property, structures: Json): Json {
  const schema = () => {
    const all = members!();
    return {
      ...structureSchema(membersOf(all, structures), requiredOf(all)),
      ...(isUnion && { minProperties: 1, maxProperties: 1 }),
      ...(orText && { type: ['object', ...scalar] }),
    };
  };
  if (structure === undefined) return schema();
  if (!structures[structure]) {
    // It may contain itself.
    structures[structure] = {};
    structures[structure] = schema();
  }
  return { $ref: `#/definitions/${structure}` };
}
