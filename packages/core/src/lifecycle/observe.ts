import type { Status } from '../resource.ts';
import type { Result } from '../response/response.ts';
import { isNotFound } from '../service-errors.ts';
import type { Job } from './job.ts';
import { activityOf, type Creating, operationOf, type RequestState, type Updating } from './phase.ts';

/** After so many reads in a row without it, a resource counts as gone: one read may have asked a replica that lags. */
export const MISSING_READS_UNTIL_GONE = 3;

/** After so many reads, a failure that was there before counts as a new one. */
const MAX_STALE_READS = 5;

/** Reads what was created or changed, and takes its next step where it is not ready. */
export async function observe<P extends object, S>(
  job: Job<P, S>,
  state: RequestState,
  phase: Creating | Updating,
  id: string,
): Promise<Result | undefined> {
  const { resource, props, old, ctx } = job;
  if (!resource.read) return { status: 'SUCCESS', attributes: {} };
  state.waitingFor = 'that it can be read';
  const found = await undefinedIfNotFound(() => resource.read?.(id, props, ctx));
  if (found === undefined) {
    // After a creation, a service takes a while to find the resource.
    if (!phase.seen || ++phase.missingReads < MISSING_READS_UNTIL_GONE) return undefined;
    const reason = `${activityOf(phase)} ${id}: it no longer exists; it was deleted outside this stack. To create it again, give it another logical id`;
    return { status: 'FAILED', reason };
  }
  phase.seen = true;
  phase.missingReads = 0;
  const status = resource.status?.(found) ?? 'ready';
  if (status === 'ready') {
    const reason = resource.summary?.(found);
    const attributes = resource.attributes?.(found) ?? {};
    return { status: 'SUCCESS', attributes, ...(reason !== undefined && { reason }) };
  }
  if (typeof status === 'object' && 'failed' in status) {
    if (phase.name === 'updating' && isStale(status.failed, phase)) {
      state.waitingFor = 'that the change begins';
      return undefined;
    }
    return { status: 'FAILED', reason: `${activityOf(phase)} ${id}: ${status.failed}` };
  }
  if (phase.name === 'updating') phase.failureBefore = undefined;
  state.waitingFor = typeof status === 'object' ? status.pending : `${operationOf(phase)} to end`;
  await resource.advance?.(found, props, ctx, old);
  return undefined;
}

/** Whether this is still the failure of an earlier change, since the service has not begun with the new one. */
function isStale(failure: string, phase: Updating): boolean {
  return failure === phase.failureBefore && ++phase.staleReads < MAX_STALE_READS;
}

/**
 * Whether a resource may exist although so many reads since then have not found it. `since` and `read`, when the last of
 * them began, are in milliseconds since the epoch.
 */
export function withinVisibilityWindow(
  { visibleWithin = 0 }: { readonly visibleWithin?: number },
  missingReads: number,
  since: number,
  read: number,
): boolean {
  return missingReads < MISSING_READS_UNTIL_GONE || read - since < 1000 * visibleWithin;
}

/** The status of a resource, undefined where it does not exist. */
export async function statusOf<P extends object, S>({ resource, props, ctx }: Job<P, S>, id: string) {
  const found = await undefinedIfNotFound(() => resource.read?.(id, props, ctx));
  return found === undefined ? undefined : (resource.status?.(found) ?? 'ready');
}

/** What the call gives; undefined where the service says that there is no such thing. */
export async function undefinedIfNotFound<T>(call: () => Promise<T> | undefined): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** The failure that a status tells of. */
export function failureIn(status: Status | undefined): string | undefined {
  return typeof status === 'object' && 'failed' in status ? status.failed : undefined;
}
