import { createHash } from 'node:crypto';
import type { RequestState } from '../lifecycle/phase.ts';
import type { IncomingRequest } from '../request/parse-request.ts';
import type { RequestIdentity } from '../request/request.ts';
import type { Log } from '../resource.ts';
import type { HandOff } from './poll.ts';
import { currentKey, type StateKey } from './state-key.ts';
import { type Polled, packState, type WaiterState } from './waiter-state.ts';

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
    const input = { function: packing.functionArn, waiter: packState(event, state, { ...packing, key }), waitSeconds };
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
