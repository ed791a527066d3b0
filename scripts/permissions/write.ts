import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installing, readProvider } from '../check/provider.ts';
import { handlerNames, pascalCase, root } from '../handlers.ts';
import { permissionsOf } from './declared.ts';
import { withPermissions } from './role-policy.ts';

/** Writes the roles of these handlers' functions as the handlers declare. Returns the paths of what has changed. */
export async function writePermissions(names: readonly string[] = handlerNames()): Promise<string[]> {
  const changed: string[] = [];
  for (const template of installing) {
    const path = join('cloudformation', template);
    const before = readFileSync(join(root, path), 'utf8');
    const { functions } = readProvider(before, template);
    let text = before;
    for (const name of names) {
      const id = pascalCase(name);
      if (functions.has(id)) text = withPermissions(text, id, await permissionsOf(name));
    }
    if (text === before) continue;
    writeFileSync(join(root, path), text);
    changed.push(path);
  }
  return changed;
}
