import { InvalidRequestError } from '../errors.ts';
import type { Progress } from '../lifecycle/phase.ts';
import { seal, unseal } from './seal.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What the waiter keeps of a request between two looks: plain data, readable by whoever may read its history. */
export interface WaiterState {
  /** The request as CloudFormation sent it, without its response URL and without sensitive properties. */
  readonly event: Fields;
  /** What is left out of the event. */
  readonly sealed: string;
  readonly progress: Progress;
}

/** What a poll gives back to the waiter. */
export type Polled =
  | { readonly done: true }
  | { readonly done: false; readonly waiter: WaiterState; readonly waitSeconds: number };

const propertyBags = ['ResourceProperties', 'OldResourceProperties'] as const;

/** Packs a request for the waiter; what is secret in it is sealed. */
export function packState(
  event: Fields,
  progress: Progress,
  { key, sensitive = [] }: { key: string; sensitive?: readonly string[] },
): WaiterState {
  const { ResponseURL, ...open }: Record<string, unknown> = event;
  const withheld: Record<string, unknown> = { ResponseURL };
  for (const bag of propertyBags) {
    const properties = open[bag];
    if (!isRecord(properties)) continue;
    const entries = Object.entries(properties);
    open[bag] = Object.fromEntries(entries.filter(([name]) => !sensitive.includes(name)));
    withheld[bag] = Object.fromEntries(entries.filter(([name]) => sensitive.includes(name)));
  }
  return { event: open, sealed: seal(JSON.stringify(withheld), key, boundTo(open)), progress };
}

/** Is this what the waiter sends? Whether it can be trusted, only its seal tells. */
export function isFromWaiter(payload: unknown): payload is { readonly waiter: unknown } {
  return isRecord(payload) && Object.hasOwn(payload, 'waiter');
}

/**
 * Unpacks what the waiter sends: the request as CloudFormation sent it, and the state, which goes back to the waiter.
 *
 * @throws InvalidRequestError when it is not what `packState` made with this key
 */
export function unpackState(waiter: unknown, key = process.env.STATE_KEY): { event: Fields; waiter: WaiterState } {
  if (!isState(waiter)) throw new InvalidRequestError("Reading the waiter's state: it is not one that a handler made");
  if (!key) throw new InvalidRequestError("Reading the waiter's state: the function has no STATE_KEY");
  const { event } = waiter;
  const withheld: Fields = JSON.parse(unseal(waiter.sealed, key, boundTo(event)));
  const bags = propertyBags
    .filter((bag) => isRecord(event[bag]))
    .map((bag) => [bag, { ...Object(event[bag]), ...Object(withheld[bag]) }]);
  return { event: { ...event, ...Object.fromEntries(bags), ResponseURL: withheld.ResponseURL }, waiter };
}

/** A seal is worth nothing on another request. */
function boundTo({ StackId, RequestId, LogicalResourceId, RequestType }: Fields): string {
  return [StackId, RequestId, LogicalResourceId, RequestType].join('|');
}

function isState(value: unknown): value is WaiterState {
  if (!isRecord(value) || !isRecord(value.event) || typeof value.sealed !== 'string') return false;
  const { progress } = value;
  return (
    isRecord(progress) &&
    typeof progress.since === 'number' &&
    ['create', 'update', 'delete'].some((operation) => operation === progress.operation)
  );
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
