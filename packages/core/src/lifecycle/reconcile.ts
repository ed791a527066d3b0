import { errorMessage } from '../error-message.ts';
import type { Outcome } from '../response/response.ts';
import { isTransient } from '../service-errors.ts';
import { create } from './create.ts';
import { remove } from './delete.ts';
import { idOf, type Job, type Progress } from './phase.ts';
import { change } from './update.ts';

/** For how long CloudFormation may show a resource as it was before the request, in milliseconds. */
const LAGS = 60_000;

/** How often the deletion of what was called off is begun. */
const DELETIONS = 3;

type Failed = Extract<Outcome, { status: 'FAILED' }>;

const steps = { create, update: change, delete: remove };

/**
 * One look: takes the next step and says what has become of the request, or undefined when it is to be waited for.
 * Notes in `progress` what the next look has to know. Never throws: what is worth another try is waited out, the rest
 * is a failure.
 */
export async function reconcile<Props extends object, State>(
  job: Job<Props, State>,
  progress: Progress,
): Promise<Outcome | 'unawaited' | undefined> {
  // Where it cannot be asked, it waits unless it said before that it does not.
  if (!progress.awaited || isToBegin(progress))
    progress.awaited = await job.stack.expectsResponse(progress.awaited ?? true);
  if (!progress.awaited) return unawaited(job, progress);
  if (progress.calledOff && (await isWanted(job, progress))) {
    job.ctx.log.warn('CloudFormation asks for it anew, by another request, so it is not deleted', { id: progress.id });
    return 'unawaited';
  }
  const wasKnown = progress.id !== undefined;
  const outcome = await step(job, progress);
  if (progress.calledOff) {
    if (outcome?.status === 'FAILED' && isToDeleteAgain(outcome, job, progress)) return undefined;
    return outcome && calledOff(outcome, progress);
  }
  // Once what is made has an id, and again before CloudFormation is told, it is asked whether it still wants it.
  const isKnown = progress.id !== undefined && (!wasKnown || outcome !== undefined);
  const isMoment =
    progress.operation === 'create' && (isKnown || (outcome !== undefined && mayHaveMade(job, progress)));
  if (!isMoment || !job.resource.delete || (await isWanted(job, progress))) return outcome;
  job.ctx.log.warn('CloudFormation has called this request off, so what it made is deleted again', { id: progress.id });
  const calledOffSince = Date.now();
  Object.assign(progress, {
    operation: 'delete',
    calledOff: true,
    calledOffSince,
    made: true,
    inDoubt: false,
    missed: 0,
  });
  return undefined;
}

/**
 * Nothing has come of it so far: what it waits for, or a service that refused it, may take minutes, in which
 * CloudFormation may call it off.
 */
function isToBegin({ operation, id, inDoubt, started }: Progress): boolean {
  return operation === 'create' ? id === undefined && !inDoubt : operation === 'update' && !started;
}

/**
 * CloudFormation may have had the answer long ago, and Lambda delivers the request again: to do it again would undo what
 * came after it. But what CloudFormation shows may lag behind, so it is looked at for a while.
 */
function unawaited<P extends object, S>({ ctx }: Job<P, S>, progress: Progress): 'unawaited' | undefined {
  progress.awaiting = 'that CloudFormation shows this request';
  if (Date.now() - progress.since < LAGS) return undefined;
  ctx.log.warn('CloudFormation does not wait for this request, so nothing is done, and nothing answered');
  return 'unawaited';
}

async function step<P extends object, S>(job: Job<P, S>, progress: Progress): Promise<Outcome | undefined> {
  try {
    return await steps[progress.operation](job, progress);
  } catch (error) {
    if (isTransient(error) && !progress.inDoubt) {
      progress.awaiting = errorMessage(error);
      job.ctx.log.warn('A call failed, trying again', { error });
      return undefined;
    }
    job.ctx.log.error('A call failed', { error });
    return { status: 'FAILED', id: idOf(job.request, progress), reason: errorMessage(error) };
  }
}

/**
 * When something beside it fails, CloudFormation calls a creation off without telling anybody, and deletes what it made
 * by an id that it invents: perhaps before there was anything to find.
 */
function isWanted<P extends object, S>({ stack }: Job<P, S>, progress: Progress): Promise<boolean> {
  const { id = '', made, inDoubt, calledOff } = progress;
  // Where it cannot be asked, it wants what it wanted last.
  return stack.wantsResource({ id, byThisRequest: made || inDoubt }, !calledOff);
}

/** A call that was not answered may have made something. CloudFormation's own Delete need not have waited for it. */
function mayHaveMade<P extends object, S>({ resource }: Job<P, S>, { id, inDoubt }: Progress): boolean {
  return id === undefined && inDoubt && resource.find !== undefined;
}

/** Nobody else will: CloudFormation was never told of it, so that no later operation on the stack tries again. */
function isToDeleteAgain<P extends object, S>({ reason }: Failed, { ctx }: Job<P, S>, progress: Progress): boolean {
  progress.refusals = (progress.refusals ?? 0) + 1;
  if (progress.refusals >= DELETIONS) return false;
  ctx.log.warn('What was called off could not be deleted, trying again', { id: progress.id, reason });
  Object.assign(progress, { doomed: undefined, awaiting: reason });
  return true;
}

/** CloudFormation no longer listens; whoever reads the log does. */
function calledOff(outcome: Outcome, { id }: Progress): Outcome {
  if (outcome.status === 'FAILED') return outcome;
  const why = 'CloudFormation has called this request off meanwhile';
  const reason = id === undefined ? `${why}, and it made nothing` : `Creating ${id}: ${why}, so it was deleted again`;
  return { status: 'FAILED', id: outcome.id, reason };
}
