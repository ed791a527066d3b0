import type { Cloud } from '../service.ts';
import { setResourceStatus, setStackStatus } from './events.ts';
import { type Home, isInProgress, type StackRecord } from './stack.ts';

/** Why an operation is taken back: a stack that shall be deleted is not rolled back first. */
export type Cancellation = { for: 'deletion' } | { for: 'rollback'; reason: string };

/** An operation on a stack. */
export interface Operation {
  cancel(cancellation: Cancellation): void;
  /** Resolves once nothing of it is under way. */
  done: Promise<void>;
}

/** What is under way in this process. None of it is kept: a restart ends it. */
export interface Running {
  /** The operation that each stack is in, by the stack's id. */
  operations: Map<string, Operation>;
  /** Who awaits an object, by bucket and key. The first one counts. */
  objectWaiters: Map<string, (body: Uint8Array) => void>;
}

const runningOf = new WeakMap<Cloud, Running>();

/**
 * What is under way in this cloud. The first to ask finds what an earlier process has left unfinished, and marks it as
 * failed: no operation works on it any more.
 */
export function running(cloud: Cloud): Running {
  const known = runningOf.get(cloud);
  if (known) return known;
  const made: Running = { operations: new Map(), objectWaiters: new Map() };
  runningOf.set(cloud, made);
  cloud.events.on('objectCreated', ({ bucket, key, body }) => {
    const address = objectAddress(bucket, key);
    const answer = made.objectWaiters.get(address);
    made.objectWaiters.delete(address);
    answer?.(body);
  });
  for (const { service, account, region, name, table } of [...cloud.store.tables()]) {
    if (service !== 'cloudformation' || name !== 'stacks') continue;
    for (const stack of table.values()) markInterrupted({ cloud, account, region }, stack as StackRecord);
  }
  return made;
}

export function objectAddress(bucket: string, key: string): string {
  return `${bucket}/${key}`;
}

/** Each operation in progress, and the status that says it did not get to its end. Clean-up is done by the next one. */
const FAILED_STATUS = [
  [/^CREATE/, 'CREATE_FAILED'],
  [/^ROLLBACK/, 'ROLLBACK_FAILED'],
  [/^DELETE/, 'DELETE_FAILED'],
  [/^UPDATE_ROLLBACK_COMPLETE_CLEANUP/, 'UPDATE_ROLLBACK_COMPLETE'],
  [/^UPDATE_ROLLBACK/, 'UPDATE_ROLLBACK_FAILED'],
  [/^UPDATE_COMPLETE_CLEANUP/, 'UPDATE_COMPLETE'],
  [/^UPDATE/, 'UPDATE_FAILED'],
  [/^IMPORT/, 'IMPORT_ROLLBACK_FAILED'],
] as const;

/** The status of a stack whose operation is aborted. */
export function abortedStatus(status: string) {
  return FAILED_STATUS.find(([pattern]) => pattern.test(status))?.[1] ?? 'UPDATE_FAILED';
}

function markInterrupted(home: Home, stack: StackRecord): void {
  if (!isInProgress(stack.status)) return;
  const reason = 'The local cloud was stopped while this was in progress';
  for (const resource of Object.values(stack.resources)) {
    if (!isInProgress(resource.status)) continue;
    const verb = /^(CREATE|DELETE)/.exec(resource.status)?.[0] ?? 'UPDATE';
    resource.isPartlyUpdated = verb === 'UPDATE';
    setResourceStatus(home, stack, resource, `${verb as 'CREATE' | 'DELETE' | 'UPDATE'}_FAILED`, reason);
  }
  setStackStatus(home, stack, abortedStatus(stack.status), reason);
}
