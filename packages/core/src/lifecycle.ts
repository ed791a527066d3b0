import type { Outcome } from './answer.ts';
import { RuntimeError } from './errors.ts';
import { explain } from './explain.ts';
import { besideOf, isOwnId, problemWithId, saysNothingMade } from './identity.ts';
import { idOf, type Job, type Progress } from './job.ts';
import type { Status } from './resource.ts';
import { isNotFound, isThrottle, isTransient } from './transient.ts';

/** Something that was there is taken for gone after so many looks without it: one may have asked a lagging replica. */
const GONE_AFTER = 3;

/**
 * One look: takes the next step and says what has become of the request, or undefined when it is to be waited for.
 * Notes in `progress` what the next look has to know. Never throws: what is worth another try is waited out, the rest
 * is a failure.
 */
export async function look<Props extends object, State>(
  job: Job<Props, State>,
  progress: Progress,
): Promise<Outcome | undefined> {
  try {
    return await steps[progress.operation](job, progress);
  } catch (error) {
    if (isTransient(error) && !progress.inDoubt) {
      progress.awaiting = explain(error);
      job.ctx.log.warn('A call failed, trying again', { error });
      return undefined;
    }
    job.ctx.log.error('A call failed', { error });
    return { status: 'FAILED', id: idOf(job.request, progress), reason: explain(error) };
  }
}

const steps = { create, update, delete: remove };

async function create<P extends object, S>(job: Job<P, S>, progress: Progress): Promise<Outcome | undefined> {
  if (progress.id === undefined) {
    const found = await job.resource.find?.(job.props, job.ctx);
    if (found !== undefined && isRollback(job, found)) {
      job.ctx.log.info('It still has the name, for it was never replaced', { id: found });
      Object.assign(progress, { operation: 'update', id: found });
      return update(job, progress);
    }
    progress.id = other(job, found) ?? (await make(job, progress));
  }
  return settle(job, progress);
}

/**
 * A replacement that failed before anything was made is taken back by an Update with the properties swapped, of what
 * should have been replaced. Where names cannot be shared, that is found by the very name that is asked for.
 */
function isRollback<P extends object, S>({ resource, request }: Job<P, S>, found: string): boolean {
  return (resource.fixedName ?? []).length > 0 && found === request.physicalResourceId;
}

/** What this stack and logical id already made: by an earlier delivery of this request, or before a rollback. */
function other<P extends object, S>({ request, ctx }: Job<P, S>, found: string | undefined): string | undefined {
  if (found === undefined || found === request.physicalResourceId) return undefined;
  ctx.log.info('This stack made it before', { id: found });
  return found;
}

async function make<P extends object, S>(job: Job<P, S>, progress: Progress): Promise<string> {
  const { resource, request, props, ctx } = job;
  progress.inDoubt = true;
  let id: string;
  try {
    id = await resource.create(props, ctx);
  } catch (error) {
    await settleDoubt(error, job, progress);
    throw error;
  }
  const problem = problemWithId(id);
  if (problem) throw new RuntimeError(`Creating ${resource.type}: its id cannot be a physical id, ${problem}`);
  progress.inDoubt = false;
  if (id === request.physicalResourceId) {
    throw new RuntimeError(`Replacing ${id}: the replacement has the same id, so nothing was replaced`);
  }
  ctx.log.info('Created', { id });
  return id;
}

/**
 * Notes what a `create` that threw has left behind. A call that was throttled or refused did nothing; but it need not
 * have been the first one, so it is looked for what an earlier one made.
 */
async function settleDoubt<P extends object, S>(error: unknown, job: Job<P, S>, progress: Progress): Promise<void> {
  if (isTransient(error)) {
    progress.inDoubt = !isThrottle(error);
    return;
  }
  try {
    progress.id = other(job, await job.resource.find?.(job.props, job.ctx));
    progress.inDoubt = false;
  } catch (failure) {
    job.ctx.log.warn('Looking for what a failed creation left behind', { error: failure });
  }
}

async function update<P extends object, S>(job: Job<P, S>, progress: Progress): Promise<Outcome | undefined> {
  const { resource, request, props, old, ctx } = job;
  if (!progress.started) {
    await resource.update?.(idOf(request, progress), props, old, ctx);
    progress.started = true;
  }
  progress.seen = true;
  return settle(job, progress);
}

/** Looks at what was made or changed. */
async function settle<P extends object, S>(job: Job<P, S>, progress: Progress): Promise<Outcome | undefined> {
  const { resource, request, props, ctx } = job;
  const id = idOf(request, progress);
  if (!resource.read) return { status: 'SUCCESS', id, attributes: {} };
  progress.awaiting = 'that it can be seen';
  const state = await unlessGone(() => resource.read?.(id, props));
  if (state === undefined) return missing(id, progress);
  Object.assign(progress, { seen: true, missed: 0 });
  const status = resource.status?.(state) ?? 'ready';
  const failed = failureOf(status);
  if (failed !== undefined) return { status: 'FAILED', id, reason: `${doing(progress)} ${id}: ${failed}` };
  if (status === 'ready') return { status: 'SUCCESS', id, attributes: resource.attributes?.(state) ?? {} };
  awaits(job, progress, status);
  await resource.advance?.(state, props, ctx);
  return undefined;
}

/** After a create, services take a while to know what they made. */
function missing(id: string, progress: Progress): Outcome | undefined {
  if (!progress.seen || ++progress.missed < GONE_AFTER) return undefined;
  const reason = `${doing(progress)} ${id}: it no longer exists; it was deleted outside this stack. Have it made anew under another logical id`;
  return { status: 'FAILED', id, reason };
}

async function remove<P extends object, S>(job: Job<P, S>, progress: Progress): Promise<Outcome | undefined> {
  const { resource, request, props, ctx } = job;
  const done: Outcome = { status: 'SUCCESS', id: idOf(request, progress), attributes: {} };
  const isFirst = progress.id === undefined;
  if (isFirst) {
    const doomed = await findDoomed(job);
    if (doomed === undefined || !resource.delete) return done;
    const before = await statusOf(job, doomed);
    progress.seen = before !== undefined;
    progress.failedBefore = failureOf(before ?? 'ready');
    progress.id = doomed;
  } else {
    // Before the next step, which might begin anew what has failed.
    const outcome = await settleDoomed(job, progress);
    if (outcome) return outcome;
  }
  const result = await unlessGone(() => resource.delete?.(progress.id!, props, ctx));
  if (result === 'kept' || !resource.read) return done;
  return isFirst ? settleDoomed(job, progress) : undefined;
}

/** Looks at what is being deleted. */
async function settleDoomed<P extends object, S>(job: Job<P, S>, progress: Progress): Promise<Outcome | undefined> {
  const id = idOf(job.request, progress);
  const status = await statusOf(job, progress.id!);
  if (status === undefined) {
    // What was found by its owner exists; that it cannot be seen may be because it is too new.
    const mayBeNew = progress.id !== id && !progress.seen && ++progress.missed < GONE_AFTER;
    return mayBeNew ? undefined : { status: 'SUCCESS', id, attributes: {} };
  }
  progress.seen = true;
  const failed = failureOf(status);
  // A resource that had failed before may be deleted nevertheless; while that begins, it still says so.
  if (failed !== undefined && failed !== progress.failedBefore) {
    return { status: 'FAILED', id, reason: `Deleting ${progress.id}: ${failed}` };
  }
  if (failed === undefined) progress.failedBefore = undefined;
  awaits(job, progress, status);
  return undefined;
}

/** The id of what a Delete is about, which is not always the one it names. */
async function findDoomed<P extends object, S>({ resource, request, props, ctx }: Job<P, S>) {
  const id = request.physicalResourceId ?? '';
  if (saysNothingMade(id)) return undefined;
  if (isOwnId(id, resource.ownsId?.bind(resource))) return id;
  const anything = await resource.find?.(props, ctx);
  const found = anything === besideOf(id) ? undefined : anything;
  ctx.log.info('The id is not one of the resource, so it was looked for by its owner', { id, found });
  return found;
}

/** The status of what is deleted, undefined once there is nothing. */
async function statusOf<P extends object, S>({ resource, props }: Job<P, S>, id: string): Promise<Status | undefined> {
  const state = await unlessGone(() => resource.read?.(id, props));
  return state === undefined ? undefined : (resource.status?.(state) ?? 'ready');
}

/** What is not found is what a deletion wants. */
async function unlessGone<T>(call: () => Promise<T> | undefined): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function failureOf(status: Status): string | undefined {
  return typeof status === 'object' && 'failed' in status ? status.failed : undefined;
}

function awaits<P extends object, S>({ ctx }: Job<P, S>, progress: Progress, status: Status): void {
  const awaiting = typeof status === 'object' && 'pending' in status ? status.pending : `${progress.operation} to end`;
  if (awaiting !== progress.awaiting) ctx.log.info('Waiting', { id: progress.id, awaiting });
  progress.awaiting = awaiting;
}

/** What is being done, as an error begins. */
export function doing({ operation }: Progress): string {
  return operation === 'create' ? 'Creating' : operation === 'update' ? 'Updating' : 'Deleting';
}
