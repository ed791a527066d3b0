import type { Outcome } from './answer.ts';
import { idOf, type Job, type Progress } from './job.ts';
import { doing, look } from './lifecycle.ts';
import { untilNextLook, usualPace } from './pace.ts';
import type { Request } from './request.ts';

/** Looks again and again, at the resource's pace, until there is an outcome. Gives none when it is called off. */
export async function poll<Props extends object, State>(
  job: Job<Props, State>,
  progress: Progress,
  signal: AbortSignal,
): Promise<Outcome | undefined> {
  while (!signal.aborted) {
    const outcome = await look(job, progress);
    if (outcome) return outcome;
    const pace = job.resource.pace?.[progress.operation] ?? usualPace;
    await sleep(1000 * untilNextLook(pace, (Date.now() - progress.since) / 1000), signal);
  }
  return undefined;
}

/**
 * How long a request may be worked on, in milliseconds, so that its answer comes before the function is killed and
 * before CloudFormation gives up; the rest of the time is for the delivery.
 */
export function budget({ serviceTimeout }: Request, remaining: number): number {
  return Math.min(...[remaining, serviceTimeout * 1000].map((all) => Math.max(all / 2, all - margin(all))));
}

function margin(all: number): number {
  return Math.min(20_000, Math.max(2_000, all / 10));
}

/** What `work` gives, or undefined when time has run out; work that goes on then is told so. */
export async function beforeTimeRunsOut<T>(
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
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
export function outOfTime(request: Request, progress: Progress): Outcome {
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
