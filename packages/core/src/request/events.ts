import { InvalidRequestError } from '../errors.ts';
import type { Context } from '../resource.ts';
import type { EventBridgeEvent, LambdaContext } from './request.ts';

/**
 * The alias by which a rule of EventBridge invokes a function. Who may change the targets of a rule decides what
 * it sends, so the alias is for events only: requests through it are refused. The rule has the right to invoke the alias,
 * and not the function itself. Lambda tells the function which ARN it was invoked by; no payload can change that.
 */
const eventAlias = 'events';

/** How a function was invoked. */
export interface Invocation {
  /** The function's ARN, without an alias or a version. */
  readonly functionArn: string;
  readonly isForEvents: boolean;
}

export function invocationOf({ invokedFunctionArn }: Pick<LambdaContext, 'invokedFunctionArn'>): Invocation {
  const parts = invokedFunctionArn.split(':');
  return { functionArn: parts.slice(0, 7).join(':'), isForEvents: parts[7] === eventAlias };
}

/**
 * Whether an event is one of the function's own account and Region: a bus may also bring those of others.
 *
 * @throws InvalidRequestError for what is no event, where only events are taken
 */
export function isOwnEvent(event: EventBridgeEvent | undefined, { functionArn, isForEvents }: Invocation): boolean {
  if (!event) {
    if (!isForEvents) return false;
    throw new InvalidRequestError(
      `Reading the event: through the alias ${eventAlias}, this function takes events of EventBridge only; ` +
        'the rule has to send the event as it is, without an input of its own',
    );
  }
  const [, , , region, account] = functionArn.split(':');
  return (event.account ?? account) === account && (event.region ?? region) === region;
}

/** Whether a request stands for an event of EventBridge: in place of a stack, it names the function. No request can. */
export function isForEvent({ stackId }: Pick<Context, 'stackId'>): boolean {
  return stackId.split(':')[2] === 'lambda';
}
