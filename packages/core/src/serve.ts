import { UndeliveredError } from './errors.ts';
import { outcomeOf } from './outcome.ts';
import { openDelivery } from './request/delivery.ts';
import { eventBridgeEventIn, isUnasked, requestOf } from './request/event-bridge.ts';
import { requestLog } from './request/log.ts';
import { redactor } from './request/redact.ts';
import type { LambdaContext } from './request/request.ts';
import type { Resource } from './resource.ts';
import { deliver } from './response/deliver.ts';
import { responseBody } from './response/response.ts';
import { responseCache } from './response/response-cache.ts';
import { stackOf, unknownStack } from './stack/stack.ts';
import { elsewhere } from './waiting/take-over.ts';
import type { Polled } from './waiting/waiter-state.ts';

/** What Lambda calls. It answers CloudFormation itself; what it returns is for the waiter. */
export type Handler = (payload: unknown, context: LambdaContext) => Promise<Polled>;

export interface ServeOptions {
  /**
   * Whether to ask CloudFormation if it still wants what was made, so that a creation that it has called off leaves
   * nothing behind, and one that comes again late does nothing. Takes `cloudformation:DescribeStackResource`,
   * `cloudformation:DescribeStackEvents` and `cloudformation:DescribeStacks`. Done where there is a waiter, unless this
   * says otherwise.
   */
  checksStack?: boolean;
}

/** How soon the waiter asks again about a request that this environment is at work on, in seconds. */
const SOON = 5;

/**
 * Makes the Lambda handler of a resource: `export const handler = serve(studioDomain)`. Each request of CloudFormation
 * gets one answer, before the function's timeout and before its `ServiceTimeout`, whatever the resource does. Where the
 * environment names a waiter, that waits for what takes longer than the resource's pace is worth an invocation.
 *
 * The handler throws only when no answer can get through: InvalidRequestError for an event that names nobody to answer,
 * UndeliveredError when another delivery of the answer, which it carries, may get through.
 */
export function serve<Props extends object, State>(
  resource: Resource<Props, State>,
  options: ServeOptions = {},
): Handler {
  const answers = responseCache();
  return async (payload, context) => {
    const event = eventBridgeEventIn(payload);
    const asked = event ? requestOf(event, resource, context) : payload;
    if (event && asked === undefined) return { done: true };
    const delivery = openDelivery(asked, event !== undefined);
    const { addressee } = delivery.envelope;
    const redact = redactor(addressee.responseUrl);
    const log = requestLog(addressee, redact, resource.sensitive);
    const { waiter } = delivery;
    const { invokedFunctionArn } = context;
    if (answers.isRunning(addressee)) {
      log.info('This request is being worked on already');
      return waiter ? { done: false, waiter, waitSeconds: SOON } : { done: true };
    }
    const isAwaited = !isUnasked(addressee.stackId);
    const { checksStack = Boolean(process.env.WAITER_ARN) } = options;
    const { takeOver, polled } = elsewhere(delivery, resource.sensitive, { log, redact, invokedFunctionArn });
    const known = answers.find(addressee);
    if (known !== undefined) log.info('This request was answered already, sending the same answer again');
    const body =
      known ??
      (await answers.run(addressee, async () => {
        const outcome = await outcomeOf(resource, delivery, {
          log,
          redact,
          takeOver,
          remaining: context.getRemainingTimeInMillis(),
          stackOf: (request) => (checksStack && isAwaited ? stackOf(request, log) : unknownStack),
        });
        const where = `the log group ${context.logGroupName}, stream ${context.logStreamName}`;
        return typeof outcome === 'string' ? undefined : responseBody(addressee, outcome, where);
      }));
    if (body === undefined) return polled();
    if (!isAwaited) {
      const outcome: { Status: string } = JSON.parse(body);
      if (outcome.Status === 'FAILED') log.error('Failed, and nobody is to be told', { outcome });
      else log.info('Done, and nobody is to be told', { outcome });
      return { done: true };
    }
    log.info('Answering', { answer: JSON.parse(body) });
    const timeLeft = () => context.getRemainingTimeInMillis();
    await deliver(addressee.responseUrl, body, { log, timeLeft }).catch((error: unknown) => {
      log.error('The answer could not be delivered', { answer: JSON.parse(body), error });
      // Whoever is told of this error delivers the same answer. But what CloudFormation refuses now, it refuses then.
      if (!(error instanceof UndeliveredError)) throw error;
      if (error.retryable) throw error.carrying(body);
    });
    return { done: true };
  };
}
