import { between } from '../../random.ts';
import type { Store } from '../../store.ts';
import type { Retrier } from './definition.ts';
import { isTerminal } from './step.ts';

/** Which retrier takes an error, and for how many virtual milliseconds it waits. */
export interface Retry {
  retrier: number;
  ms: number;
}

/**
 * Whether an error is tried again: the first retrier that names it decides, by how often it was used already
 * (`attempts`, a number for each retrier).
 */
export function retryOf(
  retriers: readonly Retrier[] = [],
  error: string,
  attempts: readonly number[],
  store: Store,
): Retry | undefined {
  if (isTerminal(error)) return undefined;
  const index = retriers.findIndex(({ ErrorEquals }) => ErrorEquals.some((name) => matches(name, error)));
  const retrier = retriers[index];
  const used = attempts[index] ?? 0;
  if (!retrier || used >= (retrier.MaxAttempts ?? 3)) return undefined;
  const { IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds = Number.POSITIVE_INFINITY, JitterStrategy } = retrier;
  const ms = Math.min(IntervalSeconds * BackoffRate ** used, MaxDelaySeconds) * 1000;
  return { retrier: index, ms: JitterStrategy === 'FULL' ? between(store, [0, ms]) : ms };
}

function matches(name: string, error: string): boolean {
  return name === 'States.ALL' || (name === 'States.TaskFailed' && error !== 'States.Timeout') || name === error;
}
