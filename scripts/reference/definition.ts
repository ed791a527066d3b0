import { join } from 'node:path';
import type { Permission, Resource, Schema, Type } from '@studio-resources/core';
import { camelCase, root } from '../handlers.ts';
import { pageOf, sourcesOf, summaryOf } from './docs.ts';

type Props = Record<string, unknown>;

/** What a reference has to say of a resource, as its definition says it. */
export interface Definition {
  type: string;
  summary: string;
  /** A page of its own, from `handlers`, where it has one. */
  page?: string;
  types: ReadonlyMap<string, Type<unknown>>;
  aliases: ReadonlyMap<string, string>;
  /** The properties of which another value makes a replacement, or may. */
  replacing: ReadonlyMap<string, 'replaces' | 'may replace'>;
  attributes: readonly string[];
  permissions: readonly Permission[];
  /** The text of the handler and of its own parts, in which its properties are documented. */
  sources: string;
}

/**
 * Loads what `handlers/<name>.ts` defines.
 *
 * @throws Error when the definition leaves out what a reference needs
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
    attributes: attributesOf(resource),
    permissions: resource.permissions,
    sources,
  };
}

function replacing({ immutable, update }: Resource<Props, unknown>, names: readonly string[]): Definition['replacing'] {
  if (!update) return new Map(names.map((name) => [name, 'replaces']));
  if (typeof immutable !== 'function') return new Map(immutable?.map((name) => [name, 'replaces']));
  // Where it depends on the values: those that do when everything changes, and those that it looks at beside.
  const all = (value: string) => Object.fromEntries(names.map((name) => [name, value]));
  const named = names.filter((name) => new RegExp(`\\b${name}\\b`).test(immutable.toString()));
  return new Map([
    ...named.map((name) => [name, 'may replace'] as const),
    ...immutable(all('new'), all('old')).map((name) => [name, 'replaces'] as const),
  ]);
}

/** A definition gives attributes of a state only; of one in which everything can be found, it gives them all. */
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
