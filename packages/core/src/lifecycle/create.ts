import { errorMessage, RuntimeError } from '../errors.ts';
import type { Result } from '../response/response.ts';
import { isAlreadyExists, isThrottle, isTransient } from '../service-errors.ts';
import { deletionOf } from './delete.ts';
import type { Job } from './job.ts';
import { observe, statusOf, withinVisibilityWindow } from './observe.ts';
import { type Creating, MAX_ID_BYTES, type RequestState, transition, updating } from './phase.ts';

/** Creates the resource, for a Create or for an Update that replaces, and waits until it is ready. */
export async function create<P extends object, S>(
  job: Job<P, S>,
  state: RequestState,
  phase: Creating,
): Promise<Result | undefined> {
  if (phase.id === undefined) {
    const found = await findCreated(job);
    if (found !== undefined) {
      if (job.request.isDirect) phase.begunBefore = await isPending(job, found);
      if (phase.begunBefore === false || (await isTakenUpAgain(job, found))) return takeUpAgain(found, job, state);
    }
    const id = found ?? (await callCreate(job, state, phase));
    if (id === undefined) return undefined;
    if (id === job.request.physicalResourceId) return revertReplacement(id, job, state);
    phase.id = id;
  }
  const result = await observe(job, state, phase, phase.id);
  return phase.begunBefore && result?.status === 'SUCCESS' ? takeUpAgain(phase.id, job, state) : result;
}

/**
 * Whether a direct invocation finds what an earlier one has only begun to create or to change. It waits for that, and then
 * changes it to what it says itself.
 */
async function isPending<P extends object, S>(job: Job<P, S>, id: string): Promise<boolean> {
  const status = await statusOf(job, id);
  return status === 'pending' || (typeof status === 'object' && 'pending' in status);
}

/** What this stack and logical id created already: by an earlier delivery of this request, or before a rollback. */
async function findCreated<P extends object, S>(job: Job<P, S>): Promise<string | undefined> {
  const { resource, request, props, ctx } = job;
  const found = await resource.find?.(props, ctx);
  if (found === undefined) return undefined;
  // Without a name that differs, `find` gives the resource that is to be replaced.
  if (found === request.physicalResourceId && !hasUniqueName(job)) return undefined;
  ctx.log.info('Found what this stack created before', { id: found });
  return found;
}

/** Whether a Create is about what the same logical id has given up by DeletionPolicy: Retain, and not a second delivery. */
async function isTakenUpAgain<P extends object, S>({ request, stack }: Job<P, S>, id: string): Promise<boolean> {
  return request.requestType === 'Create' && ((await stack?.hasRetained(id, false)) ?? false);
}

/** The template may say something else now, so the resource is changed to that. */
function takeUpAgain<P extends object, S>(id: string, { ctx }: Job<P, S>, state: RequestState): undefined {
  ctx.log.info('This logical id holds the resource already, so it is taken up again', { id });
  transition(state, updating(id, { updateCalled: false }));
  return undefined;
}

/** Gives the id of what `create` made; undefined where another delivery of this request may have made it just now. */
async function callCreate<P extends object, S>(
  job: Job<P, S>,
  state: RequestState,
  phase: Creating,
): Promise<string | undefined> {
  const { resource, request, props, ctx } = job;
  phase.outcomeUnknown = true;
  const called = Date.now();
  let id: string;
  try {
    id = await resource.create(props, ctx);
  } catch (error) {
    await resolveUnknownOutcome(error, job, phase);
    if (!isAlreadyExists(error)) throw error;
    if (phase.id === undefined) {
      phase.missingReads += 1;
      const mayBeFoundLater =
        resource.find !== undefined && withinVisibilityWindow(resource, phase.missingReads, state.since, called);
      if (!mayBeFoundLater) throw error;
    }
    ctx.log.info('A resource with this name exists already', { id: phase.id, error });
    state.waitingFor = errorMessage(error);
    return phase.id;
  }
  const problem = physicalIdProblem(id);
  if (problem) throw new RuntimeError(`Creating ${resource.type}: its id cannot be a physical id, ${problem}`);
  phase.outcomeUnknown = false;
  if (id === request.physicalResourceId && !hasUniqueName(job)) {
    throw new RuntimeError(`Replacing ${id}: the replacement has the same id, so nothing was replaced`);
  }
  phase.createdByThisRequest = true;
  ctx.log.info('Created', { id });
  return id;
}

/** What is wrong with an id by CloudFormation's rules; undefined where nothing is. */
function physicalIdProblem(id: unknown): string | undefined {
  if (typeof id !== 'string' || id === '') return 'it is empty';
  return Buffer.byteLength(id) > MAX_ID_BYTES ? `it is longer than ${MAX_ID_BYTES} bytes` : undefined;
}

/**
 * Finds out what a `create` that threw has left behind. A call that was throttled or refused changed nothing; but an
 * earlier one may have created something, so that is looked for.
 */
async function resolveUnknownOutcome<P extends object, S>(
  error: unknown,
  job: Job<P, S>,
  phase: Creating,
): Promise<void> {
  if (isTransient(error)) {
    phase.outcomeUnknown = !isThrottle(error);
    return;
  }
  try {
    const found = await findCreated(job);
    if (found !== job.request.physicalResourceId) phase.id = found;
    phase.outcomeUnknown = false;
  } catch (failure) {
    job.ctx.log.warn('Finding what a failed creation left behind failed', { error: failure });
  }
}

/**
 * An Update asks for the name that the resource has already: it takes back a replacement whose response CloudFormation
 * never had. So the resource is changed in place, after the deletion of the orphaned replacement.
 */
async function revertReplacement<P extends object, S>(
  id: string,
  { resource, old, ctx }: Job<P, S>,
  state: RequestState,
): Promise<undefined> {
  const orphan = await resource.find?.(old, ctx);
  ctx.log.info('The resource has this name already, so its replacement is taken back', { id, orphan });
  const phase = updating(id, { updateCalled: false });
  if (orphan !== undefined && orphan !== id) phase.revertedReplacement = deletionOf(orphan);
  transition(state, phase);
  return undefined;
}

/** A replacement needs another name; so what has the new name is not the resource that is to be replaced. */
function hasUniqueName<P extends object, S>({ resource }: Job<P, S>): boolean {
  return (resource.nameProperties ?? []).length > 0;
}
