import type { Status } from '../resource.ts';
import type { Outcome } from '../response/response.ts';
import { isNotFound } from '../service-errors.ts';
import { doing, idOf, type Job, type Progress } from './phase.ts';

/** Something that was there is taken for gone after so many looks without it: one may have asked a lagging replica. */
export const MISSING_READS_UNTIL_GONE = 3;

/** A failure that was there before is taken for a new one after so many looks. */
const STALE_UNTIL = 5;

/** Looks at what was made or changed. */
export async function observe<P extends object, S>(job: Job<P, S>, progress: Progress): Promise<Outcome | undefined> {
  const { resource, request, props, old, ctx } = job;
  const id = idOf(request, progress);
  if (!resource.read) return { status: 'SUCCESS', id, attributes: {} };
  progress.awaiting = 'that it can be seen';
  const state = await undefinedIfNotFound(() => resource.read?.(id, props, ctx));
  if (state === undefined) return missing(id, progress);
  Object.assign(progress, { seen: true, missed: 0 });
  const status = resource.status?.(state) ?? 'ready';
  const failed = failureOf(status);
  if (failed !== undefined) {
    if (isStale(failed, progress)) return undefined;
    return { status: 'FAILED', id, reason: `${doing(progress)} ${id}: ${failed}` };
  }
  if (status === 'ready') return { status: 'SUCCESS', id, attributes: resource.attributes?.(state) ?? {} };
  progress.failedBefore = undefined;
  awaits(job, progress, status);
  await resource.advance?.(state, props, ctx, old);
  return undefined;
}

/** After a create, services take a while to know what they made. */
function missing(id: string, progress: Progress): Outcome | undefined {
  if (!progress.seen || ++progress.missed < MISSING_READS_UNTIL_GONE) return undefined;
  const reason = `${doing(progress)} ${id}: it no longer exists; it was deleted outside this stack. Have it made anew under another logical id`;
  return { status: 'FAILED', id, reason };
}

/** Is this still the failure of an earlier change, since the service has not begun with the new one? */
function isStale(failed: string, progress: Progress): boolean {
  progress.awaiting = 'that the change begins';
  return failed === progress.failedBefore && ++progress.stale < STALE_UNTIL;
}

/** Whether it may yet be seen, or found, after so many looks without it since then. */
export function withinVisibilityWindow(
  { visibleWithin = 0 }: { readonly visibleWithin?: number },
  missed: number,
  since: number,
): boolean {
  return missed < MISSING_READS_UNTIL_GONE || Date.now() - since < 1000 * visibleWithin;
}

/** The status of a thing, undefined once there is nothing. */
export async function statusOf<P extends object, S>({ resource, props, ctx }: Job<P, S>, id: string) {
  const state = await undefinedIfNotFound(() => resource.read?.(id, props, ctx));
  return state === undefined ? undefined : (resource.status?.(state) ?? 'ready');
}

/** What is not found is what a deletion wants. */
export async function undefinedIfNotFound<T>(call: () => Promise<T> | undefined): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** The failure that a status tells of. Without a status, there is none. */
export function failureOf(status: Status | undefined): string | undefined {
  return typeof status === 'object' && 'failed' in status ? status.failed : undefined;
}

/** Notes what is waited for, and logs it where it is something new. */
export function awaits<P extends object, S>({ ctx }: Job<P, S>, progress: Progress, status: Status): void {
  const awaiting = typeof status === 'object' && 'pending' in status ? status.pending : `${progress.operation} to end`;
  if (awaiting !== progress.awaiting) ctx.log.info('Waiting', { id: progress.id, awaiting });
  progress.awaiting = awaiting;
}
