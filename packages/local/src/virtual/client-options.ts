import type { RetryErrorInfo, RetryStrategyV2, RetryToken } from '@smithy/types';
import { sleep } from '../clock.ts';
import type { Send } from './http-module.ts';
import { requestHandler } from './request-handler.ts';
import type { VirtualTime } from './virtual-time.ts';

/** Keys that the cloud has issued. */
export interface Keys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** Options of an SDK client. */
export type ClientOptions = ReturnType<typeof clientOptions>;

/** Where a client's requests go. */
interface RequestTarget {
  time: VirtualTime;
  send: Send;
  endpoint: string;
  region: string;
}

/** As the account of twelve digits, which may do everything, or as whom the keys are for. */
export function clientOptions({ time, send, endpoint, region }: RequestTarget, as: string | Keys) {
  return {
    endpoint,
    region,
    credentials: typeof as === 'string' ? { accessKeyId: as, secretAccessKey: 'local' } : as,
    requestHandler: requestHandler(time, send),
    retryStrategy: new VirtualRetryStrategy(time),
  };
}

/** Attempts that a call has, as with the SDK's own strategy. */
const maxAttempts = 3;

/** As the SDK's own, but that it waits on the cloud's clock, and that chance does not decide how long. */
class VirtualRetryStrategy implements RetryStrategyV2 {
  readonly #time: VirtualTime;

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  async acquireInitialRetryToken(): Promise<RetryToken> {
    return retryToken(0);
  }

  async refreshRetryTokenForRetry(token: RetryToken, { errorType }: RetryErrorInfo): Promise<RetryToken> {
    const attempts = token.getRetryCount() + 1;
    const isRetryable = errorType === 'THROTTLING' || errorType === 'TRANSIENT';
    if (!isRetryable || attempts >= maxAttempts) throw new Error('No retry token available');
    await this.#time.during(sleep(this.#time, 100 * 2 ** attempts));
    return retryToken(attempts);
  }

  recordSuccess(): void {}
}

function retryToken(attempts: number): RetryToken {
  return { getRetryCount: () => attempts, getRetryDelay: () => 0 };
}
