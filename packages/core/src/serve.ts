import { answerBody, type Outcome } from './answer.ts';
import { answered } from './answered.ts';
import { deliver } from './deliver.ts';
import { type Envelope, openEnvelope } from './envelope.ts';
import { UndeliveredError } from './errors.ts';
import { explain } from './explain.ts';
import { nothingMade } from './identity.ts';
import { beginning, idOf, jobOf, type Progress, planUpdate } from './job.ts';
import { requestLog } from './log.ts';
import { type Redactor, redactor } from './redact.ts';
import type { LambdaContext, Request } from './request.ts';
import type { Context, Log, Resource } from './resource.ts';
import { budget, outOfTime, poll } from './wait.ts';

/** What Lambda calls. It answers CloudFormation itself; what it returns says nothing. */
export type Handler = (event: unknown, context: LambdaContext) => Promise<void>;

/**
 * Makes the Lambda handler of a resource: `export const handler = serve(studioDomain)`. Each request of CloudFormation
 * gets one answer, before the function's timeout and before its `ServiceTimeout`, whatever the resource does.
 *
 * The handler throws only when no answer can get through: InvalidRequestError for an event that names nobody to answer,
 * UndeliveredError when another delivery of the event may get through.
 */
export function serve<Props extends object, State>(resource: Resource<Props, State>): Handler {
  const answers = answered();
  return async (event, context) => {
    const envelope = openEnvelope(event);
    const { addressee } = envelope;
    const redact = redactor(addressee.responseUrl);
    const log = requestLog(addressee, redact, resource.sensitive);
    if (answers.isRunning(addressee)) return log.info('This request is being worked on already');
    const known = answers.find(addressee);
    if (known !== undefined) log.info('This request was answered already, sending the same answer again');
    const body =
      known ??
      (await answers.run(addressee, async () => {
        const outcome = await outcomeOf(resource, envelope, context, log, redact);
        const where = `the log group ${context.logGroupName}, stream ${context.logStreamName}`;
        return answerBody(addressee, clean(outcome, redact), where);
      }));
    log.info('Answering', { answer: JSON.parse(body) });
    await deliver(addressee.responseUrl, body, log).catch((error: unknown) => {
      log.error('The answer could not be delivered', { answer: JSON.parse(body), error });
      // Lambda's next attempt finds the answer here; but what CloudFormation refuses now, it refuses then.
      if (!(error instanceof UndeliveredError) || error.retryable) throw error;
    });
  };
}

/** Never throws: whatever goes wrong is an outcome. */
async function outcomeOf<Props extends object, State>(
  resource: Resource<Props, State>,
  envelope: Envelope,
  context: LambdaContext,
  log: Log,
  redact: Redactor,
): Promise<Outcome> {
  if ('problem' in envelope) {
    const { physicalResourceId, requestId } = envelope.addressee;
    const reason = explain(envelope.problem);
    log.error('The request is not one of CloudFormation', { reason });
    return { status: 'FAILED', id: physicalResourceId ?? nothingMade(requestId), reason };
  }
  const { request } = envelope;
  const progress = beginning(request, Date.now());
  const outcome = await beforeTimeRunsOut(budget(request, context.getRemainingTimeInMillis()), (signal) =>
    work(resource, request, progress, signal, log, redact).catch((error: unknown): Outcome => {
      log.error('The request failed', { error });
      return { status: 'FAILED', id: idOf(request, progress), reason: explain(error) };
    }),
  );
  const final = outcome ?? outOfTime(request, progress);
  if (final.status === 'FAILED') log.error('Failed', { id: final.id, reason: final.reason });
  return final;
}

async function work<Props extends object, State>(
  resource: Resource<Props, State>,
  request: Request,
  progress: Progress,
  signal: AbortSignal,
  log: Log,
  redact: Redactor,
): Promise<Outcome | undefined> {
  const { requestType, physicalResourceId } = request;
  log.info('Received', { requestType, resourceType: request.resourceType, physicalResourceId });
  const { sensitive = [] } = resource;
  const secrets = (properties: object) =>
    Object.entries(properties).filter(([name]) => sensitive.some((s) => s === name));
  redact.hide(secrets(request.properties).map(([, value]) => value));
  redact.hide(secrets(request.oldProperties).map(([, value]) => value));
  const { stackId, requestId, logicalResourceId, resourceType, partition, region, account } = request;
  const ctx: Context = {
    requestType,
    requestId,
    stackId,
    logicalResourceId,
    resourceType,
    partition,
    region,
    account,
    log,
  };
  const job = await jobOf(resource, request, ctx);
  redact.hide(secrets(job.props).map(([, value]) => value));
  if (requestType === 'Update') planUpdate(job, progress);
  return poll(job, progress, signal);
}

/** What `work` gives, or undefined when time has run out; work that goes on then is told so. */
async function beforeTimeRunsOut<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), ms);
  const stopped = new Promise<undefined>((resolve) => {
    stop.signal.addEventListener('abort', () => resolve(undefined));
  });
  try {
    return await Promise.race([work(stop.signal), stopped]);
  } finally {
    clearTimeout(timer);
  }
}

function clean(outcome: Outcome, redact: Redactor): Outcome {
  return outcome.status === 'FAILED' ? { ...outcome, reason: redact.text(outcome.reason) } : outcome;
}
