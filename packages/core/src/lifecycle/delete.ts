import type { Result } from '../response/response.ts';
import type { Job } from './job.ts';
import {
  failureIn,
  MISSING_READS_UNTIL_GONE,
  statusOf,
  undefinedIfNotFound,
  withinVisibilityWindow,
} from './observe.ts';
import {
  type Cancelling,
  type Deleting,
  type Deletion,
  isCreateFailedId,
  isResourceId,
  type RequestState,
  replacedId,
} from './phase.ts';

/** What is left of a resource that is being deleted; undefined when nothing is. */
type Left = { pending: string } | { failed: string } | undefined;

const done: Result = { status: 'SUCCESS', attributes: {} };

/** Deletes the resource that a Delete is about. */
export async function deleteResource<P extends object, S>(
  job: Job<P, S>,
  state: RequestState,
  phase: Deleting,
): Promise<Result | undefined> {
  const { resource, request } = job;
  if (!resource.delete) return done;
  const read = Date.now();
  phase.id ??= await findId(job);
  if (phase.id !== undefined) {
    if (!phase.deletion && (await undoesTakingUp(job, phase.id))) return done;
    // A direct invocation names no id, but what it finds is what its properties are about, and no orphan.
    const named = request.isDirect ? { ...job, request: { ...request, physicalResourceId: phase.id } } : job;
    return continueDeletion(named, state, phase, phase.id);
  }
  if (!resource.find || isCreateFailedId(request.physicalResourceId ?? '')) return done;
  // What was created a moment ago is not always found at once.
  state.waitingFor = 'that what was created can be found';
  phase.missingReads += 1;
  return withinVisibilityWindow(resource, phase.missingReads, state.since, read) ? undefined : done;
}

/** Whether a Delete, in a rollback, only undoes that the logical id took up again what it had retained before. */
async function undoesTakingUp<P extends object, S>({ stack, ctx }: Job<P, S>, id: string): Promise<boolean> {
  if (!(await stack?.isRollingBack(false)) || !(await stack?.hasRetained(id, false))) return false;
  ctx.log.info('The resource is retained: this logical id had retained it before the update that is rolled back', {
    id,
  });
  return true;
}

/** The id of the resource that a Delete is about, which is not always the one that it names. */
async function findId<P extends object, S>({ resource, request, props, ctx }: Job<P, S>): Promise<string | undefined> {
  const id = request.physicalResourceId ?? '';
  if (isCreateFailedId(id)) return undefined;
  if (isResourceId(id, resource.ownsId?.bind(resource))) return id;
  const anything = await resource.find?.(props, ctx);
  const found = anything === replacedId(id) ? undefined : anything;
  ctx.log.info('The physical id is not one of the resource, so it was looked for by its owner', { id, found });
  return found;
}

/**
 * Deletes what a cancelled creation made. What is found of a creation without an id is deleted by the next pass, which
 * first asks whether CloudFormation wants it: another delivery of the request may have created it, and responded.
 */
export async function deleteCancelled<P extends object, S>(
  job: Job<P, S>,
  state: RequestState,
  phase: Cancelling,
): Promise<Result | undefined> {
  if (phase.id !== undefined) return continueDeletion(job, state, phase, phase.id);
  const { resource, request, props, ctx } = job;
  const { physicalResourceId: current = '' } = request;
  const read = Date.now();
  const found = await resource.find?.(props, ctx);
  state.waitingFor = 'that what was created can be found';
  if (found !== undefined && found !== current && found !== replacedId(current)) {
    phase.id = found;
    return undefined;
  }
  phase.missingReads += 1;
  return withinVisibilityWindow(resource, phase.missingReads, phase.since, read) ? undefined : done;
}

async function continueDeletion<P extends object, S>(
  job: Job<P, S>,
  state: RequestState,
  phase: Deleting | Cancelling,
  id: string,
): Promise<Result | undefined> {
  phase.deletion ??= deletionOf(id);
  const left = await deleteStep(job, phase.deletion);
  if (left === undefined) return done;
  if ('failed' in left) return { status: 'FAILED', reason: `Deleting ${id}: ${left.failed}` };
  state.waitingFor = left.pending;
  return undefined;
}

/** A deletion that has not begun. */
export function deletionOf(id: string): Deletion {
  return { id, since: Date.now(), deleteCalled: false, seen: false, missingReads: 0, wasTransitioning: false };
}

/** Takes the next step of a deletion. */
export async function deleteStep<P extends object, S>(given: Job<P, S>, deletion: Deletion): Promise<Left> {
  const job = deletion.id === given.request.physicalResourceId ? given : withPropertiesForOrphan(given);
  const { resource, props, ctx } = job;
  const isFirst = !deletion.deleteCalled;
  if (isFirst) {
    const before = await statusOf(job, deletion.id);
    deletion.deleteCalled = true;
    deletion.seen = before !== undefined;
    deletion.failureBefore = failureIn(before);
    deletion.wasTransitioning = before === 'pending' || (typeof before === 'object' && 'pending' in before);
  } else {
    // Before the next call, which might begin again what has failed.
    const left = await deletionStatus(job, deletion);
    if (left === undefined || 'failed' in left) return left;
  }
  const result = await undefinedIfNotFound(() => resource.delete?.(deletion.id, props, ctx));
  if (result === 'retained') deletion.retained = true;
  if (result === 'retained' || !resource.read) return undefined;
  return isFirst ? deletionStatus(job, deletion) : { pending: `the deletion of ${deletion.id}` };
}

/** CloudFormation does not know the resource, so its properties for a deletion may be others. */
function withPropertiesForOrphan<P extends object, S>(job: Job<P, S>): Job<P, S> {
  return { ...job, props: job.resource.propertiesForOrphan?.(job.props) ?? job.props };
}

/** Reads what is being deleted. */
async function deletionStatus<P extends object, S>(job: Job<P, S>, deletion: Deletion): Promise<Left> {
  const { id, since } = deletion;
  const read = Date.now();
  const status = await statusOf(job, id);
  if (status === undefined) {
    deletion.missingReads += 1;
    const { missingReads } = deletion;
    // What was created just now may not be visible yet; of the rest, a replica may lag.
    const mayExist =
      id === job.request.physicalResourceId
        ? missingReads < MISSING_READS_UNTIL_GONE
        : withinVisibilityWindow(job.resource, missingReads, since, read);
    if (!deletion.seen && mayExist) return { pending: 'that it can be read' };
    const remaining = await job.resource.remainingAfterDelete?.(id, job.props, job.ctx);
    return remaining === undefined ? undefined : { pending: `the deletion of ${remaining}` };
  }
  deletion.seen = true;
  const failed = failureIn(status);
  if (failed === undefined) {
    deletion.failureBefore = undefined;
    return typeof status === 'object' && 'pending' in status ? status : { pending: 'delete to end' };
  }
  // A creation or an update that was under way has failed: only now can the deletion begin.
  if (deletion.wasTransitioning) Object.assign(deletion, { failureBefore: failed, wasTransitioning: false });
  // What had failed before can be deleted; until that begins, it still shows the failure.
  return failed === deletion.failureBefore ? { pending: failed } : { failed };
}
