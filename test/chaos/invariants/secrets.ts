import { serialize } from 'node:v8';
import type { Finding, Scene } from '../invariants.ts';

/** Lambda's queue holds the requests as they are; nothing else does. Code and what is in buckets is not looked through. */
const spared = new Set(['lambda/events', 'lambda/packages', 's3/objects']);

/** The signature of a response URL is in no log and in no state. */
export function secrets({ world, seen }: Scene): Finding[] {
  const signatures = seen.requests.flatMap(
    ({ ResponseURL }) => new URL(ResponseURL).searchParams.get('X-Amz-Signature') ?? [],
  );
  const findings: Finding[] = [];
  for (const { service, name, table } of world.store.tables()) {
    if (spared.has(`${service}/${name.split(':')[0]}`) || table.size === 0) continue;
    const state = serialize(table);
    if (signatures.some((signature) => state.includes(signature))) {
      findings.push({ rule: 'a response URL is kept in the clear', detail: `in ${service}'s table ${name}` });
    }
  }
  return findings;
}
