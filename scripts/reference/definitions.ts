import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isResponder } from '../check/names.ts';
import { handlerNames, root } from '../handlers.ts';
import { type Definition, definitionOf } from './definition.ts';

/** The names of the handlers that are resources: `studio-domain`. */
export function resourceNames(): string[] {
  return handlerNames().filter((name) => !isResponder(readFileSync(join(root, 'handlers', `${name}.ts`), 'utf8')));
}

/** What every resource is defined as. */
export function definitions(): Promise<Definition[]> {
  return Promise.all(resourceNames().map(definitionOf));
}
