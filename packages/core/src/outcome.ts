import { errorMessage } from './error-message.ts';
import { beginning, idOf, jobOf, type Progress } from './lifecycle/phase.ts';
import { createFailedId } from './lifecycle/physical-id.ts';
import type { Delivery } from './request/delivery.ts';
import type { Envelope } from './request/parse-request.ts';
import type { Redactor } from './request/redact.ts';
import type { Request } from './request/request.ts';
import type { Context, Log, Resource } from './resource.ts';
import type { Outcome } from './response/response.ts';
import type { Stack } from './stack/stack.ts';
import { abortable } from './waiting/abortable.ts';
import {
  type HandOff,
  paceOf,
  poll,
  secondsLeft,
  timeoutResult,
  type Unanswered,
  wholeSeconds,
  withDeadline,
  workTime,
} from './waiting/poll.ts';
import { pollDelay } from './waiting/poll-interval.ts';

/** How a request speaks: to the log, and without what is to be hidden. */
export interface Voice {
  readonly log: Log;
  readonly redact: Redactor;
}

/** What a request is worked on with. */
export interface Surroundings extends Voice {
  /** How many milliseconds the invocation has left. */
  readonly remaining: number;
  /** Sees the request's stack. */
  stackOf(request: Request): Stack;
  /** Goes on with the request elsewhere, where that is possible. */
  readonly takeOver?: HandOff;
}

/** A look that takes longer than this, in milliseconds, is given up where there will be another one. */
const LONGEST_LOOK = 120_000;

/** How long the last look may take when the answer is due already, in milliseconds. */
const LAST_LOOK = 2_000;

/**
 * Works on a request until it has an outcome, at the latest a bit before the invocation's time and the request's have
 * passed, or until it is clear that there is none to give: somebody goes on elsewhere, or CloudFormation does not wait.
 * Never throws: whatever goes wrong is an outcome, with a reason that is fit to be read by anybody.
 */
export async function outcomeOf<Props extends object, State>(
  resource: Resource<Props, State>,
  delivery: Delivery,
  surroundings: Surroundings,
): Promise<Outcome | Unanswered> {
  const { log, redact } = surroundings;
  const { envelope } = delivery;
  const outcome =
    'problem' in envelope ? refusal(envelope) : await worked(resource, envelope.request, delivery, surroundings);
  if (typeof outcome === 'string' || outcome.status === 'SUCCESS') return outcome;
  const { id } = outcome;
  const reason = redact.text(outcome.reason);
  log.error('Failed', { id, reason });
  return { status: 'FAILED', id, reason };
}

function refusal({ addressee, problem }: Extract<Envelope, { problem: unknown }>): Outcome {
  const { physicalResourceId, requestId } = addressee;
  return { status: 'FAILED', id: physicalResourceId ?? createFailedId(requestId), reason: errorMessage(problem) };
}

async function worked<Props extends object, State>(
  resource: Resource<Props, State>,
  request: Request,
  { waiter }: Delivery,
  surroundings: Surroundings,
): Promise<Outcome | Unanswered> {
  const progress = waiter ? structuredClone(waiter.progress) : beginning(request, Date.now());
  const { log, takeOver } = surroundings;
  const due = 1000 * secondsLeft(request, progress);
  const time = waiter ? Math.min(LONGEST_LOOK, Math.max(due, LAST_LOOK)) : due;
  try {
    const outcome = await withDeadline(Math.min(time, workTime(surroundings.remaining)), (stop) =>
      work(resource, request, progress, { ...surroundings, stop, inline: !waiter }),
    );
    if (outcome) return outcome;
    // A look that hangs is not yet a failure, unless nobody knows what it has made.
    const seconds = Math.min(
      pollDelay(paceOf(resource, progress), (Date.now() - progress.since) / 1000),
      secondsLeft(request, progress),
    );
    if (takeOver && seconds >= 1 && !progress.inDoubt && (await takeOver(progress, wholeSeconds(seconds)))) {
      return 'elsewhere';
    }
    return timeoutResult(request, progress);
  } catch (error) {
    log.error('The request cannot be worked on', { error });
    return { status: 'FAILED', id: idOf(request, progress), reason: errorMessage(error) };
  }
}

async function work<Props extends object, State>(
  resource: Resource<Props, State>,
  request: Request,
  progress: Progress,
  { log, redact, stop, inline, takeOver, stackOf }: Surroundings & { stop: AbortSignal; inline: boolean },
): Promise<Outcome | Unanswered | undefined> {
  const { requestType, resourceType, physicalResourceId } = request;
  if (inline) log.info('Received', { requestType, resourceType, physicalResourceId });
  const hideSensitive = (properties: object) => {
    const sensitive = Object.entries(properties).filter(([name]) => resource.sensitive?.some((each) => each === name));
    redact.hide(sensitive.map(([, value]) => value));
  };
  hideSensitive(request.properties);
  hideSensitive(request.oldProperties);
  const stack = stackOf(request);
  const around = { ctx: contextOf(request, progress, { log, stack }), stack };
  const job = await jobOf(abortable(resource, stop), request, around);
  hideSensitive(job.props);
  return poll(job, progress, { signal: stop, takeOver, inline });
}

function contextOf(request: Request, progress: Progress, { log, stack }: { log: Log; stack: Stack }): Context {
  const { requestType, requestId, stackId, logicalResourceId, resourceType, partition, region, account } = request;
  progress.notes ??= {};
  const since = new Date(progress.since);
  const { notes } = progress;
  const { isRollingBack } = stack;
  const names = { requestType, requestId, stackId, logicalResourceId, resourceType, partition, region, account };
  return { ...names, since, log, notes, isRollingBack };
}
