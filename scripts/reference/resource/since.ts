import { readFileSync } from 'node:fs';
import type { ClientVersions } from '../../client-versions/since.ts';

const read: ClientVersions = JSON.parse(readFileSync(new URL('../client-versions.json', import.meta.url), 'utf8'));

/** The first version of the client with a member, of those that were compared; undefined if the oldest has it. */
export function sinceVersion(structure: string, member: string): string | undefined {
  return read.since[structure]?.[member];
}

/** Which versions were compared. */
export const comparedVersions = `${read.available} versions from ${read.oldest} to ${read.newest}`;
