import { isDeepStrictEqual } from 'node:util';
import { errorMessage, RuntimeError } from '../errors.ts';
import type { Outcome } from '../response/response.ts';
import { isTransient } from '../service-errors.ts';
import { deleteStep } from './delete.ts';
import type { Job } from './job.ts';
import { failureIn, observe, statusOf } from './observe.ts';
import {
  creating,
  isResourceId,
  physicalIdOf,
  type RequestState,
  transition,
  type Updating,
  updating,
} from './phase.ts';

/**
 * Decides how an Update is made: in place, or by a replacement, after which CloudFormation sends a Delete for what was
 * replaced.
 *
 * @throws RuntimeError when a replacement would need the name of the resource that still exists
 */
export async function planUpdate<P extends object, S>(job: Job<P, S>, state: RequestState): Promise<void> {
  const { resource, request, props, old, ctx } = job;
  const id = request.physicalResourceId ?? '';
  const differing = changedProperties(props, old);
  if (!isResourceId(id, resource.ownsId?.bind(resource))) {
    ctx.log.warn('The resource was never created, so the update creates it', { id });
    return transition(state, creating());
  }
  const immutable = typeof resource.immutable === 'function' ? resource.immutable(props, old) : resource.immutable;
  const replacing = resource.update ? differing.filter((name) => immutable?.includes(name)) : differing;
  if (replacing.length === 0) {
    ctx.log.info(differing.length === 0 ? 'No property differs' : 'Updating in place', { id, differing });
    return transition(state, updating(id, { updateCalled: differing.length === 0 }));
  }
  const { nameProperties = [] } = resource;
  // What an `immutable` function leaves out is another spelling of the same name.
  const renaming = typeof resource.immutable === 'function' ? replacing : differing;
  if (nameProperties.length > 0 && !nameProperties.some((name) => renaming.includes(name))) {
    // Such an update is always refused, so its rollback finds nothing changed.
    if (await job.stack?.isRollingBack(false)) {
      ctx.log.info('The refused replacement is rolled back, and nothing was replaced', { id, differing });
      return transition(state, updating(id, { updateCalled: false }));
    }
    throw new RuntimeError(
      `Replacing ${id}: a change of ${replacing.join(', ')} cannot be made in place, and a replacement cannot have the ` +
        `same ${nameProperties.join(' and ')} while ${id} exists. Change ${nameProperties.join(' or ')} as well`,
    );
  }
  ctx.log.info('Replacing', { id, differing });
  transition(state, creating());
}

export async function updateInPlace<P extends object, S>(
  job: Job<P, S>,
  state: RequestState,
  phase: Updating,
): Promise<Outcome | undefined> {
  const { resource, request, props, ctx } = job;
  // A Create does not tell what the template said before.
  const old = request.requestType === 'Create' ? ({} as P) : job.old;
  const id = physicalIdOf(request, state);
  if (phase.revertedReplacement && !(await isReplacementDeleted(job, state, phase))) return undefined;
  if (!phase.updateCalled) {
    // Until the service begins with this change, it may still show the failure of the one before.
    phase.failureBefore = failureIn(await statusOf(job, id));
    await resource.update?.(id, props, old, ctx);
    phase.updateCalled = true;
  }
  phase.seen = true;
  return observe(job, state, phase);
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

/** The names of the properties whose values differ, once strings have become values. */
export function changedProperties<Props extends object>(props: Props, old: Props): (keyof Props & string)[] {
  const [now, before] = [new Map(Object.entries(props)), new Map(Object.entries(old))];
  const names = new Set([...now.keys(), ...before.keys()]);
  return [...names].filter((name) => !isDeepStrictEqual(now.get(name), before.get(name))) as (keyof Props & string)[];
}
