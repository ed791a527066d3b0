import { isFromWaiter, unpackState, type WaiterState } from '../waiting/waiter-state.ts';
import { type Envelope, openEnvelope } from './parse-request.ts';

/** A request as it comes: from CloudFormation, or from the waiter with how far it has come. */
export interface Delivery {
  /** As CloudFormation sent it. */
  readonly event: Readonly<Record<string, unknown>>;
  readonly envelope: Envelope;
  /** Only where it comes from the waiter. */
  readonly waiter?: WaiterState;
}

/**
 * Opens what a function was called with. `ours`: the runtime made the request itself, which then asks for no answer.
 *
 * @throws InvalidRequestError when nobody can be told about it
 */
export function openDelivery(payload: unknown, ours = false): Delivery {
  if (!isFromWaiter(payload)) return { event: Object(payload), envelope: openEnvelope(payload, ours) };
  const { event, waiter } = unpackState(payload.waiter);
  // Its seal says that a function made it.
  return { event, envelope: openEnvelope(event, true), waiter };
}
