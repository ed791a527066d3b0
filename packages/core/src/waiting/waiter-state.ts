import { InvalidRequestError } from '../errors.ts';
import type { RequestState } from '../lifecycle/phase.ts';
import { restoreState, type SavedState, saveState } from '../lifecycle/saved-state.ts';
import { unqualifiedArn } from '../request/request.ts';
import { canonicalJson, isWellFormed } from './canonical-json.ts';
import { seal, unseal } from './seal.ts';
import { keyOf, type StateKey } from './state-key.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * What the waiter keeps of a request between two polls: plain data, readable in the history of its execution. Whatever
 * is changed in it, `sealed` no longer opens.
 */
export interface WaiterState {
  /** The request as CloudFormation sent it, without its response URL and without sensitive properties. */
  readonly event: Fields;
  readonly state: SavedState;
  /** The ARN, without a version, of the function that works on it. */
  readonly function: string;
  /** The version of the secret that it is sealed with. */
  readonly key: string;
  /** What is left out of the event, encrypted; authenticates all else. */
  readonly sealed: string;
}

/** What a poll gives back to the waiter. */
export type Polled =
  | { readonly done: true }
  | { readonly done: false; readonly waiter: WaiterState; readonly waitSeconds: number };

const propertyBags = ['ResourceProperties', 'OldResourceProperties'] as const;

/** How a state is packed. */
export interface Packing {
  /** The ARN of the function that works on the request. */
  readonly functionArn: string;
  readonly key: StateKey;
  /** The properties that the history must not show. */
  readonly sensitive?: readonly string[];
}

/** Packs a request for the waiter; what is secret in it is sealed. */
export function packState(
  event: Fields,
  state: RequestState,
  { functionArn, key, sensitive = [] }: Packing,
): WaiterState {
  const { ResponseURL, ...open }: Record<string, unknown> = event;
  const secret: Record<string, unknown> = { ResponseURL };
  for (const [name, value] of Object.entries(open)) {
    if (isBag(name) && isRecord(value)) {
      // A text that is not Unicode would not come back from Step Functions as it was.
      const isHidden = (property: string) =>
        sensitive.includes(property) || !isWellFormed({ [property]: value[property] });
      const entries = Object.entries(value);
      open[name] = Object.fromEntries(entries.filter(([property]) => !isHidden(property)));
      secret[name] = Object.fromEntries(entries.filter(([property]) => isHidden(property)));
    } else if (!isWellFormed(value)) {
      secret[name] = value;
      delete open[name];
    }
  }
  const shown = {
    event: open,
    state: wellFormed(saveState(state)),
    function: unqualifiedArn(functionArn),
    key: key.id,
  };
  // As it is after its first way through JSON.
  const readable: Omit<WaiterState, 'sealed'> = JSON.parse(JSON.stringify(shown));
  return { ...readable, sealed: seal(JSON.stringify(secret), key.text, canonicalJson(readable)) };
}

/** A request that was unpacked. Without a readable state, `problem` says why. */
export interface Unpacked {
  /** As CloudFormation sent it. */
  readonly event: Fields;
  readonly waiter?: { readonly packed: WaiterState; readonly state: RequestState; readonly key: StateKey };
  readonly problem?: string;
}

/**
 * Unpacks what the waiter sends for the function of an ARN.
 *
 * @throws InvalidRequestError when it is not what `packState` made for this function with a key of the secret
 * @throws KeyUnavailableError when the secret cannot be read now
 */
export async function unpackState(waiter: unknown, functionArn: unknown): Promise<Unpacked> {
  const { event, state, function: owner, key: id, sealed }: Fields = Object(waiter);
  const texts = [owner, id, sealed].every((each) => typeof each === 'string');
  if (!isRecord(event) || !isRecord(state) || !texts) {
    throw new InvalidRequestError(
      "Reading the waiter's state: it is not one that a function of this version made, so no response is sent",
    );
  }
  const packed = { event, state, function: owner, key: id, sealed } as unknown as WaiterState;
  const key = await keyOf(packed.key);
  const secret = unsealed(packed, key);
  if (typeof functionArn !== 'string' || packed.function !== unqualifiedArn(functionArn)) {
    throw new InvalidRequestError(`Reading the waiter's state: it is for the function ${packed.function}`);
  }
  const restored = restoreState(state);
  if (!restored) throw new InvalidRequestError("Reading the waiter's state: it has no phase");
  const bags = propertyBags
    .filter((bag) => isRecord(event[bag]))
    .map((bag) => [bag, { ...Object(event[bag]), ...Object(secret[bag]) }]);
  const whole = { ...event, ...secret, ...Object.fromEntries(bags) };
  if ('problem' in restored) return { event: whole, problem: restored.problem };
  return { event: whole, waiter: { packed, state: restored.state, key } };
}

function unsealed({ sealed, ...readable }: WaiterState, key: StateKey): Fields {
  const text = unseal(sealed, key.text, canonicalJson(readable));
  if (text !== undefined) return JSON.parse(text);
  throw new InvalidRequestError(
    "Reading the waiter's state: it is not sealed with this function's key, or it was changed since",
  );
}

/** The same, with each text well-formed: an error of a service may have been cut within a character. */
function wellFormed<T>(value: T): T {
  const text = JSON.stringify(value, (_, each) => (typeof each === 'string' ? each.toWellFormed() : each));
  return JSON.parse(text);
}

function isBag(name: string): boolean {
  return propertyBags.some((bag) => bag === name);
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
