import { isDeepStrictEqual } from 'node:util';
import { errorMessage, RuntimeError } from '../errors.ts';
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
  const { resource, props, ctx } = job;
  const { id } = phase;
  if (phase.revertedReplacement && !(await isReplacementDeleted(job, state, phase))) return undefined;
  if (!phase.updateCalled) {
    // Until the service begins with this change, it may still show the failure of the one before.
    phase.failureBefore = failureIn(await statusOf(job, id));
    await resource.update?.(id, props, oldOf(job), ctx);
    phase.updateCalled = true;
  }
  phase.seen = true;
  return observe(job, state, phase, id);
}

/**
 * A direct invocation replaces nothing: in a replacement that fails halfway, Terraform would know of one resource at most.
 * A former name that comes again is no change: Terraform has noted the one that was refused.
 *
 * @throws RuntimeError when a property would need a replacement
 */
export async function assertInPlace<P extends object, S>(
  { resource, request, props, ctx }: Job<P, S>,
  replacing: readonly (keyof P & string)[],
): Promise<void> {
  if (replacing.length === 0) return;
  const isRenamed = replacing.some((name) => resource.nameProperties?.includes(name));
  if (isRenamed && (await resource.find?.(props, ctx)) !== undefined) return;
  const names = replacing.join(', ');
  const how = isRenamed ? 'and apply' : 'take the resource out of the state (terraform state rm), and apply';
  throw new RuntimeError(
    `Updating ${request.logicalResourceId}: a change of ${names} cannot be made in place, and a direct invocation replaces nothing. ` +
      `Give ${names} the former value again, ${how}; then add the value to triggers, so that Terraform replaces the resource when it changes`,
  );
}

/**
 * The properties that the resource is changed from. A Create does not tell what the template said before. Nor does a direct
 * invocation for certain: Terraform takes the input of an update that failed for applied. So all that it says now counts as
 * changed, and what it said before only as far as it is to be removed.
 */
function oldOf<P extends object, S>({ request, props, old }: Job<P, S>): P {
  if (request.requestType === 'Create') return {} as P;
  return request.isDirect ? ((removedFrom(old, props) ?? {}) as P) : old;
}

/** What `before` has and `now` has not, at every depth: of an object its members, of a list its items. */
function removedFrom(before: unknown, now: unknown): unknown {
  if (now === undefined) return before;
  if (Array.isArray(before) && Array.isArray(now)) {
    return before.filter((item) => !now.some((each) => isDeepStrictEqual(each, item)));
  }
  if (!isPlain(before) || !isPlain(now)) return undefined;
  const left = Object.entries(before).map(([name, value]) => [name, removedFrom(value, own(now, name))] as const);
  const removed = left.filter(([, value]) => value !== undefined);
  return removed.length > 0 ? Object.fromEntries(removed) : undefined;
}

/** A name in a map may be one that every object inherits, such as `constructor`. */
function own(of: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(of, name) ? of[name] : undefined;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
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
