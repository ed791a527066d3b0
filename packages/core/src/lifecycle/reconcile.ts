import { errorMessage, RuntimeError } from '../errors.ts';
import type { Outcome, Result } from '../response/response.ts';
import { isTransient } from '../service-errors.ts';
import { changeOf, nameTaken } from './change.ts';
import { create } from './create.ts';
import { deleteCancelled, deleteResource } from './delete.ts';
import type { Job } from './job.ts';
import { undefinedIfNotFound } from './observe.ts';
import {
  activityOf,
  type Cancelling,
  type Creating,
  creating,
  idIn,
  isCreateFailedId,
  isResourceId,
  type Phase,
  physicalIdOf,
  type RequestState,
  transition,
  updating,
} from './phase.ts';
import { assertInPlace, updateInPlace } from './update.ts';

/** For how long CloudFormation may show a resource as it was before the request, in milliseconds. */
const STACK_LAG = 60_000;

/** How often the deletion of a cancelled creation is tried. */
const MAX_DELETIONS = 3;

/**
 * One pass: takes the next step of a request, and notes in `state` how far it has come; the phase is `done` once there
 * is an outcome. Never throws: what a retry may mend is retried by the next pass, the rest is a FAILED outcome.
 */
export async function reconcile<P extends object, S>(job: Job<P, S>, state: RequestState): Promise<void> {
  const { resource, stack, ctx } = job;
  // Without an answer of CloudFormation, the last one counts.
  if (!state.expected || hasNotBegun(state.phase)) {
    state.expected = (await stack?.expectsResponse(state.expected ?? true)) ?? true;
    state.askedAt = Date.now();
  }
  if (!state.expected) return awaitVisibility(job, state);
  if (await isOver(job, state)) {
    ctx.log.warn('CloudFormation has a response to this request already, so it is dropped');
    return transition(state, { name: 'done', outcome: 'not expected' });
  }
  if (state.phase.name === 'cancelling' && (await isWanted(job, state.phase))) {
    ctx.log.warn('A later request of CloudFormation wants the resource, so it is not deleted', { id: state.phase.id });
    return transition(state, { name: 'done', outcome: 'not expected' });
  }
  const before = { id: idIn(state.phase), waitingFor: state.waitingFor };
  const result = await step(job, state);
  const outcome = result && { ...result, id: physicalIdOf(job.request, state) };
  const { phase, waitingFor } = state;
  if (!outcome && waitingFor !== before.waitingFor) ctx.log.info('Waiting', { id: idIn(phase), waitingFor });
  if (phase.name === 'cancelling') {
    if (outcome) endCancellation(job, state, phase, outcome);
    return;
  }
  // CloudFormation cancels a creation without a message when another resource fails. So it is asked whether it still
  // wants the resource: once that has an id, and again before the response.
  if (phase.name === 'creating' && resource.delete) {
    const mayExist = phase.id !== undefined || (phase.outcomeUnknown && resource.find !== undefined);
    const isMoment = outcome ? mayExist : phase.id !== undefined && before.id === undefined;
    const wanted = isMoment ? await isWantedNow(job, state, phase, outcome) : true;
    if (wanted === undefined) return;
    if (!wanted) {
      ctx.log.warn('CloudFormation has cancelled this request, so what it created is deleted', { id: phase.id });
      const cancelled = { since: Date.now(), missingReads: 0, deletionFailures: 0 };
      return transition(state, { name: 'cancelling', id: phase.id, ...cancelled });
    }
  }
  if (outcome && isLeftBehind(job, phase, outcome)) {
    ctx.log.warn('The creation failed, so what it created is deleted', { id: phase.id, outcome });
    const cancelled = { since: Date.now(), missingReads: 0, deletionFailures: 0 };
    const { reason } = outcome;
    return transition(state, { name: 'cancelling', id: phase.id, reason, ...cancelled });
  }
  if (outcome) transition(state, { name: 'done', outcome });
}

/** After a creation that failed, CloudFormation sends a Delete. After that of a direct invocation, nothing would. */
function isLeftBehind<P extends object, S>(
  { request, resource }: Job<P, S>,
  phase: Phase,
  outcome: Outcome,
): phase is Creating & { id: string } {
  if (!request.isDirect || request.requestType !== 'Create' || outcome.status !== 'FAILED') return false;
  if (phase.name !== 'creating' || !resource.delete) return false;
  return phase.createdByThisRequest || (phase.outcomeUnknown && resource.find !== undefined);
}

/**
 * Whether CloudFormation got a response to this request since it was asked last. An older state of a request may come
 * again when that is over, and to go on with it would undo what came later. What CloudFormation has cancelled is not
 * over: its creation is to be deleted.
 */
async function isOver<P extends object, S>(job: Job<P, S>, state: RequestState): Promise<boolean> {
  const { phase, askedAt = 0 } = state;
  if (!job.stack || Date.now() - askedAt < STACK_LAG) return false;
  if (phase.name !== 'creating' && phase.name !== 'updating' && phase.name !== 'deleting') return false;
  state.askedAt = Date.now();
  if (await job.stack.expectsResponse(true)) return false;
  return phase.name !== 'creating' || isWanted(job, phase);
}

/** No call has changed anything. What it waits for may take minutes, in which CloudFormation may cancel it. */
function hasNotBegun(phase: Phase): boolean {
  switch (phase.name) {
    case 'planning':
      return true;
    case 'creating':
      return phase.id === undefined && !phase.outcomeUnknown;
    case 'updating':
      return !phase.updateCalled;
    default:
      return false;
  }
}

/**
 * Lambda may deliver a request again after its response, and to repeat it would undo what came later. But what
 * CloudFormation shows may lag behind, so the request is dropped only after a while.
 */
function awaitVisibility<P extends object, S>({ ctx }: Job<P, S>, state: RequestState): void {
  state.waitingFor = 'that CloudFormation shows this request';
  if (Date.now() - state.since < STACK_LAG) return;
  ctx.log.warn('CloudFormation does not expect a response to this request, so it is dropped');
  transition(state, { name: 'done', outcome: 'not expected' });
}

/** Takes the next step of the phase. What it throws is retried by the next pass, or ends the request. */
async function step<P extends object, S>(job: Job<P, S>, state: RequestState): Promise<Result | undefined> {
  try {
    const refused = await authorize(job, state);
    if (refused || state.phase.name === 'done') return refused;
    if (state.phase.name === 'planning') await planUpdate(job, state);
    const { phase } = state;
    switch (phase.name) {
      case 'creating':
        return await create(job, state, phase);
      case 'updating':
        return await updateInPlace(job, state, phase);
      case 'deleting':
        return await deleteResource(job, state, phase);
      case 'cancelling':
        return await deleteCancelled(job, state, phase);
      default:
        throw new Error(`Reconciling ${job.request.logicalResourceId}: there is no step of the phase ${phase.name}`);
    }
  } catch (error) {
    const { phase } = state;
    if (isTransient(error) && !(phase.name === 'creating' && phase.outcomeUnknown)) {
      state.waitingFor = errorMessage(error);
      job.ctx.log.warn('A call failed, trying again', { error });
      return undefined;
    }
    job.ctx.log.error('A call failed', { error });
    return { status: 'FAILED', reason: errorMessage(error) };
  }
}

/**
 * Asks the resource once per request whether it may touch what the request names, before its other functions. Gives the
 * outcome of a request that may not, in which nothing is changed; undefined where the work goes on.
 */
async function authorize<P extends object, S>(job: Job<P, S>, state: RequestState): Promise<Result | undefined> {
  const { resource, request, props, ctx } = job;
  if (state.isAuthorized || !resource.authorize) return undefined;
  // What was never created names nothing that a deletion could touch.
  if (request.requestType === 'Delete' && isCreateFailedId(request.physicalResourceId ?? '')) return undefined;
  const refusal = await resource.authorize(props, ctx, request.physicalResourceId);
  if (refusal === undefined) {
    state.isAuthorized = true;
    return undefined;
  }
  const { physicalResourceId: id = '' } = request;
  if (!request.expectsResponse) {
    ctx.log.info('The event is ignored', { refusal });
    transition(state, { name: 'done', outcome: 'not expected' });
    return undefined;
  }
  if (request.requestType === 'Delete') {
    ctx.log.warn('Nothing is deleted', { id, refusal });
    return { status: 'SUCCESS', attributes: {} };
  }
  // A refused update has changed nothing; and a rollback that fails leaves the stack stuck.
  if (request.requestType === 'Update' && (await ctx.isRollingBack())) {
    ctx.log.warn('The resource is left as it is in this rollback', { id, refusal });
    const found = await undefinedIfNotFound(() => resource.read?.(id, props, ctx));
    return { status: 'SUCCESS', attributes: (found && resource.attributes?.(found)) ?? {} };
  }
  return { status: 'FAILED', reason: `${activityOf(state.phase)} ${request.logicalResourceId}: ${refusal}` };
}

/**
 * Decides how an Update is made: in place, or by a replacement, after which CloudFormation sends a Delete for what was
 * replaced.
 *
 * @throws RuntimeError when a replacement would need the name of the resource that still exists
 */
async function planUpdate<P extends object, S>(job: Job<P, S>, state: RequestState): Promise<void> {
  const { resource, request, props, old, ctx } = job;
  const id = request.physicalResourceId ?? '';
  const { differing, replacing, keepsName } = changeOf(resource, props, old);
  if (request.isDirect) {
    await assertInPlace(job, replacing);
    // It is looked for by its owner, and created where it is missing.
    return transition(state, creating());
  }
  if (!isResourceId(id, resource.ownsId?.bind(resource))) {
    ctx.log.warn('The resource was never created, so the update creates it', { id });
    return transition(state, creating());
  }
  if (replacing.length === 0) {
    ctx.log.info(differing.length === 0 ? 'No property differs' : 'Updating in place', { id, differing });
    return transition(state, updating(id, { updateCalled: differing.length === 0 }));
  }
  if (keepsName) {
    // Such an update is always refused, so its rollback finds nothing changed.
    if (await job.stack?.isRollingBack(false)) {
      ctx.log.info('The refused replacement is rolled back, and nothing was replaced', { id, differing });
      return transition(state, updating(id, { updateCalled: false }));
    }
    throw new RuntimeError(`Replacing ${id}: ${nameTaken(id, replacing, resource.nameProperties)}`);
  }
  ctx.log.info('Replacing', { id, differing });
  transition(state, creating());
}

/** Whether CloudFormation wants what was created. Without an answer of CloudFormation, the last one counts. */
async function isWanted<P extends object, S>(
  { stack }: Job<P, S>,
  phase: Creating | Cancelling,
  isPatient = false,
): Promise<boolean> {
  const isCancelled = phase.name === 'cancelling';
  const byThisRequest = isCancelled || phase.createdByThisRequest || phase.outcomeUnknown;
  return (await stack?.wantsResource({ id: phase.id ?? '', byThisRequest }, !isCancelled, isPatient)) ?? true;
}

/**
 * The same of a creation. Undefined where the next pass asks again: of a request that CloudFormation has cancelled, it
 * drops the response, so that no later operation would delete what was created, in part or as a whole.
 */
async function isWantedNow<P extends object, S>(
  job: Job<P, S>,
  state: RequestState,
  phase: Creating,
  outcome: Outcome | undefined,
): Promise<boolean | undefined> {
  try {
    return await isWanted(job, phase, outcome !== undefined);
  } catch (error) {
    job.ctx.log.warn('Asking whether CloudFormation wants the resource failed, trying again', { error });
    state.waitingFor = errorMessage(error);
    return undefined;
  }
}

/** Retries a deletion that failed: CloudFormation does not know the resource, so that no later operation deletes it. */
function endCancellation<P extends object, S>(
  { ctx }: Job<P, S>,
  state: RequestState,
  phase: Cancelling,
  outcome: Outcome,
): void {
  const { id } = phase;
  if (outcome.status === 'FAILED') {
    phase.deletionFailures += 1;
    if (phase.deletionFailures < MAX_DELETIONS) {
      const { reason } = outcome;
      ctx.log.warn('The deletion of a cancelled creation failed, trying again', { id, reason });
      phase.deletion = undefined;
      state.waitingFor = reason;
      return;
    }
    const { reason } = phase;
    const told = reason === undefined ? outcome : { ...outcome, reason: `${reason}; and ${outcome.reason}` };
    transition(state, { name: 'done', outcome: told });
    return;
  }
  const why = 'CloudFormation has cancelled this request';
  const isLeft = phase.deletion?.retained === true;
  const end = isLeft ? 'and it is left as it is' : 'so it was deleted';
  const cancelled = id === undefined ? `${why}, and it created nothing` : `Creating ${id}: ${why}, ${end}`;
  const failed = `${phase.reason}; ${isLeft ? `${id} is left as it is` : 'what it had created was deleted'}`;
  const reason = phase.reason === undefined ? cancelled : failed;
  transition(state, { name: 'done', outcome: { status: 'FAILED', id: outcome.id, reason } });
}
