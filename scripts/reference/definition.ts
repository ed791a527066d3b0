import { join } from 'node:path';
import type { Permission, Resource, Schema, Type } from '@studio-resources/core';
import { camelCase, root } from '../handlers.ts';
import { pageOf, sourcesOf, summaryOf } from './docs.ts';

type Props = Record<string, unknown>;

/** What the reference shows of a resource, from its definition. */
export interface Definition {
  type: string;
  summary: string;
  /** The resource's own page, relative to `handlers`, if it has one. */
  page?: string;
  types: ReadonlyMap<string, Type<unknown>>;
  aliases: ReadonlyMap<string, string>;
  /** The properties whose change replaces the resource, or may. */
  replacing: ReadonlyMap<string, 'replaces' | 'may replace'>;
  /** The properties that logs, errors and responses do not show. */
  sensitive: readonly string[];
  attributes: readonly string[];
  permissions: readonly Permission[];
  /** The text of the handler and of its own parts, in which its properties are documented. */
  sources: string;
}

/**
 * Loads what `handlers/<name>.ts` defines.
 *
 * @throws Error if the definition lacks what the reference needs
 */
export async function definitionOf(name: string): Promise<Definition> {
  const exported = camelCase(name);
  const loaded = (await import(join(root, 'handlers', `${name}.ts`))) as Record<string, Resource<Props, unknown>>;
  const resource = loaded[exported]!;
  const { types, aliases } = resource.schema as Schema<Props>;
  const sources = sourcesOf(name);
  const summary = summaryOf(sources, exported);
  if (!summary) throw new Error(`Describing ${resource.type}: put a comment above "export const ${exported}"`);
  return {
    type: resource.type,
    summary,
    page: pageOf(name),
    types,
    aliases,
    replacing: replacing(resource, [...types.keys()]),
    sensitive: resource.sensitive ?? [],
    attributes: attributesOf(resource),
    permissions: resource.permissions,
    sources,
  };
}

function replacing({ immutable, update }: Resource<Props, unknown>, names: readonly string[]): Definition['replacing'] {
  if (!update) return new Map(names.map((name) => [name, 'replaces']));
  if (typeof immutable !== 'function') return new Map(immutable?.map((name) => [name, 'replaces']));
  // If it depends on the values: those that replace when everything changes, and those that the function reads besides.
  const all = (value: string) => Object.fromEntries(names.map((name) => [name, value]));
  const named = names.filter((name) => new RegExp(`\\b${name}\\b`).test(immutable.toString()));
  return new Map([
    ...named.map((name) => [name, 'may replace'] as const),
    ...immutable(all('new'), all('old')).map((name) => [name, 'replaces'] as const),
  ]);
}

/** A definition gives the attributes of a state; this state has every member, so it gives all attributes. */
function attributesOf({ type, attributes }: Resource<Props, unknown>): string[] {
  try {
    return Object.keys(attributes?.(anything) ?? {});
  } catch (cause) {
    throw new Error(`Listing the attributes of ${type}: ${(cause as Error).message}`, { cause });
  }
}

const anything: unknown = new Proxy(() => anything, {
  get: (_, name) => {
    if (name === Symbol.toPrimitive) return () => '';
    if (name === Symbol.iterator) return () => [][Symbol.iterator]();
    return name === 'toJSON' ? () => '' : anything;
  },
  apply: () => anything,
});
