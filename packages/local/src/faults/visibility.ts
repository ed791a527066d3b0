import { between } from '../random.ts';
import type { Call } from '../service.ts';
import type { LateKind } from './rule.ts';

/**
 * From when something new is found and listed, in virtual milliseconds: at once, as AWS's own samples need it, unless a rule
 * with the fault `late` says otherwise. `usual` is what is known of the service's lag, in seconds, from the least to the most.
 */
export function visibleFrom(
  kind: LateKind,
  usual: readonly [number, number],
  { account, clock, cloud }: Pick<Call, 'account' | 'clock' | 'cloud'>,
): number {
  const late = cloud.faults.inject('resource', ['late'], { account, kind });
  if (!late) return clock.now();
  const seconds = late.seconds ?? between(cloud.store, usual) * cloud.durations;
  return clock.now() + seconds * 1000;
}
