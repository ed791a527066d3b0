import http from 'node:http';
import https from 'node:https';
import { errorMessage } from '../error-message.ts';
import { UndeliveredError } from '../errors.ts';
import type { Log } from '../resource.ts';

/** How an answer is brought. All times in milliseconds. */
export interface RetryPolicy {
  readonly attempts: number;
  /** How long a socket may be silent; an attempt that trickles may take three times as long. */
  readonly silence: number;
  /** The first wait between attempts; each further one is twice as long, up to `longestPause`, less some jitter. */
  readonly pause: number;
  readonly longestPause: number;
}

const usually: RetryPolicy = { attempts: 8, silence: 10_000, pause: 250, longestPause: 8_000 };

/** No attempt gets less time than this, in milliseconds, and none is begun with less left. */
const SHORTEST = 1_000;

/**
 * Puts an answer to the response URL: the same bytes at each attempt. Tries again on 429, 5xx and network errors, while
 * there is time left; any other refusal is final, since CloudFormation has then closed the request.
 *
 * @param timeLeft says how many milliseconds the function has left
 * @throws UndeliveredError when it could not be brought; `retryable` says whether another time may help
 */
export async function deliver(
  responseUrl: string,
  body: string,
  { log, timeLeft }: { log: Log; timeLeft(): number },
  delivery: RetryPolicy = usually,
): Promise<void> {
  const bytes = Buffer.from(body);
  const url = new URL(responseUrl);
  for (let attempt = 1; ; attempt++) {
    const silence = Math.min(delivery.silence, Math.max(SHORTEST, timeLeft() - SHORTEST));
    const result = await put(url, bytes, silence).catch((error: unknown) => errorMessage(error));
    if (typeof result === 'number' && result >= 200 && result < 300) return;
    const retryable = typeof result === 'string' || result === 429 || result >= 500;
    const why = typeof result === 'string' ? result : `the response URL answered ${result}`;
    const wait = Math.min(delivery.pause * 2 ** (attempt - 1), delivery.longestPause);
    if (!retryable || attempt >= delivery.attempts || timeLeft() < wait + 2 * SHORTEST) {
      throw new UndeliveredError(`Delivering the answer, attempt ${attempt}: ${why}`, retryable);
    }
    log.warn('Delivering the answer failed, trying again', { attempt, why });
    await pause(wait);
  }
}

/**
 * One attempt; gives the HTTP status. Not `fetch`, which sends a content type, and costs a cold start 25 ms. Sockets
 * time themselves out: a timer could fire early or late where the process's timers are not in real time.
 */
function put(url: URL, bytes: Buffer, silence: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const { request } = url.protocol === 'http:' ? http : https;
    const headers = { 'content-type': '', 'content-length': bytes.byteLength };
    const signal = AbortSignal.timeout(3 * silence);
    const sent = request(url, { method: 'PUT', headers, agent: false, timeout: silence, signal }, (response) => {
      // Its status is all that counts; whatever happens to the rest is no error.
      response.on('error', () => {}).resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${silence} ms`)));
    sent.on('error', reject);
    sent.end(bytes);
  });
}

/** Between half of the time and all of it, so that many stacks that were refused together do not return together. */
function pause(longest: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, longest * (0.5 + Math.random() / 2));
  });
}
