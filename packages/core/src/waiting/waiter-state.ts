import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { InvalidRequestError } from '../errors.ts';
import type { RequestState } from '../lifecycle/phase.ts';
import { restoreState, type SavedState, saveState } from '../lifecycle/saved-state.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What the waiter keeps of a request between two polls: plain data, readable in the history of its execution. */
export interface WaiterState {
  /** The request as CloudFormation sent it, without its response URL and without sensitive properties. */
  readonly event: Fields;
  /** What is left out of the event, encrypted. */
  readonly sealed: string;
  readonly state: SavedState;
}

/** What a poll gives back to the waiter. */
export type Polled =
  | { readonly done: true }
  | { readonly done: false; readonly waiter: WaiterState; readonly waitSeconds: number };

const propertyBags = ['ResourceProperties', 'OldResourceProperties'] as const;

/** Packs a request for the waiter; what is secret in it is sealed. */
export function packState(
  event: Fields,
  state: RequestState,
  { key, sensitive = [] }: { key: string; sensitive?: readonly string[] },
): WaiterState {
  const { ResponseURL, ...open }: Record<string, unknown> = event;
  const secret: Record<string, unknown> = { ResponseURL };
  for (const bag of propertyBags) {
    const properties = open[bag];
    if (!isRecord(properties)) continue;
    const entries = Object.entries(properties);
    open[bag] = Object.fromEntries(entries.filter(([name]) => !sensitive.includes(name)));
    secret[bag] = Object.fromEntries(entries.filter(([name]) => sensitive.includes(name)));
  }
  return { event: open, sealed: seal(JSON.stringify(secret), key, boundTo(open)), state: saveState(state) };
}

/** A request that was unpacked. Without a readable state, `problem` says why. */
export interface Unpacked {
  /** As CloudFormation sent it. */
  readonly event: Fields;
  readonly waiter?: { readonly packed: WaiterState; readonly state: RequestState };
  readonly problem?: string;
}

/**
 * Unpacks what the waiter sends.
 *
 * @throws InvalidRequestError when it is not what `packState` made with this key
 */
export function unpackState(waiter: unknown, key = process.env.STATE_KEY): Unpacked {
  const { event, sealed, state, progress }: Fields = Object(waiter);
  // Version 1 of the state had another name.
  const restored = restoreState(state ?? progress);
  if (!isRecord(event) || typeof sealed !== 'string' || !restored) {
    throw new InvalidRequestError("Reading the waiter's state: it is not one that a handler made");
  }
  if (!key) throw new InvalidRequestError("Reading the waiter's state: the function has no STATE_KEY");
  const secret: Fields = JSON.parse(unseal(sealed, key, boundTo(event)));
  const bags = propertyBags
    .filter((bag) => isRecord(event[bag]))
    .map((bag) => [bag, { ...Object(event[bag]), ...Object(secret[bag]) }]);
  const whole = { ...event, ...Object.fromEntries(bags), ResponseURL: secret.ResponseURL };
  if ('problem' in restored) return { event: whole, problem: restored.problem };
  const packed = { event, sealed, state: saveState(restored.state) };
  return { event: whole, waiter: { packed, state: restored.state } };
}

/** The identity of the request, which the seal authenticates, so that it opens for no other request. */
function boundTo({ StackId, RequestId, LogicalResourceId, RequestType }: Fields): string {
  return [StackId, RequestId, LogicalResourceId, RequestType].join('|');
}

const algorithm = 'aes-256-gcm';
const ivLength = 12;
const tagLength = 16;

/** Encrypts a text so that it opens with the same secret and for the same request only. Base64url. */
export function seal(text: string, secret: string, request: string): string {
  const iv = randomBytes(ivLength);
  const cipher = createCipheriv(algorithm, keyOf(secret), iv).setAAD(Buffer.from(request));
  const encrypted = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), encrypted]).toString('base64url');
}

/**
 * The text that was sealed.
 *
 * @throws InvalidRequestError when it was sealed with another secret or for another request, or was changed since
 */
export function unseal(sealed: string, secret: string, request: string): string {
  try {
    const bytes = Buffer.from(sealed, 'base64url');
    const [iv, tag, encrypted] = [
      bytes.subarray(0, ivLength),
      bytes.subarray(ivLength, ivLength + tagLength),
      bytes.subarray(ivLength + tagLength),
    ];
    const decipher = createDecipheriv(algorithm, keyOf(secret), iv, { authTagLength: tagLength })
      .setAAD(Buffer.from(request))
      .setAuthTag(tag);
    return Buffer.concat([decipher.update(encrypted), decipher.final()]).toString('utf8');
  } catch {
    throw new InvalidRequestError(
      "Reading the waiter's state: it is not sealed with this function's STATE_KEY for this request",
    );
  }
}

function keyOf(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'studio-resources waiter', 32));
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
