import type { Outcome } from './answer.ts';
import type { Envelope } from './envelope.ts';
import { explain } from './explain.ts';
import { nothingMade } from './identity.ts';
import { beginning, idOf, jobOf, type Progress, planUpdate } from './job.ts';
import type { Redactor } from './redact.ts';
import type { Request } from './request.ts';
import type { Context, Log, Resource } from './resource.ts';
import { stoppable } from './stoppable.ts';
import { beforeTimeRunsOut, budget, outOfTime, poll } from './wait.ts';

/** How a request speaks: to the log, and without what is to be hidden. */
export interface Voice {
  readonly log: Log;
  readonly redact: Redactor;
}

/**
 * Works on a request until it has an outcome, at the latest a bit before `remaining` milliseconds have passed. Never
 * throws: whatever goes wrong is an outcome, with a reason that is fit to be read by anybody.
 */
export async function outcomeOf<Props extends object, State>(
  resource: Resource<Props, State>,
  envelope: Envelope,
  remaining: number,
  voice: Voice,
): Promise<Outcome> {
  const outcome =
    'problem' in envelope ? refusal(envelope) : await worked(resource, envelope.request, remaining, voice);
  if (outcome.status === 'SUCCESS') return outcome;
  const { id } = outcome;
  const reason = voice.redact.text(outcome.reason);
  voice.log.error('Failed', { id, reason });
  return { status: 'FAILED', id, reason };
}

function refusal({ addressee, problem }: Extract<Envelope, { problem: unknown }>): Outcome {
  const { physicalResourceId, requestId } = addressee;
  return { status: 'FAILED', id: physicalResourceId ?? nothingMade(requestId), reason: explain(problem) };
}

async function worked<Props extends object, State>(
  resource: Resource<Props, State>,
  request: Request,
  remaining: number,
  voice: Voice,
): Promise<Outcome> {
  const progress = beginning(request, Date.now());
  try {
    const outcome = await beforeTimeRunsOut(budget(request, remaining), (stop) =>
      work(resource, request, progress, stop, voice),
    );
    return outcome ?? outOfTime(request, progress);
  } catch (error) {
    voice.log.error('The request cannot be worked on', { error });
    return { status: 'FAILED', id: idOf(request, progress), reason: explain(error) };
  }
}

async function work<Props extends object, State>(
  resource: Resource<Props, State>,
  request: Request,
  progress: Progress,
  stop: AbortSignal,
  { log, redact }: Voice,
): Promise<Outcome | undefined> {
  const { requestType, resourceType, physicalResourceId } = request;
  log.info('Received', { requestType, resourceType, physicalResourceId });
  const hideSensitive = (properties: object) => {
    const sensitive = Object.entries(properties).filter(([name]) => resource.sensitive?.some((each) => each === name));
    redact.hide(sensitive.map(([, value]) => value));
  };
  hideSensitive(request.properties);
  hideSensitive(request.oldProperties);
  const job = await jobOf(stoppable(resource, stop), request, contextOf(request, log));
  hideSensitive(job.props);
  if (requestType === 'Update') planUpdate(job, progress);
  return poll(job, progress, stop);
}

function contextOf(request: Request, log: Log): Context {
  const { requestType, requestId, stackId, logicalResourceId, resourceType, partition, region, account } = request;
  return { requestType, requestId, stackId, logicalResourceId, resourceType, partition, region, account, log };
}
