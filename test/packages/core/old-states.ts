import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResourceStatus } from '@aws-sdk/client-cloudformation';
import type { StateKey } from '../../../packages/core/src/waiting/state-key.ts';

/** Something that a stack of an old version has stored or sends, and what it gets for that. */
export interface OldPayload {
  /** What Lambda calls the function with, or the responder. */
  readonly payload: object;
  readonly for: 'function' | 'responder';
  /** What exists by then, by id: its status. */
  readonly things: Readonly<Record<string, string>>;
  /** What CloudFormation shows of the request's resource; where it is left out, it is not asked. */
  readonly resourceStatus?: ResourceStatus;
  /** When it comes, in milliseconds since the epoch. */
  readonly now: number;
  /** The calls to the service, in order. */
  readonly calls: readonly string[];
  /** What CloudFormation gets, byte by byte; null where it gets nothing. */
  readonly body: string | null;
}

const folder = join(import.meta.dirname, 'fixtures');

/** The versions of which payloads are kept. */
export const oldVersions: readonly string[] = readdirSync(folder).filter((name) => /^\d/.test(name));

/** The payloads of a version, by name. */
export function oldPayloads(version: string): [string, OldPayload][] {
  return readdirSync(join(folder, version))
    .filter((name) => name !== 'key.json')
    .sort()
    .map((name) => [name.replace('.json', ''), readJson(version, name) as OldPayload]);
}

/** The key that the states of a version are sealed with, and its signatures made. */
export function oldKey(version: string): StateKey {
  return readJson(version, 'key.json') as StateKey;
}

function readJson(version: string, name: string): unknown {
  return JSON.parse(readFileSync(join(folder, version, name), 'utf8'));
}
