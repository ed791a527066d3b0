import { errorMessage } from '../errors.ts';
import type { Result } from '../response/response.ts';
import { isTransient } from '../service-errors.ts';
import { deleteStep } from './delete.ts';
import type { Job } from './job.ts';
import { failureIn, observe, statusOf } from './observe.ts';
import type { RequestState, Updating } from './phase.ts';

export async function updateInPlace<P extends object, S>(
  job: Job<P, S>,
  state: RequestState,
  phase: Updating,
): Promise<Result | undefined> {
  const { resource, request, props, ctx } = job;
  // A Create does not tell what the template said before.
  const old = request.requestType === 'Create' ? ({} as P) : job.old;
  const { id } = phase;
  if (phase.revertedReplacement && !(await isReplacementDeleted(job, state, phase))) return undefined;
  if (!phase.updateCalled) {
    // Until the service begins with this change, it may still show the failure of the one before.
    phase.failureBefore = failureIn(await statusOf(job, id));
    await resource.update?.(id, props, old, ctx);
    phase.updateCalled = true;
  }
  phase.seen = true;
  return observe(job, state, phase, id);
}

/** Deletes the replacement that is taken back. Where that fails, it is left: a rollback must not fail because of it. */
async function isReplacementDeleted<P extends object, S>(
  job: Job<P, S>,
  state: RequestState,
  phase: Updating,
): Promise<boolean> {
  const { revertedReplacement: deletion } = phase;
  const left = deletion && (await deleteStep({ ...job, props: job.old }, deletion).catch(refusalIn));
  if (left && 'pending' in left) {
    state.waitingFor = `the deletion of ${deletion?.id}, which was to replace it: ${left.pending}`;
    return false;
  }
  if (left) job.ctx.log.error('Deleting a replacement that was taken back failed', { id: deletion?.id, ...left });
  phase.revertedReplacement = undefined;
  return true;
}

/** The error of a deletion as what has failed. @throws unknown the error itself when another attempt may succeed */
function refusalIn(error: unknown): { failed: string } {
  if (isTransient(error)) throw error;
  return { failed: errorMessage(error) };
}
