import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cloud } from '../../packages/local/src/service.ts';
import { pascalCase } from '../../scripts/handlers.ts';

/**
 * Where the environment names a directory, records there which rights a handler's function uses, for `npm run rights`:
 * as those of the role that it has where it is installed.
 */
export function recordRights(cloud: Cloud, name: string): void {
  const directory = process.env.RECORD_TO;
  if (!directory) return;
  const file = join(directory, `${randomUUID()}.jsonl`);
  const seen = new Set<string>();
  cloud.events.on('right', ({ principal, action, resource }) => {
    const installed = principal.replace(':assumed-role/function/', `:assumed-role/test-${pascalCase(name)}Role-0/`);
    // It writes its log by a policy of AWS's, which makes the group as well.
    if (installed === principal || action.startsWith('logs:') || seen.has(action)) return;
    seen.add(action);
    appendFileSync(file, `${JSON.stringify({ right: { principal: installed, action, resource } })}\n`);
  });
}
