import { createHash } from 'node:crypto';
import type { RequestIdentity } from '../request/request.ts';
import type { Log } from '../resource.ts';
import type { WaiterState } from './waiter-state.ts';

/** What an execution of the waiter begins with. */
export interface WaiterInput {
  /** The ARN of the function that is to look. */
  readonly function: string;
  readonly waiter: WaiterState;
  readonly waitSeconds: number;
}

/** Step Functions takes 262,144 bytes of state, and a look may add some. */
const LARGEST = 250_000;

/**
 * Starts the waiter on a request. A second delivery of the request finds it started, or done, and leaves it at that.
 * Gives whether the waiter goes on with the request; if not, the log says why.
 */
export async function startWaiter(
  stateMachineArn: string,
  input: WaiterInput,
  { name, log }: { name: string; log: Log },
): Promise<boolean> {
  const text = JSON.stringify(input);
  const bytes = Buffer.byteLength(text);
  if (bytes > LARGEST) {
    log.warn('The request is too large for the waiter, so it is waited for here', { bytes });
    return false;
  }
  try {
    // Off the start path: what is ready within seconds needs no waiter.
    const { startExecution } = await import('./start-execution.ts');
    await startExecution({ stateMachineArn, name, input: text });
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ExecutionAlreadyExists')) {
      log.warn('Handing over to the waiter failed, so it is waited for here', { error });
      return false;
    }
    log.info('Another delivery of this request was handed over already', { execution: name });
    return true;
  }
  log.info('Handed over to the waiter', { execution: name, waitSeconds: input.waitSeconds });
  return true;
}

/**
 * The same for each delivery of a request. Step Functions takes a name once in 90 days, and CloudFormation uses a
 * request id again when it retries a deployment, but then with another response URL.
 */
export function executionName(
  { stackId, logicalResourceId, requestId, responseUrl }: RequestIdentity,
  requestType: string,
): string {
  const identity = [stackId, logicalResourceId, requestId, requestType, responseUrl].join('\n');
  return createHash('sha256').update(identity).digest('hex');
}
