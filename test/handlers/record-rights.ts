import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cloud } from '../../packages/local/src/service.ts';
import { pascalCase } from '../../scripts/handlers.ts';

/**
 * Where the environment names a directory, records there which rights a handler's function uses, for `npm run rights`:
 * under the name of its role in provider.yaml.
 */
export function recordRights(cloud: Cloud, name: string): void {
  const directory = process.env.RECORD_TO;
  if (!directory) return;
  const file = join(directory, `${randomUUID()}.jsonl`);
  const seen = new Set<string>();
  cloud.events.on('right', ({ principal, action, resource }) => {
    const installed = principal.replace(':assumed-role/function/', `:assumed-role/test-${pascalCase(name)}Role-0/`);
    // An AWS managed policy allows the function to write its log and to create the group.
    if (installed === principal || action.startsWith('logs:') || seen.has(action)) return;
    seen.add(action);
    appendFileSync(file, `${JSON.stringify({ right: { principal: installed, action, resource } })}\n`);
  });
}
