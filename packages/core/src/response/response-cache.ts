import { createHash } from 'node:crypto';
import type { RequestIdentity } from '../request/request.ts';

/** The answers that this environment gave, for deliveries of the same request that come again. */
export interface ResponseCache {
  /** The body of the answer; undefined while it is being worked out, or when nothing is known of the request. */
  find(to: RequestIdentity): string | undefined;
  isRunning(to: RequestIdentity): boolean;
  /** Runs `answer` and keeps what it gives: a body, or nothing when there is none yet. */
  run(to: RequestIdentity, answer: () => Promise<string | undefined>): Promise<string | undefined>;
}

/** More requests than come again within the hour that CloudFormation waits. */
const KEPT = 200;

export function responseCache(): ResponseCache {
  const bodies = new Map<string, string>();
  const running = new Set<string>();
  return {
    find: (to) => bodies.get(keyOf(to)),
    isRunning: (to) => running.has(keyOf(to)),
    async run(to, answer) {
      const key = keyOf(to);
      running.add(key);
      try {
        const body = await answer();
        if (body !== undefined) bodies.set(key, body);
        const [oldest] = bodies.keys();
        if (bodies.size > KEPT && oldest !== undefined) bodies.delete(oldest);
        return body;
      } finally {
        running.delete(key);
      }
    },
  };
}

/** CloudFormation uses a request id again when it retries a deployment; its response URL is then another. */
function keyOf({ stackId, requestId, responseUrl }: RequestIdentity): string {
  return createHash('sha256').update([stackId, requestId, responseUrl].join('\n')).digest('base64');
}
