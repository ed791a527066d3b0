import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isResponder } from '../check/names.ts';
import { handlerNames, root } from '../handlers.ts';
import { type Definition, definitionOf } from '../reference/definition.ts';
import { editorSchema } from './editor-schema.ts';
import { registrySchema } from './registry-schema.ts';

/** A file of the schemas by its path below `schemas/`. */
export interface SchemaFile {
  path: string;
  text: string;
}

/** The definitions of the resources, by the names of their handlers. */
export async function resourceDefinitions(): Promise<ReadonlyMap<string, Definition>> {
  const names = handlerNames().filter(
    (name) => !isResponder(readFileSync(join(root, 'handlers', `${name}.ts`), 'utf8')),
  );
  return new Map(await Promise.all(names.map(async (name) => [name, await definitionOf(name)] as const)));
}

/**
 * The schemas of a release: one of whole templates for editors, one a resource in the form of CloudFormation's registry for
 * AWS's validator, and the rules by which cfn-lint reads those. The same inputs give the same bytes.
 */
export function schemaFiles(definitions: ReadonlyMap<string, Definition>, version: string): SchemaFile[] {
  const file = (path: string, schema: object) => ({ path, text: `${JSON.stringify(schema, undefined, 1)}\n` });
  const registry = [...definitions].map(([name, definition]) => {
    const $id = `urn:studio-resources:${version}:${definition.type}`;
    return file(`registry/${name}.json`, { $id, ...registrySchema(definition) });
  });
  const rules = readFileSync(join(import.meta.dirname, 'cfn-lint', 'studio_resources.py'), 'utf8');
  return [
    file('template.schema.json', editorSchema([...definitions.values()], version)),
    ...registry,
    { path: 'cfn-lint/studio_resources.py', text: rules },
  ];
}
