import { answerBody } from './answer.ts';
import { answered } from './answered.ts';
import { deliver } from './deliver.ts';
import { openEnvelope } from './envelope.ts';
import { UndeliveredError } from './errors.ts';
import { requestLog } from './log.ts';
import { outcomeOf } from './outcome.ts';
import { redactor } from './redact.ts';
import type { LambdaContext } from './request.ts';
import type { Resource } from './resource.ts';

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
        const outcome = await outcomeOf(resource, envelope, context.getRemainingTimeInMillis(), { log, redact });
        const where = `the log group ${context.logGroupName}, stream ${context.logStreamName}`;
        return answerBody(addressee, outcome, where);
      }));
    log.info('Answering', { answer: JSON.parse(body) });
    const timeLeft = () => context.getRemainingTimeInMillis();
    await deliver(addressee.responseUrl, body, { log, timeLeft }).catch((error: unknown) => {
      log.error('The answer could not be delivered', { answer: JSON.parse(body), error });
      // Lambda's next attempt finds the answer here; but what CloudFormation refuses now, it refuses then.
      if (!(error instanceof UndeliveredError) || error.retryable) throw error;
    });
  };
}
