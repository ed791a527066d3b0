import type { NormalizedSchema } from '@smithy/core/schema';
import type { Type } from '@studio-resources/core';
import { serviceModel } from '../../packages/local/src/protocols/service-model.ts';
import type { Definition } from '../reference/definition.ts';
import { documentationOf } from '../reference/docs.ts';
import { membersOf, structureNamed } from './api.ts';
import { apiDocumentation } from './api-documentation.ts';
import { anchored, patternOf } from './pattern.ts';

/** What a property, or a value within one, takes. */
export interface Property {
  /** A list of texts may be one text with commas, and a `choice` of texts may have booleans among them. */
  readonly kind: 'text' | 'choice' | 'boolean' | 'number' | 'integer' | 'structure' | 'list' | 'map' | 'anything';
  readonly isRequired: boolean;
  readonly default?: unknown;
  /** From the definition's comment, or from the service's documentation; plain text. */
  readonly description?: string;
  /** The only values. */
  readonly values?: readonly string[];
  /** A regular expression for the whole text, which ECMAScript and Python read alike. */
  readonly pattern?: string;
  /** Of a text, the length; of a list or map, the number of items; of a number, the value. */
  readonly min?: number;
  readonly max?: number;
  /** AWS's name of a structure of the API. */
  readonly structure?: string;
  /** Of a structure. Structures may be recursive, so they are opened one by one. */
  readonly members?: () => ReadonlyMap<string, Property>;
  /** Of a list or map. */
  readonly item?: Property;
  /** Of a map, where its keys are constrained. */
  readonly key?: Property;
  /** A structure that may be given as a text: a command without options. */
  readonly orText?: boolean;
  /** A structure with exactly one of its members. */
  readonly isUnion?: boolean;
}

/** The properties of a resource by their proper names, without `ServiceToken` and `ServiceTimeout`. */
export function propertiesOf({ types, sources }: Pick<Definition, 'types' | 'sources'>): ReadonlyMap<string, Property> {
  return new Map([...types].map(([name, type]) => [name, propertyOf(name, type, sources)]));
}

/** Those properties, and the other names that some may have; of two names for one property, neither is required. */
export function acceptedNames(definition: Definition): ReadonlyMap<string, Property> {
  const properties = propertiesOf(definition);
  const aliases = [...definition.aliases].flatMap(([alias, name]) => [
    [name, { ...properties.get(name)!, isRequired: false }] as const,
    [alias, { ...properties.get(name)!, isRequired: false }] as const,
  ]);
  return new Map([...properties, ...aliases]);
}

/** A property at any depth: its path is `AttachTo[].DomainId` in a list, `Environment.*` in a map. */
export interface PlacedProperty extends Property {
  readonly path: string;
}

/** Each property of a resource and each value within one, parents first; what a reference shows of them. */
export function allPropertiesOf(definition: Pick<Definition, 'types' | 'sources'>): PlacedProperty[] {
  const under = (path: string, property: Property, open: readonly string[]): PlacedProperty[] => {
    const own: PlacedProperty[] = [{ ...property, path }];
    const { structure } = property;
    if (structure !== undefined && open.includes(structure)) return own;
    const inside = structure === undefined ? open : [...open, structure];
    const members = property.members ? [...property.members()] : [];
    const item = property.item && { path: `${path}${property.kind === 'map' ? '.*' : '[]'}`, one: property.item };
    return [
      ...own,
      ...members.flatMap(([name, one]) => under(`${path}.${name}`, one, inside)),
      ...(item ? under(item.path, item.one, inside).slice(isSimple(item.one) ? 0 : 1) : []),
    ];
  };
  return [...propertiesOf(definition)].flatMap(([name, property]) => under(name, property, []));
}

/** Whether an item is worth a row of its own: one that has members is shown by these. */
function isSimple({ members }: Property): boolean {
  return members === undefined;
}

/** Of a type of the project's schemas, whose comments are in the handler's sources. */
function propertyOf(name: string, type: Type<unknown>, sources: string): Property {
  const { missing, api } = type;
  const known = { isRequired: !missing, ...(missing?.value !== undefined && { default: missing.value }) };
  const description = documentationOf(sources, name);
  if (api) {
    const [structure, member] = api;
    const found = membersOf(structureNamed(structure)!).get(member)!;
    return { ...ofApi(structure, member, found.schema), ...known, ...(description && { description }) };
  }
  return { ...ownProperty(type, sources), ...known, ...(description && { description }) };
}

function ownProperty(type: Type<unknown>, sources: string): Omit<Property, 'isRequired'> {
  const { words, members, item, values, form, min, max } = type;
  if (item) {
    const kind = words.startsWith('map of ') ? 'map' : 'list';
    return { kind, item: { ...ownProperty(item, sources), isRequired: false } };
  }
  if (members) {
    const named = () => new Map([...members].map(([name, one]) => [name, propertyOf(name, one, sources)] as const));
    return { kind: 'structure', members: named, ...(words.startsWith('string or') && { orText: true }) };
  }
  const structure = structureNamed(words);
  if (structure) return structureProperty(structure);
  return {
    kind: values?.includes('true') ? 'choice' : (kinds[words] ?? 'text'),
    ...(values && { values }),
    ...(form && { pattern: form.source }),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
  };
}

const kinds: Readonly<Record<string, Property['kind']>> = {
  anything: 'anything',
  boolean: 'boolean',
  number: 'number',
  object: 'anything',
  'whole number': 'integer',
};

/** A member of a structure of SageMaker's API. */
function ofApi(structure: string, member: string, schema: NormalizedSchema): Omit<Property, 'isRequired'> {
  const { shapes } = serviceModel('sagemaker');
  const description = apiDocumentation(structure, member);
  return { ...apiProperty(schema, shapes[structure]?.members?.[member]), ...(description && { description }) };
}

/** `shape` is the name that the service's model has for it, where it has a constraint. */
function apiProperty(schema: NormalizedSchema, shape: string | undefined): Omit<Property, 'isRequired'> {
  const { shapes } = serviceModel('sagemaker');
  const known = shape === undefined ? undefined : shapes[shape];
  if (schema.isStructSchema()) return structureProperty(schema);
  const bounds = {
    ...(known?.min !== undefined && { min: known.min }),
    ...(known?.max !== undefined && { max: known.max }),
  };
  if (schema.isListSchema() || schema.isMapSchema()) {
    const item = { ...apiProperty(schema.getValueSchema(), known?.item ?? known?.value), isRequired: false };
    if (schema.isListSchema()) return { kind: 'list', item, ...bounds };
    const key = known?.key && { key: { ...apiProperty(schema.getKeySchema(), known.key), isRequired: false } };
    return { kind: 'map', item, ...key, ...bounds };
  }
  if (schema.isBooleanSchema()) return { kind: 'boolean' };
  if (schema.isNumericSchema()) return { kind: known?.number === 'integer' ? 'integer' : 'number', ...bounds };
  if (schema.isDocumentSchema() || schema.isUnitSchema()) return { kind: 'anything' };
  const pattern = known?.pattern === undefined ? undefined : patternOf(known.pattern);
  return {
    kind: 'text',
    // A text in base64 has another length.
    ...(!schema.isBlobSchema() && bounds),
    ...(known?.enum && { values: known.enum }),
    ...(pattern !== undefined && { pattern: anchored(pattern) }),
  };
}

function structureProperty(schema: NormalizedSchema): Omit<Property, 'isRequired'> {
  const structure = schema.getName(false)!;
  return {
    kind: 'structure',
    structure,
    ...(schema.isUnionSchema() && { isUnion: true }),
    members: () =>
      new Map(
        [...membersOf(schema)].map(([name, member]) => [
          name,
          { ...ofApi(structure, name, member.schema), isRequired: member.isRequired },
        ]),
      ),
  };
}
