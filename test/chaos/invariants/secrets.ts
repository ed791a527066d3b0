import { serialize } from 'node:v8';
import type { Finding, Scene } from '../scene.ts';

/**
 * Lambda's queue holds the requests as they are, and Studio knows whom it has let in; nothing else does. Code and what is
 * in buckets is not looked through.
 */
const spared = new Set(['lambda/events', 'lambda/packages', 's3/objects', 'sagemaker/admissions']);

/** The signature of a response URL is in no log and in no state. */
export function secrets({ world, seen }: Scene): Finding[] {
  const signatures = seen.requests.flatMap(
    ({ ResponseURL }) => new URL(ResponseURL).searchParams.get('X-Amz-Signature') ?? [],
  );
  return placesOf(signatures, world).map((detail) => ({ rule: 'a response URL is kept in the clear', detail }));
}

/** The tables that have one of the texts somewhere. */
export function placesOf(texts: readonly string[], { store }: Pick<Scene['world'], 'store'>): string[] {
  const places: string[] = [];
  for (const { service, name, table } of store.tables()) {
    if (spared.has(`${service}/${name.split(':')[0]}`) || table.size === 0) continue;
    const state = serialize(table);
    if (texts.some((text) => state.includes(text))) places.push(`in ${service}'s table ${name}`);
  }
  return places;
}
