import { errorMessage } from '../error-message.ts';
import { RuntimeError } from '../errors.ts';
import type { Outcome } from '../response/response.ts';
import { isAlreadyExists, isThrottle, isTransient } from '../service-errors.ts';
import { observe, withinVisibilityWindow } from './observe.ts';
import { doomed, type Job, type Progress } from './phase.ts';
import { physicalIdProblem } from './physical-id.ts';

/** Makes it, for a Create or for the replacement of an Update. */
export async function create<P extends object, S>(job: Job<P, S>, progress: Progress): Promise<Outcome | undefined> {
  if (progress.id === undefined) {
    const id = (await findMade(job)) ?? (await make(job, progress));
    if (id === undefined) return undefined;
    if (id === job.request.physicalResourceId) return goBack(id, job, progress);
    progress.id = id;
  }
  return observe(job, progress);
}

/** What this stack and logical id already made: by an earlier delivery of this request, or before a rollback. */
async function findMade<P extends object, S>(job: Job<P, S>): Promise<string | undefined> {
  const { resource, request, props, ctx } = job;
  const found = await resource.find?.(props, ctx);
  // Where no name tells them apart, what is to be replaced is found instead of its replacement.
  if (found === undefined || (found === request.physicalResourceId && !hasName(job))) return undefined;
  ctx.log.info('This stack made it before', { id: found });
  return found;
}

/** Gives its id, or none where its name is taken by what may be ours, and cannot be found as yet. */
async function make<P extends object, S>(job: Job<P, S>, progress: Progress): Promise<string | undefined> {
  const { resource, request, props, ctx } = job;
  progress.inDoubt = true;
  let id: string;
  try {
    id = await resource.create(props, ctx);
  } catch (error) {
    await settleDoubt(error, job, progress);
    if (!isAlreadyExists(error)) throw error;
    if (progress.id === undefined && !mayBeOurs(job, progress)) throw error;
    // By another delivery of this request, which is at work beside this one.
    ctx.log.info('Something has its name already', { id: progress.id, error });
    progress.awaiting = errorMessage(error);
    return progress.id;
  }
  const problem = physicalIdProblem(id);
  if (problem) throw new RuntimeError(`Creating ${resource.type}: its id cannot be a physical id, ${problem}`);
  progress.inDoubt = false;
  if (id === request.physicalResourceId && !hasName(job)) {
    throw new RuntimeError(`Replacing ${id}: the replacement has the same id, so nothing was replaced`);
  }
  progress.made = true;
  ctx.log.info('Created', { id });
  return id;
}

/** What was made a moment ago, by another delivery of this request, is not always found at once. */
function mayBeOurs<P extends object, S>({ resource }: Job<P, S>, progress: Progress): boolean {
  progress.missed += 1;
  return resource.find !== undefined && withinVisibilityWindow(resource, progress.missed, progress.since);
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
    const found = await findMade(job);
    if (found !== job.request.physicalResourceId) progress.id = found;
    progress.inDoubt = false;
  } catch (failure) {
    job.ctx.log.warn('Looking for what a failed creation left behind', { error: failure });
  }
}

/**
 * The Update asks for what has the new name already: it takes back a replacement that CloudFormation never heard the
 * end of. So it is made in place, once the replacement that nobody knows is gone.
 */
async function goBack<P extends object, S>(
  id: string,
  { resource, old, ctx }: Job<P, S>,
  progress: Progress,
): Promise<undefined> {
  const stray = await resource.find?.(old, ctx);
  ctx.log.info('It has that name already, so a replacement is taken back', { id, stray });
  Object.assign(progress, { operation: 'update', id, made: false });
  if (stray !== undefined && stray !== id) progress.doomed = doomed(stray);
  return undefined;
}

/** A replacement of what has a name has another name; so whatever has the new one is not what is to be replaced. */
function hasName<P extends object, S>({ resource }: Job<P, S>): boolean {
  return (resource.nameProperties ?? []).length > 0;
}
