import type { Pace } from './resource.ts';

/** For a resource that does not say how long it takes. */
export const usualPace: Pace = { usually: 10, every: 2 };

/** Looks are never further apart than this, in seconds, unless the resource's own `every` is. */
const WIDEST = 30;

/**
 * How long to wait until the next look, in seconds, `elapsed` seconds after the start. At first the wait doubles: what
 * is fast is seen at once, what is slow is left alone. From a bit before the usual time, a look each `every` seconds;
 * long after it, ever fewer.
 */
export function untilNextLook({ usually, every }: Pace, elapsed: number): number {
  const expected = usually * 0.9;
  if (elapsed < expected) return Math.min(elapsed + 1, Math.max(expected - elapsed, Math.min(every, 1)));
  const late = elapsed / (1.5 * usually + 30);
  return Math.min(every * Math.max(1, late ** 2), Math.max(every, WIDEST));
}
