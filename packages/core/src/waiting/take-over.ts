import type { Progress } from '../lifecycle/phase.ts';
import type { Voice } from '../outcome.ts';
import type { Delivery } from '../request/delivery.ts';
import type { LambdaContext } from '../request/request.ts';
import { executionName, startWaiter } from './hand-off.ts';
import type { HandOff } from './poll.ts';
import { type Polled, packState } from './waiter-state.ts';

/** How a request goes on elsewhere, and what the waiter is told meanwhile. */
export interface Elsewhere {
  /** Undefined where there is no elsewhere: the function then waits by itself to the end. */
  readonly takeOver?: HandOff;
  /** What a poll gives back. */
  polled(): Polled;
}

/**
 * A request that came from the waiter goes back to it. One that came from CloudFormation is handed over, where the
 * environment names a waiter (`WAITER_ARN`) and a secret that seals what it keeps (`STATE_KEY`).
 */
export function elsewhere(
  { event, envelope, waiter }: Delivery,
  sensitive: readonly string[] | undefined,
  { log, redact, invokedFunctionArn }: Voice & Pick<LambdaContext, 'invokedFunctionArn'>,
): Elsewhere {
  let polled: Polled = { done: true };
  const clean = (progress: Progress) => ({ ...progress, awaiting: redact.text(progress.awaiting) });
  if (waiter) {
    const takeOver: HandOff = async (progress, waitSeconds) => {
      polled = { done: false, waiter: { ...waiter, progress: clean(progress) }, waitSeconds };
      return true;
    };
    return { takeOver, polled: () => polled };
  }
  const { WAITER_ARN: waiterArn, STATE_KEY: key } = process.env;
  if (!waiterArn || !key || !('request' in envelope)) return { polled: () => polled };
  const { request } = envelope;
  const takeOver: HandOff = (progress, waitSeconds) => {
    const state = packState(event, clean(progress), { key, sensitive });
    const input = { function: invokedFunctionArn, waiter: state, waitSeconds };
    return startWaiter(waiterArn, input, { name: executionName(request, request.requestType), log });
  };
  return { takeOver, polled: () => polled };
}
