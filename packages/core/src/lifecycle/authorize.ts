import type { Outcome } from '../response/response.ts';
import type { Job } from './job.ts';
import { undefinedIfNotFound } from './observe.ts';
import { activityOf, isCreateFailedId, physicalIdOf, type RequestState, transition } from './phase.ts';

/**
 * Asks the resource once per request whether it may touch what the request names, before its other functions. Gives the
 * outcome of a request that may not, in which nothing is changed; undefined where the work goes on.
 */
export async function authorize<P extends object, S>(
  job: Job<P, S>,
  state: RequestState,
): Promise<Outcome | undefined> {
  const { resource, request, props, ctx } = job;
  if (state.isAuthorized || !resource.authorize) return undefined;
  // What was never created names nothing that a deletion could touch.
  if (request.requestType === 'Delete' && isCreateFailedId(request.physicalResourceId ?? '')) return undefined;
  const refusal = await resource.authorize(props, ctx, request.physicalResourceId);
  if (refusal === undefined) {
    state.isAuthorized = true;
    return undefined;
  }
  const id = physicalIdOf(request, state);
  if (!request.expectsResponse) {
    ctx.log.info('The event is ignored', { refusal });
    transition(state, { name: 'done', outcome: 'not expected' });
    return undefined;
  }
  if (request.requestType === 'Delete') {
    ctx.log.warn('Nothing is deleted', { id, refusal });
    return { status: 'SUCCESS', id, attributes: {} };
  }
  // A refused update has changed nothing; and a rollback that fails leaves the stack stuck.
  if (request.requestType === 'Update' && (await ctx.isRollingBack())) {
    ctx.log.warn('The resource is left as it is in this rollback', { id, refusal });
    const found = await undefinedIfNotFound(() => resource.read?.(id, props, ctx));
    return { status: 'SUCCESS', id, attributes: (found && resource.attributes?.(found)) ?? {} };
  }
  return { status: 'FAILED', id, reason: `${activityOf(state.phase)} ${request.logicalResourceId}: ${refusal}` };
}
