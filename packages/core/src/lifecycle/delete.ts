import type { Outcome } from '../response/response.ts';
import {
  awaits,
  failureOf,
  MISSING_READS_UNTIL_GONE,
  statusOf,
  undefinedIfNotFound,
  withinVisibilityWindow,
} from './observe.ts';
import { type Doomed, doomed, idOf, type Job, type Progress } from './phase.ts';
import { isCreateFailedId, isResourceId, replacedId } from './physical-id.ts';

/** Deletes what a Delete is about, or what a creation made that was called off. */
export async function remove<P extends object, S>(job: Job<P, S>, progress: Progress): Promise<Outcome | undefined> {
  const { resource, request } = job;
  const done: Outcome = { status: 'SUCCESS', id: idOf(request, progress), attributes: {} };
  if (!resource.delete) return done;
  if (progress.id === undefined && progress.calledOff) return (await isStillUnknown(job, progress)) ? undefined : done;
  progress.id ??= await findDoomed(job);
  if (progress.id === undefined) return isNothingThere(job, progress) ? done : undefined;
  progress.doomed ??= doomed(progress.id);
  const left = await takeAway(job, progress.doomed);
  if (left === undefined) return done;
  if ('failed' in left) return { status: 'FAILED', id: done.id, reason: `Deleting ${progress.id}: ${left.failed}` };
  awaits(job, progress, left);
  return undefined;
}

/** Takes the next step of a deletion. Gives what is left of the thing: nothing, or where its deletion stands. */
export async function takeAway<P extends object, S>(
  given: Job<P, S>,
  one: Doomed,
): Promise<{ pending: string } | { failed: string } | undefined> {
  const job = one.id === given.request.physicalResourceId ? given : abandoned(given);
  const { resource, props, ctx } = job;
  const isFirst = !one.begun;
  if (isFirst) {
    const before = await statusOf(job, one.id);
    const inMotion = before === 'pending' || (typeof before === 'object' && 'pending' in before);
    Object.assign(one, { begun: true, seen: before !== undefined, failedBefore: failureOf(before), inMotion });
  } else {
    // Before the next step, which might begin anew what has failed.
    const left = await leftOf(job, one);
    if (left === undefined || 'failed' in left) return left;
  }
  const result = await undefinedIfNotFound(() => resource.delete?.(one.id, props, ctx));
  if (result === 'retained' || !resource.read) return undefined;
  return isFirst ? leftOf(job, one) : { pending: `the deletion of ${one.id}` };
}

/** CloudFormation was never told of what is deleted. */
function abandoned<P extends object, S>(job: Job<P, S>): Job<P, S> {
  return { ...job, props: job.resource.propertiesForOrphan?.(job.props) ?? job.props };
}

/** Looks at what is being deleted. */
async function leftOf<P extends object, S>(job: Job<P, S>, one: Doomed) {
  const status = await statusOf(job, one.id);
  if (status === undefined) {
    one.missed += 1;
    if (!one.seen && isUnseen(job, one)) return { pending: 'that it can be seen' };
    const remains = await job.resource.remainingAfterDelete?.(one.id, job.props);
    return remains === undefined ? undefined : { pending: `the deletion of ${remains}` };
  }
  one.seen = true;
  const failed = failureOf(status);
  if (failed !== undefined) return afterFailure(failed, one);
  one.failedBefore = undefined;
  return typeof status === 'object' && 'pending' in status ? status : { pending: 'delete to end' };
}

/** What had failed before may be deleted nevertheless; while that begins, it still says so. */
function afterFailure(failed: string, one: Doomed): { pending: string } | { failed: string } {
  // What was under way has failed: only now can the deletion begin.
  if (one.inMotion) Object.assign(one, { failedBefore: failed, inMotion: false });
  return failed === one.failedBefore ? { pending: failed } : { failed };
}

/** May it be there all the same? What was found, or made, exists, and may be too new; of the rest a replica may lag. */
function isUnseen<P extends object, S>(job: Job<P, S>, { id, missed, since }: Doomed): boolean {
  return id === job.request.physicalResourceId
    ? missed < MISSING_READS_UNTIL_GONE
    : withinVisibilityWindow(job.resource, missed, since);
}

/** The id of what a Delete is about, which is not always the one it names. */
async function findDoomed<P extends object, S>({ resource, request, props, ctx }: Job<P, S>) {
  const id = request.physicalResourceId ?? '';
  if (isCreateFailedId(id)) return undefined;
  if (isResourceId(id, resource.ownsId?.bind(resource))) return id;
  const anything = await resource.find?.(props, ctx);
  const found = anything === replacedId(id) ? undefined : anything;
  ctx.log.info('The id is not one of the resource, so it was looked for by its owner', { id, found });
  return found;
}

/**
 * Looks for what a creation made that was called off before it had an answer. What is found is left for the next look,
 * which asks whether CloudFormation wants it: another delivery of the request may have made it, and told.
 */
async function isStillUnknown<P extends object, S>(job: Job<P, S>, progress: Progress): Promise<boolean> {
  const { resource, request, props, ctx } = job;
  const { physicalResourceId: current = '' } = request;
  const found = await resource.find?.(props, ctx);
  progress.awaiting = 'that what was made can be found';
  if (found !== undefined && found !== current && found !== replacedId(current)) {
    progress.id = found;
    return true;
  }
  progress.missed += 1;
  return withinVisibilityWindow(resource, progress.missed, progress.calledOffSince ?? progress.since);
}

/** What was made a moment ago is not always found at once, so it is looked for more than once. */
function isNothingThere<P extends object, S>(job: Job<P, S>, progress: Progress): boolean {
  const { resource, request } = job;
  if (!resource.find || isCreateFailedId(request.physicalResourceId ?? '')) return true;
  progress.awaiting = 'that what was made can be found';
  progress.missed += 1;
  return !withinVisibilityWindow(resource, progress.missed, progress.since);
}
