import { RuntimeError } from '../errors.ts';
import type { Outcome } from '../response/response.ts';
import { changedProperties } from '../schema/read-properties.ts';
import { create } from './create.ts';
import { takeAway } from './delete.ts';
import { failureOf, observe, statusOf } from './observe.ts';
import { idOf, type Job, type Progress } from './phase.ts';
import { isResourceId } from './physical-id.ts';

/** Makes an Update: in place, or by a replacement, which CloudFormation follows up with a Delete of what is replaced. */
export async function change<P extends object, S>(job: Job<P, S>, progress: Progress): Promise<Outcome | undefined> {
  if (!progress.planned) {
    await plan(job, progress);
    progress.planned = true;
  }
  return progress.operation === 'create' ? create(job, progress) : changeInPlace(job, progress);
}

async function changeInPlace<P extends object, S>(job: Job<P, S>, progress: Progress): Promise<Outcome | undefined> {
  const { resource, request, props, old, ctx } = job;
  const id = idOf(request, progress);
  if (progress.doomed && !(await isStrayGone(job, progress))) return undefined;
  if (!progress.started) {
    // Until the service begins with this change, it may still show how the one before has failed.
    progress.failedBefore = failureOf(await statusOf(job, id));
    await resource.update?.(id, props, old, ctx);
    progress.started = true;
  }
  progress.seen = true;
  return observe(job, progress);
}

/** Deletes the replacement that is taken back. One that resists is left: the way back must not fail of it. */
async function isStrayGone<P extends object, S>(job: Job<P, S>, progress: Progress): Promise<boolean> {
  const { doomed } = progress;
  const left = doomed && (await takeAway({ ...job, props: job.old }, doomed));
  if (left && 'pending' in left) {
    progress.awaiting = `the deletion of ${doomed?.id}, which was to replace it: ${left.pending}`;
    return false;
  }
  if (left) job.ctx.log.error('A replacement that was taken back could not be deleted', { id: doomed?.id, ...left });
  progress.doomed = undefined;
  return true;
}

/**
 * Decides how an Update is made.
 *
 * @throws RuntimeError when it takes a replacement that would need the name of what is still there
 */
async function plan<P extends object, S>(job: Job<P, S>, progress: Progress): Promise<void> {
  const { resource, request, props, old, ctx } = job;
  const id = request.physicalResourceId ?? '';
  const differing = changedProperties(props, old);
  if (!isResourceId(id, resource.ownsId?.bind(resource))) {
    ctx.log.warn('There is nothing that could be changed: the resource was never made', { id });
    progress.operation = 'create';
    return;
  }
  // Without `update`, no change can be made in place.
  const immutable = typeof resource.immutable === 'function' ? resource.immutable(props, old) : resource.immutable;
  const replacing = resource.update ? differing.filter((name) => immutable?.includes(name)) : differing;
  if (replacing.length === 0) {
    ctx.log.info(differing.length === 0 ? 'No property differs' : 'Updating in place', { id, differing });
    Object.assign(progress, { id, started: differing.length === 0 });
    return;
  }
  const { nameProperties = [] } = resource;
  // What a function leaves out is another spelling of the same, and so no other name.
  const renaming = typeof resource.immutable === 'function' ? replacing : differing;
  if (nameProperties.length > 0 && !nameProperties.some((name) => renaming.includes(name))) {
    // Such a change is always refused, so the way back from it finds nothing changed.
    if (await job.stack.isRollingBack()) {
      ctx.log.info('The refused replacement is taken back, and nothing was replaced', { id, differing });
      Object.assign(progress, { id });
      return;
    }
    throw new RuntimeError(
      `Replacing ${id}: a change of ${replacing.join(', ')} cannot be made in place, and a replacement cannot have the ` +
        `same ${nameProperties.join(' and ')} while ${id} exists. Change ${nameProperties.join(' or ')} as well`,
    );
  }
  ctx.log.info('Replacing', { id, differing });
  progress.operation = 'create';
}
