import { createHash } from 'node:crypto';
import type { RequestState } from '../lifecycle/phase.ts';
import { saveState } from '../lifecycle/saved-state.ts';
import type { IncomingRequest } from '../request/parse-request.ts';
import type { RequestIdentity } from '../request/request.ts';
import type { Log } from '../resource.ts';
import type { HandOff } from './poll.ts';
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

/** For a request that came from the waiter: goes back to it, through `report`. */
export function handBack(waiter: WaiterState, report: (polled: Polled) => void): HandOff {
  return async (state, waitSeconds) => {
    report({ done: false, waiter: { ...waiter, state: saveState(state) }, waitSeconds });
    return true;
  };
}

/**
 * For a request that came from CloudFormation: starts the waiter on it, where the environment names one (`WAITER_ARN`)
 * and a secret that seals what it keeps (`STATE_KEY`). Undefined where it does not: the function then polls by itself.
 */
export function handOffToWaiter(
  { event, request }: IncomingRequest,
  { functionArn, sensitive, log }: { functionArn: string; sensitive?: readonly string[]; log: Log },
): HandOff | undefined {
  const { WAITER_ARN: waiterArn, STATE_KEY: key } = process.env;
  if (!waiterArn || !key || !request) return undefined;
  return (state: RequestState, waitSeconds) => {
    const input = { function: functionArn, waiter: packState(event, state, { key, sensitive }), waitSeconds };
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
