import { ConfiguredRetryStrategy } from '@smithy/core/retry';
import type { RetryErrorInfo, StandardRetryToken } from '@smithy/types';
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
interface Place {
  time: VirtualTime;
  send: Send;
  endpoint: string;
  region: string;
}

/** As the account of twelve digits, which may do everything, or as whom the keys are for. */
export function clientOptions({ time, send, endpoint, region }: Place, as: string | Keys) {
  return {
    endpoint,
    region,
    credentials: typeof as === 'string' ? { accessKeyId: as, secretAccessKey: 'local' } : as,
    requestHandler: requestHandler(time, send),
    retryStrategy: new VirtualRetryStrategy(time),
  };
}

/** The SDK's own, but that it waits on the cloud's clock, and that chance does not decide how long. */
class VirtualRetryStrategy extends ConfiguredRetryStrategy {
  readonly #time: VirtualTime;

  constructor(time: VirtualTime) {
    super(3, (attempt) => Math.min(20_000, 100 * 2 ** attempt));
    this.#time = time;
  }

  override async refreshRetryTokenForRetry(
    token: StandardRetryToken,
    info: RetryErrorInfo,
  ): Promise<StandardRetryToken> {
    const next = await super.refreshRetryTokenForRetry(token, info);
    const delay = next.getRetryDelay();
    await this.#time.during(sleep(this.#time, delay));
    return Object.assign(next, { getRetryDelay: () => 0 });
  }
}
