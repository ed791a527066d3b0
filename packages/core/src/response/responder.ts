import { errorMessage } from '../error-message.ts';
import { InvalidRequestError, UndeliveredError } from '../errors.ts';
import { idOf } from '../lifecycle/phase.ts';
import { createFailedId, createUncertainId } from '../lifecycle/physical-id.ts';
import { type Delivery, openDelivery } from '../request/delivery.ts';
import { isUnasked } from '../request/event-bridge.ts';
import { redactor } from '../request/redact.ts';
import type { LambdaContext } from '../request/request.ts';
import { isFromWaiter } from '../waiting/waiter-state.ts';
import { crashOf, reasonOf, undeliveredAnswer } from './crash.ts';
import { deliver } from './deliver.ts';
import { lineLog, writeLine } from './line-log.ts';
import { responseBody } from './response.ts';

/**
 * The Lambda handler that answers for functions that could not: `export const handler = respond`. It is the on-failure
 * destination of every function that `serve` makes, and the end of every Catch of the waiter. CloudFormation gets FAILED
 * with the reason and the best physical id that is known; or the answer that was worked out and could not be brought.
 *
 * Throws UndeliveredError when another time may help; whatever names nobody to answer is only logged.
 */
export async function respond(payload: unknown, context: LambdaContext): Promise<void> {
  const fields: Readonly<Record<string, unknown>> = Object(payload);
  const delivery = openedOrLogged(isFromWaiter(payload) ? payload : fields.requestPayload);
  if (!delivery) return;
  const { addressee } = delivery.envelope;
  const redact = redactor(addressee.responseUrl);
  const log = lineLog(addressee, redact);
  const crash = crashOf(fields);
  const reason = redact.text(reasonOf(crash));
  const where = `the log group ${context.logGroupName}, stream ${context.logStreamName}`;
  if (isUnasked(addressee.stackId)) {
    log.error('A function ended before it was done with an event, and nobody is to be told', { reason });
    return;
  }
  const { stackId: StackId, requestId: RequestId, logicalResourceId: LogicalResourceId } = addressee;
  const body =
    undeliveredAnswer(crash, { StackId, RequestId, LogicalResourceId }) ??
    responseBody(addressee, { status: 'FAILED', id: bestId(delivery), reason }, where);
  log.info('Answering for a function that could not', { reason, answer: JSON.parse(body) });
  const timeLeft = () => context.getRemainingTimeInMillis();
  await deliver(addressee.responseUrl, body, { log, timeLeft }).catch((error: unknown) => {
    log.error('The answer could not be delivered', { answer: JSON.parse(body), error });
    if (!(error instanceof UndeliveredError) || error.retryable) throw error;
  });
}

function openedOrLogged(payload: unknown): Delivery | undefined {
  try {
    return openDelivery(payload);
  } catch (error) {
    if (!(error instanceof InvalidRequestError)) throw error;
    writeLine({ level: 'ERROR', message: 'Nobody can be answered', why: errorMessage(error) });
    return undefined;
  }
}

/**
 * The real id, as far as it is known. Where a creation may have made something, an id whose Delete looks for it; that
 * of an Update stays what it was, since CloudFormation takes back only what keeps its id.
 */
function bestId({ envelope, waiter }: Delivery): string {
  const { physicalResourceId, requestId } = envelope.addressee;
  if ('problem' in envelope) return physicalResourceId ?? createFailedId(requestId);
  if (waiter) return idOf(envelope.request, waiter.progress);
  return physicalResourceId ?? createUncertainId(requestId);
}
