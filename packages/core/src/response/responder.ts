import { errorMessage, InvalidRequestError, KeyUnavailableError, UndeliveredError } from '../errors.ts';
import { createUncertainId, physicalIdOf } from '../lifecycle/phase.ts';
import { type IncomingRequest, idOfUnreadable, parseRequest } from '../request/parse-request.ts';
import { type Redactor, redactor } from '../request/redact.ts';
import type { LambdaContext, RequestIdentity } from '../request/request.ts';
import type { Log } from '../resource.ts';
import { type Crash, crashOf, reasonOf } from './crash.ts';
import { deliver, responseBody } from './response.ts';
import { responseIn } from './signed-response.ts';

/**
 * The Lambda handler that responds for functions that could not: `export const handler = respond`. It is the on-failure
 * destination of every function that `serve` makes, and the end of every Catch of the waiter. CloudFormation gets FAILED
 * with the reason and the best physical id that is known; or the response that was worked out and not delivered, where
 * it has the signature of a function.
 *
 * Throws UndeliveredError and KeyUnavailableError when another time may help; what names no response URL is only logged.
 */
export async function respond(payload: unknown, context: LambdaContext): Promise<void> {
  const fields: Readonly<Record<string, unknown>> = Object(payload);
  const { invokedFunctionArn: reader } = context;
  const incoming = await parsedOrLogged(Object.hasOwn(fields, 'waiter') ? payload : fields.requestPayload, {
    reader,
    owner: fields.function,
  });
  if (!incoming) return;
  const { identity } = incoming;
  const redact = redactor(identity.responseUrl);
  const log = lineLog(identity, redact);
  const crash = crashOf(fields);
  const reason = redact.text(reasonOf(crash));
  const where = `the log group ${context.logGroupName}, stream ${context.logStreamName}`;
  if (!identity.expectsResponse) {
    log.error('A function ended before it was done with an event', { reason });
    return;
  }
  const body =
    (await undeliveredResponse(crash, identity, log)) ??
    responseBody(identity, { status: 'FAILED', id: bestId(incoming), reason }, where);
  log.info('Responding for a function that could not', { reason, response: JSON.parse(body) });
  await deliver(identity.responseUrl, body, { log, context }).catch((error: unknown) => {
    log.error('The response could not be delivered', { response: JSON.parse(body), error });
    if (!(error instanceof UndeliveredError) || error.retryable) throw error;
  });
}

async function parsedOrLogged(...call: Parameters<typeof parseRequest>): Promise<IncomingRequest | undefined> {
  try {
    return await parseRequest(...call);
  } catch (error) {
    if (!(error instanceof InvalidRequestError)) throw error;
    writeLine({ level: 'ERROR', message: 'The event names no request to respond to', error: errorMessage(error) });
    return undefined;
  }
}

/**
 * The response that was worked out and not delivered. Without its signature it may be anybody's, so that it counts for
 * nothing; a key that cannot be read now must not leave CloudFormation without any response.
 */
async function undeliveredResponse(
  { signedResponse }: Crash,
  identity: RequestIdentity,
  log: Log,
): Promise<string | undefined> {
  if (signedResponse === undefined) return undefined;
  try {
    const body = await responseIn(signedResponse, identity);
    if (body === undefined) log.warn('The response that came with the error has not the signature of a function');
    return body;
  } catch (error) {
    if (!(error instanceof InvalidRequestError || error instanceof KeyUnavailableError)) throw error;
    log.warn('The signature of the response that came with the error cannot be checked', { error });
    return undefined;
  }
}

/**
 * The real id, as far as it is known. Where a creation may have created something, an id whose Delete looks for it; that
 * of an Update stays what it was, since CloudFormation rolls back only what keeps its id.
 */
function bestId(incoming: IncomingRequest): string {
  const { identity, request, waiter } = incoming;
  const { physicalResourceId, requestId } = identity;
  if (!request) return idOfUnreadable(incoming);
  if (waiter) return physicalIdOf(request, waiter.state);
  return physicalResourceId ?? createUncertainId(requestId);
}

/** A log like that of a resource, without the library that writes that one: the responder has to start fast. */
function lineLog({ stackId, logicalResourceId, requestId }: RequestIdentity, redact: Redactor): Log {
  const write =
    (level: string) =>
    (message: string, fields: Record<string, unknown> = {}) => {
      const line = { level, message, timestamp: new Date(), stackId, logicalResourceId, requestId, ...fields };
      writeLine(line, (value) => clean(value instanceof Error ? errorMessage(value) : value));
    };
  const clean = (value: unknown) => (typeof value === 'string' ? redact.text(value) : value);
  return { debug: write('DEBUG'), info: write('INFO'), warn: write('WARN'), error: write('ERROR') };
}

/** One JSON line on the standard output. */
function writeLine(line: object, shown: (value: unknown) => unknown = (value) => value): void {
  process.stdout.write(`${JSON.stringify(line, (_, value) => shown(value))}\n`);
}
