import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Resource } from '@studio-resources/core';
import { camelCase, root } from '../handlers.ts';

/** What a handler of this project defines. */
export type Definition = Resource<Record<string, unknown>, unknown>;

/** The definition of a custom resource's type, from its handler; undefined of a type that is not this project's. */
export async function findDefinition(type: string): Promise<Definition | undefined> {
  const [, name] = /^Custom::([A-Z]\w*)$/.exec(type) ?? [];
  const file = name?.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
  if (file === undefined || !existsSync(join(root, 'handlers', `${file}.ts`))) return undefined;
  const loaded = (await import(join(root, 'handlers', `${file}.ts`))) as Record<string, Definition>;
  return loaded[camelCase(file)];
}
