import type * as Lambda from '@aws-sdk/client-lambda';
import { pageOf } from '../../pages.ts';
import type { Call, Definition } from '../../service.ts';
import { functionNotFound, invalidParameter, preconditionFailed, resourceConflict } from './errors.ts';
import { arnOf, parseReference, type Reference } from './names.ts';

export type Operations = Definition<typeof Lambda>['operations'];

/** A statement of a function's resource policy, as GetPolicy shows it. */
export interface Statement {
  Sid: string;
  Effect: 'Allow';
  Principal: string | Record<string, string>;
  Action: string;
  Resource: string;
  Condition?: Record<string, Record<string, string>>;
}

export interface EventInvokeSettings {
  lastModified: number;
  retries?: number;
  /** Virtual seconds. */
  maximumAge?: number;
  destinations: Lambda.DestinationConfig;
}

/** A function as the store keeps it. */
export interface FunctionRecord {
  name: string;
  /** `$LATEST`. Its ARN is the function's own. */
  latest: Lambda.FunctionConfiguration;
  /** What is still run while `latest` is being brought in. */
  running?: Lambda.FunctionConfiguration;
  /** What PublishVersion made, in order. */
  versions: Lambda.FunctionConfiguration[];
  nextVersion: number;
  aliases: Record<string, Lambda.AliasConfiguration>;
  /** Resource policies, by qualifier; the function's own is that of the empty one. */
  policies: Record<string, { revisionId: string; statements: Statement[] }>;
  /** By qualifier; `$LATEST` for the function's own. */
  eventInvoke: Record<string, EventInvokeSettings>;
  reservedConcurrency?: number;
  /** What stands for its encrypted variables, by the customer's key that they are encrypted with. */
  encrypted?: Record<string, Uint8Array>;
  tags: Record<string, string>;
}

/** The functions of an account and Region, by name. */
export function functionsOf(call: Call, of?: { account: string; region: string }): Map<string, FunctionRecord> {
  return call.table('functions', of);
}

/** The deployment packages, by account and hash. */
export function packagesOf(call: Call, of?: { account: string; region: string }): Map<string, Uint8Array> {
  return call.table('packages', of);
}

/** Throws ResourceNotFoundException where there is no such function; says nothing of the qualifier. */
export function getFunction(
  call: Call,
  functionName: string | undefined,
  qualifier?: string,
): { record: FunctionRecord; reference: Reference } {
  const reference = parseReference(functionName ?? '', call, qualifier);
  const record = functionsOf(call, reference).get(reference.name);
  if (!record) throw functionNotFound(arnOf(reference));
  return { record, reference };
}

/** The version that a qualifier names: `$LATEST` for none, an alias's main one. Throws where there is none. */
export function getVersion(record: FunctionRecord, reference: Reference): Lambda.FunctionConfiguration {
  const { qualifier } = reference;
  if (!qualifier || qualifier === '$LATEST') return record.latest;
  const number = record.aliases[qualifier]?.FunctionVersion ?? qualifier;
  const version = number === '$LATEST' ? record.latest : record.versions.find(({ Version }) => Version === number);
  if (!version) throw functionNotFound(arnOf(reference));
  return version;
}

/** Throws while a creation or another update is still being brought in. */
export function checkChangeable({ latest }: FunctionRecord, revisionId: string | undefined): void {
  const now = 'The operation cannot be performed at this time.';
  if (latest.State === 'Pending') {
    throw resourceConflict(`${now} The function is currently in the following state: Pending`);
  }
  if (latest.LastUpdateStatus === 'InProgress') {
    throw resourceConflict(`${now} An update is in progress for resource: ${latest.FunctionArn}`);
  }
  if (revisionId && revisionId !== latest.RevisionId) throw preconditionFailed();
}

/** What is no longer used by any version of any function goes. */
export function dropUnusedPackages(call: Call): void {
  const used = new Set<string | undefined>();
  for (const { latest, running, versions } of functionsOf(call).values()) {
    for (const configuration of [latest, running, ...versions]) used.add(configuration?.CodeSha256);
  }
  const packages = packagesOf(call);
  for (const hash of [...packages.keys()]) if (!used.has(hash)) packages.delete(hash);
}

/** One page of a list; Lambda's hold at most 50 items. */
export function page<T>(items: Iterable<T>, keyOf: (item: T) => string, token: string | undefined, maxItems = 50) {
  return pageOf(items, keyOf, { token, size: Math.min(maxItems, 50) }, () => invalidParameter('Invalid marker.'));
}

/** When LastModified was, as Lambda writes it. */
export function lastModified(call: Call): string {
  return new Date(call.clock.now()).toISOString().replace('Z', '+0000');
}
