import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Permission, runtimePermissions } from '@studio-resources/core';
import { isResponder } from '../check/names.ts';
import { camelCase, root } from '../handlers.ts';

/** The responder opens the waiter's states, and calls nothing else. */
const ofResponder = runtimePermissions.filter(({ action }) => action === 'secretsmanager:GetSecretValue');

/** What a handler's role has to grant: what its resource declares, and what the runtime needs. */
export async function permissionsOf(name: string): Promise<readonly Permission[]> {
  const path = join(root, 'handlers', `${name}.ts`);
  if (isResponder(readFileSync(path, 'utf8'))) return ofResponder;
  const handler = (await import(path)) as Record<string, { permissions: Permission[] }>;
  return [...handler[camelCase(name)]!.permissions, ...runtimePermissions];
}
