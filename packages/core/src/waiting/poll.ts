import { createHash } from 'node:crypto';
import type { Job } from '../lifecycle/job.ts';
import { activityOf, idIn, initialState, operationOf, physicalIdOf, type RequestState } from '../lifecycle/phase.ts';
import { reconcile } from '../lifecycle/reconcile.ts';
import type { IncomingRequest } from '../request/parse-request.ts';
import type { Request, RequestIdentity } from '../request/request.ts';
import type { Log, Pace, Resource } from '../resource.ts';
import type { Outcome } from '../response/response.ts';
import { currentKey, type StateKey } from './state-key.ts';
import { type Polled, packState, type WaiterState } from './waiter-state.ts';

/** A request that was parsed without a problem. */
type ReadableRequest = Extract<IncomingRequest, { problem?: undefined }>;

/** The state in which an invocation takes up a request: the one that the waiter has kept, or the first. */
export function stateOf({ request, waiter }: ReadableRequest): RequestState {
  return waiter ? structuredClone(waiter.state) : initialState(request, Date.now());
}

/** Lets the waiter go on with a request after so many seconds. Gives whether it will. */
export type HandOff = (state: RequestState, waitSeconds: number) => Promise<boolean>;

/** Step Functions waits whole seconds, at least one. */
const SHORTEST_WAIT = 1;

/**
 * Reconciles again and again, at the resource's pace, until the request is done or handed off to the waiter: `inline`,
 * when that saves the invocation a long wait, and otherwise after one pass. Gives undefined when it is aborted, and when
 * the response is due without an outcome.
 */
export async function poll<Props extends object, State>(
  given: Job<Props, State>,
  state: RequestState,
  { signal, handOff, inline }: { signal: AbortSignal; handOff?: HandOff; inline: boolean },
): Promise<Outcome | 'handed off' | 'not expected' | undefined> {
  const job = { ...given, resource: abortable(given.resource, signal) };
  let waiter = handOff;
  while (!signal.aborted) {
    await reconcile(job, state);
    if (state.phase.name === 'done') return state.phase.outcome;
    const elapsed = (Date.now() - state.since) / 1000;
    const pace = paceOf(job.resource, state);
    const delay = pollDelay(pace, elapsed);
    const left = secondsLeft(job.request, state);
    if (left <= 0) return undefined;
    const isInline = inline && elapsed + delay <= (pace.inlineSeconds ?? defaultInlineSeconds);
    if (waiter && !isInline && left >= SHORTEST_WAIT && !signal.aborted) {
      if (await waiter(state, wholeSeconds(Math.min(delay, left)))) return 'handed off';
      waiter = undefined;
    }
    // The last pass is made when the response is due.
    await sleep(1000 * Math.min(delay, left), signal);
  }
  return undefined;
}

/** As long as Step Functions can wait. */
export function wholeSeconds(seconds: number): number {
  return Math.max(SHORTEST_WAIT, Math.round(seconds));
}

function paceOf<P extends object, S>(resource: Resource<P, S>, { phase }: RequestState): Pace {
  return resource.pace?.[operationOf(phase)] ?? defaultPace;
}

/** How long to wait until the next poll of a resource, in seconds, at most until the response is due. */
export function nextDelay<P extends object, S>(
  resource: Resource<P, S>,
  request: Request,
  state: RequestState,
): number {
  const delay = pollDelay(paceOf(resource, state), (Date.now() - state.since) / 1000);
  return Math.min(delay, secondsLeft(request, state));
}

/** For a resource that does not say how long it takes. */
const defaultPace: Pace = { expectedSeconds: 10, pollIntervalSeconds: 2 };

/** How long to wait within the invocation before the waiter goes on, in seconds, where a resource does not say. */
export const defaultInlineSeconds = 10;

/** The longest delay, in seconds, unless the resource's own `pollIntervalSeconds` is longer. */
const MAX_DELAY = 30;

/** How fast delays shrink towards the expected time, and grow after it is long past. */
const SLOPE = 14;

/** A resource is merely late until so many times its expected time. */
const LATE = 1.35;

/**
 * How long to wait until the next poll, in seconds, `elapsed` seconds after the start. The first polls are quick, since
 * most failures come at once. Then they are few, and come closer towards the expected time. From then on there is one
 * every `pollIntervalSeconds`, until the resource is so late that another minute does not matter.
 */
export function pollDelay({ expectedSeconds, pollIntervalSeconds }: Pace, elapsed: number): number {
  const passed = elapsed / Math.max(expectedSeconds, 1);
  const distance = passed < 1 ? 1 - passed : Math.max(0, passed - LATE);
  const spread = Math.min(pollIntervalSeconds * (1 + SLOPE * distance), Math.max(pollIntervalSeconds, MAX_DELAY));
  return Math.min(elapsed / 2 + 1, spread);
}

/** How long there is until a response to CloudFormation is due. */
export function secondsLeft({ serviceTimeout }: Request, { since }: RequestState): number {
  return (since + workTime(serviceTimeout * 1000) - Date.now()) / 1000;
}

/** How much of a time may be worked, in milliseconds; the rest of it is for the delivery of the response. */
export function workTime(all: number): number {
  return Math.max(all / 2, all - Math.min(20_000, Math.max(2_000, all / 10)));
}

/** A pass that takes longer than this, in milliseconds, is given up where another one follows. */
const LONGEST_PASS = 120_000;

/** How long the last pass may take when the response is due already, in milliseconds. */
const LAST_PASS = 2_000;

/** What reading the key and starting the waiter take at most, in milliseconds, when each of their calls is slow. */
const LONGEST_START = 140_000;

/** How long an invocation that has so many milliseconds left may work on a request, in milliseconds. */
export function timeForWork(
  { request, waiter }: ReadableRequest,
  state: RequestState,
  { remaining, startsWaiter }: { readonly remaining: number; readonly startsWaiter: boolean },
): number {
  const due = 1000 * secondsLeft(request, state);
  const available = workTime(remaining);
  if (waiter) return Math.min(LONGEST_PASS, Math.max(due, LAST_PASS), available);
  // A function that ends while the waiter starts has a response from the responder, and then the waiter's as well.
  return Math.min(due, startsWaiter ? Math.max(available / 2, available - LONGEST_START) : available);
}

/** What `work` gives, or undefined when time has run out; the signal then tells the work that goes on. */
export async function withDeadline<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ms);
  const aborted = new Promise<undefined>((resolve) => {
    controller.signal.addEventListener('abort', () => resolve(undefined));
  });
  try {
    return await Promise.race([work(controller.signal), aborted]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The same resource, but none of its functions starts after the abort: the response is sent then, and nothing would name
 * what they create. Such a call never ends, and so the work that it is a part of ends there.
 */
function abortable<Props extends object, State>(
  resource: Resource<Props, State>,
  signal: AbortSignal,
): Resource<Props, State> {
  const unlessAborted = <A extends unknown[], R>(call: ((...args: A) => Promise<R>) | undefined) =>
    call && ((...args: A) => (signal.aborted ? new Promise<R>(() => {}) : call.apply(resource, args)));
  return {
    ...resource,
    authorize: unlessAborted(resource.authorize),
    find: unlessAborted(resource.find),
    create: unlessAborted(resource.create) ?? resource.create,
    read: unlessAborted(resource.read),
    remainingAfterDelete: unlessAborted(resource.remainingAfterDelete),
    update: unlessAborted(resource.update),
    advance: unlessAborted(resource.advance),
    delete: unlessAborted(resource.delete),
  };
}

/** The outcome of a request that has none when its time has run out. */
export function timeoutResult(request: Request, state: RequestState): Extract<Outcome, { status: 'FAILED' }> {
  const { phase, since, waitingFor } = state;
  const what = idIn(phase) ?? request.logicalResourceId;
  const seconds = Math.round((Date.now() - since) / 1000);
  const due = request.isDirect
    ? "the invocation's time is over. Apply again, which goes on with it"
    : `a response is due (ServiceTimeout is ${request.serviceTimeout} s)`;
  const reason = `${activityOf(phase)} ${what}: not done after ${seconds} s, and ${due}; still waiting for: ${waitingFor}`;
  return { status: 'FAILED', id: physicalIdOf(request, state), reason };
}

/** Waits with the process's own timer, or until the abort. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}

/** What an execution of the waiter begins with. */
export interface WaiterInput {
  /** The ARN of the function that is to poll. */
  readonly function: string;
  readonly waiter: WaiterState;
  readonly waitSeconds: number;
}

/** Step Functions takes 262,144 bytes of state, and a poll may add some. */
const MAX_INPUT_BYTES = 250_000;

/** What a request is handed off with. */
interface Options {
  readonly functionArn: string;
  readonly sensitive?: readonly string[];
  readonly log: Log;
}

/**
 * For a request that came from the waiter with a state that `key` opened: goes back to it, through `report`, sealed with
 * the key that is current now.
 */
export function handBack(
  event: IncomingRequest['event'],
  { key, report, log, ...packing }: Options & { key: StateKey; report: (polled: Polled) => void },
): HandOff {
  return async (state, waitSeconds) => {
    const newest = await currentKey().catch((error: unknown) => {
      log.warn('Reading the current key failed, so the state is sealed with the key of before', { error });
      return key;
    });
    report({ done: false, waiter: packState(event, state, { ...packing, key: newest }), waitSeconds });
    return true;
  };
}

/**
 * For a request that came from CloudFormation: starts the waiter on it, where the environment names one (`WAITER_ARN`)
 * and a secret that seals what it keeps (`STATE_KEY_ARN`). Undefined where it does not: the function then polls by
 * itself.
 */
export function handOffToWaiter(
  { event, request }: IncomingRequest,
  { log, ...packing }: Options,
): HandOff | undefined {
  const { WAITER_ARN: waiterArn, STATE_KEY_ARN: keyArn } = process.env;
  if (!waiterArn || !keyArn || !request) return undefined;
  return async (state: RequestState, waitSeconds) => {
    let key: StateKey;
    try {
      key = await currentKey();
    } catch (error) {
      log.warn('Reading the key of the waiter failed, so this invocation polls', { error });
      return false;
    }
    const waiter = packState(event, state, { ...packing, key });
    const input = { function: waiter.function, waiter, waitSeconds };
    return startWaiter(waiterArn, input, { name: executionName(request, request.requestType), log });
  };
}

/**
 * Starts an execution. Where another delivery of the request has started it, nothing is left to do. Gives whether the
 * waiter goes on with the request; if not, the log says why.
 */
async function startWaiter(
  stateMachineArn: string,
  input: WaiterInput,
  { name, log }: { name: string; log: Log },
): Promise<boolean> {
  const text = JSON.stringify(input);
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_INPUT_BYTES) {
    log.warn('The request is too large for the waiter, so this invocation polls', { bytes });
    return false;
  }
  try {
    // Off the start path: what is ready within seconds needs no waiter.
    const { startExecution } = await import('./start-execution.ts');
    await startExecution({ stateMachineArn, name, input: text });
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ExecutionAlreadyExists')) {
      log.warn('Starting the waiter failed, so this invocation polls', { error });
      return false;
    }
    log.info('Another delivery of this request was handed off to the waiter', { execution: name });
    return true;
  }
  log.info('Handed off to the waiter', { execution: name, waitSeconds: input.waitSeconds });
  return true;
}

/**
 * The same for each delivery of a request. Step Functions takes a name once in 90 days, and CloudFormation uses a
 * request id again when it retries a deployment, but then with another response URL.
 */
function executionName(
  { stackId, logicalResourceId, requestId, responseUrl }: RequestIdentity,
  requestType: string,
): string {
  const identity = [stackId, logicalResourceId, requestId, requestType, responseUrl].join('\n');
  return createHash('sha256').update(identity).digest('hex');
}
