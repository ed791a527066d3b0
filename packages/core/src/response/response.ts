import { createHash } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { stripVTControlCharacters } from 'node:util';
import { errorMessage, RuntimeError, UndeliveredError } from '../errors.ts';
import type { LambdaContext, RequestIdentity } from '../request/request.ts';
import type { Log } from '../resource.ts';

/** How a step has ended a request. */
export type Result =
  | { readonly status: 'SUCCESS'; readonly attributes: Readonly<Record<string, string>>; readonly reason?: string }
  | { readonly status: 'FAILED'; readonly reason: string };

/** What became of a request. `id` is the physical id, always; the reason has no secrets. */
export type Outcome = Result & { readonly id: string };

/** CloudFormation takes no longer body. */
export const MAX_BODY_BYTES = 4096;

/**
 * The body of a response, at most 4096 bytes of JSON. A reason that is too long is cut, and then says where the whole of
 * it is; attributes that are too long make the response FAILED, since a part of them would break templates.
 *
 * @param whereLogged names the log group and stream
 */
export function responseBody(to: RequestIdentity, outcome: Outcome, whereLogged: string): string {
  if (outcome.status === 'FAILED') return failedBody(to, outcome, whereLogged);
  const { id, attributes } = outcome;
  let reason: string;
  try {
    const body = (Reason?: string) => JSON.stringify({ Status: 'SUCCESS', Reason, ...idsOf(to, id), Data: attributes });
    const bytes = Buffer.byteLength(body());
    if (bytes <= MAX_BODY_BYTES) return successBody(body, outcome.reason, whereLogged);
    reason = tooLong(attributes, bytes);
  } catch (cause) {
    const error = new RuntimeError(`Responding to CloudFormation: the attributes of ${id} cannot be written as JSON`, {
      cause,
    });
    reason = errorMessage(error);
  }
  return failedBody(to, { id, reason }, whereLogged);
}

function failedBody(
  to: RequestIdentity,
  { id, reason }: { readonly id: string; readonly reason: string },
  whereLogged: string,
): string {
  const body = (Reason: string) => JSON.stringify({ Status: 'FAILED', Reason, ...idsOf(to, id) });
  return withReason(body, plainText(reason) || 'failed without a reason', whereLogged);
}

/** The attributes are what templates use, so a reason for which they leave no room is left out. */
function successBody(body: (Reason?: string) => string, reason: string | undefined, whereLogged: string): string {
  const plain = plainText(reason ?? '');
  if (plain === '') return body();
  const withIt = withReason(body, plain, whereLogged);
  return Buffer.byteLength(withIt) <= MAX_BODY_BYTES ? withIt : body();
}

/** Control characters make stack events unreadable in the console and unparsable for tools. */
function plainText(reason: string): string {
  return stripVTControlCharacters(reason)
    .toWellFormed()
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim();
}

function withReason(body: (Reason: string) => string, plain: string, whereLogged: string): string {
  const whole = body(plain);
  if (Buffer.byteLength(whole) <= MAX_BODY_BYTES) return whole;
  const pointer = `… (all of it is in ${whereLogged})`;
  return body(cut(plain, MAX_BODY_BYTES - Buffer.byteLength(body(pointer))) + pointer);
}

function idsOf({ stackId, requestId, logicalResourceId }: RequestIdentity, id: string) {
  return { PhysicalResourceId: id, StackId: stackId, RequestId: requestId, LogicalResourceId: logicalResourceId };
}

/** The longest beginning of a text that takes at most `room` bytes within JSON, whole characters only. */
function cut(text: string, room: number): string {
  let left = room;
  let beginning = '';
  for (const character of text) {
    left -= Buffer.byteLength(JSON.stringify(character)) - 2;
    if (left < 0) break;
    beginning += character;
  }
  return beginning;
}

function tooLong(attributes: Readonly<Record<string, string>>, length: number): string {
  const sizes = Object.entries(attributes)
    .map(([key, value]) => ({ key, bytes: Buffer.byteLength(JSON.stringify(value)) }))
    .toSorted((a, b) => b.bytes - a.bytes)
    .slice(0, 3);
  const biggest = sizes.map(({ key, bytes }) => `${key} (${bytes} bytes)`).join(', ');
  return `Responding to CloudFormation: the attributes make ${length} bytes, and ${MAX_BODY_BYTES} are allowed; the biggest are ${biggest}`;
}

/** How a delivery is retried. All times in milliseconds. */
export interface RetryPolicy {
  readonly attempts: number;
  /** How long a socket may be silent; an attempt that trickles may take three times as long. */
  readonly silence: number;
  /** The first pause between attempts; each further one is twice as long, up to `longestPause`, less some jitter. */
  readonly pause: number;
  readonly longestPause: number;
}

const defaultRetries: RetryPolicy = { attempts: 8, silence: 10_000, pause: 250, longestPause: 8_000 };

/** What a delivery is made with. */
export interface Delivery {
  readonly log: Log;
  /** Tells how long the function may still run. */
  readonly context: Pick<LambdaContext, 'getRemainingTimeInMillis'>;
  /** Called after each attempt that failed. */
  onFailure?(): void;
}

/** No attempt gets less time than this, in milliseconds, and none starts with less left. */
const SHORTEST_ATTEMPT = 1_000;

/**
 * Puts a response to its URL: the same bytes at each attempt. Tries again on 429, 5xx and network errors, while there is
 * time left; any other status is final, since CloudFormation has then closed the request.
 *
 * @throws UndeliveredError when it cannot be delivered; `retryable` says whether another time may help
 */
export async function deliver(
  responseUrl: string,
  body: string,
  { log, context, onFailure }: Delivery,
  retries: RetryPolicy = defaultRetries,
): Promise<void> {
  const bytes = Buffer.from(body);
  const url = new URL(responseUrl);
  for (let attempt = 1; ; attempt++) {
    const left = context.getRemainingTimeInMillis();
    const silence = Math.min(retries.silence, Math.max(SHORTEST_ATTEMPT, left - SHORTEST_ATTEMPT));
    const result = await put(url, bytes, silence).catch((error: unknown) => errorMessage(error));
    if (typeof result === 'number' && result >= 200 && result < 300) return;
    onFailure?.();
    const retryable = typeof result === 'string' || result === 429 || result >= 500;
    const why = typeof result === 'string' ? result : `the response URL answered ${result}`;
    const longest = Math.min(retries.pause * 2 ** (attempt - 1), retries.longestPause);
    if (
      !retryable ||
      attempt >= retries.attempts ||
      context.getRemainingTimeInMillis() < longest + 2 * SHORTEST_ATTEMPT
    ) {
      throw new UndeliveredError(`Delivering the response, attempt ${attempt}: ${why}`, retryable);
    }
    log.warn('Delivering the response failed, trying again', { attempt, why });
    // Jitter: stacks that were refused together shall not return together.
    const pause = longest * (0.5 + Math.random() / 2);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/**
 * One attempt; gives the HTTP status. Not `fetch`, which sends a content type that the URL's signature does not cover,
 * and costs a cold start 25 ms. Sockets time themselves out: timers may not be in real time.
 */
function put(url: URL, bytes: Buffer, silence: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const { request } = url.protocol === 'http:' ? http : https;
    const headers = { 'content-type': '', 'content-length': bytes.byteLength };
    const signal = AbortSignal.timeout(3 * silence);
    const sent = request(url, { method: 'PUT', headers, agent: false, timeout: silence, signal }, (response) => {
      // The status is all that counts; an error in the rest is none.
      response.on('error', () => {}).resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${silence} ms`)));
    sent.on('error', reject);
    sent.end(bytes);
  });
}

/** The responses that this execution environment has sent, for deliveries of the same request that come again. */
export interface ResponseCache {
  /** The body of the response to a request, whether one is being worked out, or neither. */
  find(to: RequestIdentity): string | 'running' | undefined;
  /** Keeps the body that is being worked out; undefined where there is none yet. */
  keep(to: RequestIdentity, response: Promise<string | undefined>): Promise<string | undefined>;
}

/** More requests than come again within the hour that CloudFormation waits. */
const CACHED_RESPONSES = 200;

export function responseCache(): ResponseCache {
  const bodies = new Map<string, string>();
  const running = new Set<string>();
  return {
    find(to) {
      const key = cacheKey(to);
      return running.has(key) ? 'running' : bodies.get(key);
    },
    async keep(to, response) {
      const key = cacheKey(to);
      running.add(key);
      try {
        const body = await response;
        if (body !== undefined) bodies.set(key, body);
        const [oldest] = bodies.keys();
        if (bodies.size > CACHED_RESPONSES && oldest !== undefined) bodies.delete(oldest);
        return body;
      } finally {
        running.delete(key);
      }
    },
  };
}

/** CloudFormation uses a request id again when it retries a deployment; its response URL is then another. */
function cacheKey({ stackId, requestId, responseUrl }: RequestIdentity): string {
  return createHash('sha256').update([stackId, requestId, responseUrl].join('\n')).digest('base64');
}
