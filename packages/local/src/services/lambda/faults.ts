import type { InvocationFault } from '../../lambda/runner.ts';
import type { Call } from '../../service.ts';
import type { Reference } from './names.ts';

/** Seconds that an event is held back at the most, where the rule does not say. */
const longestHold = 60;

/** What is to befall an invocation, where a rule says so. */
export function invocationFault({ account, name }: Reference, { cloud }: Call): InvocationFault | undefined {
  const faults = ['crash', 'out-of-memory', 'hang'] as const;
  const rule = cloud.faults.inject('function', faults, { account, function: name });
  return rule && { kind: rule.fault, ms: rule.ms ?? 0 };
}

/** How an event is delivered. All times in virtual milliseconds. */
interface DeliveryFaults {
  delay: number;
  /** Another event for the same function ends the delay. */
  held: boolean;
  /** How much later than the first a second delivery comes, if there is one. */
  duplicate?: number;
}

/** What is to befall an event on its way to its function. */
export function deliveryFaults({ account, name }: Reference, { cloud: { faults } }: Call): DeliveryFaults {
  const where = { account, function: name };
  const delayed = faults.inject('function', ['delayed'], where);
  const reordered = faults.inject('function', ['reordered'], where);
  const duplicate = faults.inject('function', ['duplicate'], where);
  const hold = reordered && (reordered.seconds ?? longestHold);
  return {
    delay: ((delayed?.seconds ?? 0) + (hold ?? 0)) * 1000,
    held: hold !== undefined,
    ...(duplicate && { duplicate: (duplicate.seconds ?? 0) * 1000 }),
  };
}
