import * as sagemaker from '@aws-sdk/client-sagemaker';
import { NormalizedSchema } from '@smithy/core/schema';
import type { Type } from '@studio-resources/core';
import type { Definition } from './definition.ts';
import { operationsOf } from './docs.ts';

/** A structure of SageMaker's API by its name, such as `UserSettings`; undefined if there is none. */
export function structureNamed(name: string): NormalizedSchema | undefined {
  const shape = (sagemaker as Record<string, unknown>)[`${name}$`];
  if (!shape) return undefined;
  const schema = NormalizedSchema.of(shape as Parameters<typeof NormalizedSchema.of>[0]);
  return schema.isStructSchema() ? schema : undefined;
}

/** The inputs of the API operations that a resource's properties derive from: `CreateDomainRequest`. */
export function inputsOf({ sources }: Pick<Definition, 'sources'>): NormalizedSchema[] {
  return operationsOf(sources).flatMap((name) => structureNamed(`${name}Request`) ?? []);
}

/** The structures of the API that a resource's properties are made of, by name, each once, in the order of the properties. */
export function structuresOf({ types }: Pick<Definition, 'types'>): Map<string, NormalizedSchema> {
  const found = new Map<string, NormalizedSchema>();
  const visit = (schema: NormalizedSchema): void => {
    const item = itemIn(schema);
    const name = item.getName(false);
    if (!item.isStructSchema() || !name || found.has(name)) return;
    found.set(name, item);
    for (const [, member] of item.structIterator()) visit(member);
  };
  const visitType = ({ words, members }: Type<unknown>): void => {
    for (const member of members?.values() ?? []) visitType(member);
    const structure = structureNamed(itemOf(words));
    if (structure) visit(structure);
  };
  for (const type of types.values()) visitType(type);
  return found;
}

/** What a list or a map contains; of anything else, itself: `Tag` of `list of Tag`. */
export function itemOf(words: string): string {
  return words.replace(/^((list|map) of )+/, '');
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
