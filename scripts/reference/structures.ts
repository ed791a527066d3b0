import type { NormalizedSchema } from '@smithy/core/schema';
import { structureNamed } from '../schemas/api.ts';
import { type Property, propertiesOf } from '../schemas/properties.ts';
import type { Definition } from './definition.ts';
import { operationsOf } from './docs.ts';

type Defined = Pick<Definition, 'types' | 'sources'>;

/** A structure of the API: its members' schemas, and what they take. */
export interface Structure {
  schema: NormalizedSchema;
  property: Property;
}

/** The inputs of the API operations that a resource's properties derive from: `CreateDomainRequest`. */
export function inputsOf({ sources }: Pick<Definition, 'sources'>): NormalizedSchema[] {
  return operationsOf(sources).flatMap((name) => structureNamed(`${name}Request`) ?? []);
}

/** The structures of the API that a resource's properties are made of, by name, each once, in the order of the properties. */
export function structuresOf(definition: Defined): Map<string, Structure> {
  return reached(definition, true);
}

/** Those that no list or map stands before: the API merges their members; a list it takes as a whole. */
export function mergedStructures(definition: Defined): Set<string> {
  return new Set(reached(definition, false).keys());
}

function reached(definition: Defined, throughLists: boolean): Map<string, Structure> {
  const found = new Map<string, Structure>();
  const visit = (property: Property): void => {
    const { item, structure, members } = property;
    // A list of the resource's own, such as the members of a fleet, is not one that the API takes.
    if (item && (throughLists || item.structure === undefined)) visit(item);
    if (!members || (structure !== undefined && found.has(structure))) return;
    if (structure !== undefined) found.set(structure, { schema: structureNamed(structure)!, property });
    for (const one of members().values()) visit(one);
  };
  for (const property of propertiesOf(definition).values()) visit(property);
  return found;
}

/** What a list or a map contains; anything else itself. */
export function itemIn(schema: NormalizedSchema): NormalizedSchema {
  return schema.isListSchema() || schema.isMapSchema() ? itemIn(schema.getValueSchema()) : schema;
}

/** The paths of all members of a structure to the bottom: `SubnetIds`, `Tags[].Key`. A recursive structure is entered once. */
export function memberPaths(schema: NormalizedSchema, path = '', within: readonly string[] = []): string[] {
  if (schema.isListSchema()) return memberPaths(schema.getValueSchema(), `${path}[]`, within);
  if (schema.isMapSchema()) return memberPaths(schema.getValueSchema(), `${path}{}`, within);
  const name = schema.getName(false) ?? '';
  if (!schema.isStructSchema() || within.includes(name)) return [];
  return [...schema.structIterator()].flatMap(([member, inner]) => {
    const own = path === '' ? member : `${path}.${member}`;
    return [own, ...memberPaths(inner, own, [...within, name])];
  });
}
