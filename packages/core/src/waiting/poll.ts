import { doing, idOf, type Job, type Progress } from '../lifecycle/phase.ts';
import { reconcile } from '../lifecycle/reconcile.ts';
import type { Request } from '../request/request.ts';
import type { Resource } from '../resource.ts';
import type { Outcome } from '../response/response.ts';
import { defaultPace, inlineSeconds, pollDelay } from './poll-interval.ts';

/** Goes on with a request elsewhere, after so many seconds, from what `progress` says. Gives whether it will. */
export type HandOff = (progress: Progress, waitSeconds: number) => Promise<boolean>;

/** Why there is no answer to be given: the waiter goes on, or CloudFormation waits for none. */
export type Unanswered = 'elsewhere' | 'unawaited';

/**
 * Looks again and again, at the resource's pace, until there is an outcome. Gives none when it is called off, and
 * `elsewhere` when the waiter goes on: `inline`, once that is worth it, and else after the first look.
 */
export async function poll<Props extends object, State>(
  job: Job<Props, State>,
  progress: Progress,
  { signal, takeOver, inline }: { signal: AbortSignal; takeOver?: HandOff; inline: boolean },
): Promise<Outcome | Unanswered | undefined> {
  let elsewhere = takeOver;
  while (!signal.aborted) {
    const outcome = await reconcile(job, progress);
    if (outcome) return outcome;
    const elapsed = (Date.now() - progress.since) / 1000;
    const pace = paceOf(job.resource, progress);
    const pause = pollDelay(pace, elapsed);
    const left = secondsLeft(job.request, progress);
    if (left <= 0) return undefined;
    const isWorthIt = left >= SHORTEST && !(inline && elapsed + pause <= inlineSeconds(pace));
    if (elsewhere && isWorthIt && !signal.aborted) {
      if (await elsewhere(progress, wholeSeconds(Math.min(pause, left)))) return 'elsewhere';
      elsewhere = undefined;
    }
    // The last look is taken when the answer is due.
    await sleep(1000 * Math.min(pause, left), signal);
  }
  return undefined;
}

/** The waiter knows whole seconds only, and none shorter than this. */
const SHORTEST = 1;

export function wholeSeconds(seconds: number): number {
  return Math.max(SHORTEST, Math.round(seconds));
}

export function paceOf<P extends object, S>(resource: Resource<P, S>, { operation }: Progress) {
  return resource.pace?.[operation] ?? defaultPace;
}

/** How long there is until an answer to CloudFormation is due. */
export function secondsLeft({ serviceTimeout }: Request, { since }: Progress): number {
  return (since + workTime(serviceTimeout * 1000) - Date.now()) / 1000;
}

/** How much of a time may be worked, in milliseconds; the rest of it is for the delivery of the answer. */
export function workTime(all: number): number {
  return Math.max(all / 2, all - Math.min(20_000, Math.max(2_000, all / 10)));
}

/** What `work` gives, or undefined when time has run out; work that goes on then is told so. */
export async function withDeadline<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), ms);
  const stopped = new Promise<undefined>((resolve) => {
    stop.signal.addEventListener('abort', () => resolve(undefined));
  });
  try {
    return await Promise.race([work(stop.signal), stopped]);
  } finally {
    clearTimeout(timer);
  }
}

/** The outcome of what has none when its time has run out. */
export function timeoutResult(request: Request, progress: Progress): Outcome {
  const id = idOf(request, progress);
  const what = progress.id ?? request.logicalResourceId;
  const seconds = Math.round((Date.now() - progress.since) / 1000);
  const reason = `${doing(progress)} ${what}: not done after ${seconds} s, and an answer is due (ServiceTimeout is ${request.serviceTimeout} s); still awaited: ${progress.awaiting}`;
  return { status: 'FAILED', id, reason };
}

/** Waits with the process's own timer, or until it is called off. */
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
