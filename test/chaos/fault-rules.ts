import fc from 'fast-check';
import type { Rule } from '../../packages/local/src/faults/rule.ts';

const functions = { function: 'studio-resources-*' };
const rate = fc.constantFrom(0.02, 0.1, 0.1, 0.3);
const count = fc.integer({ min: 1, max: 3 });
const ms = fc.integer({ min: 0, max: 60_000 });
const seconds = fc.integer({ min: 1, max: 120 });
const carriedOut = fc.boolean();

/** Faults that a resource has to live through: with them, everything is done in the end. */
const rule: fc.Arbitrary<Rule> = fc.oneof(
  fc.record({ on: fc.constant('call'), fault: fc.constant('throttle'), rate, ...always(functions) }),
  fc.record({ on: fc.constant('call'), fault: fc.constant('unavailable'), rate, carriedOut, ...always(functions) }),
  fc.record({ on: fc.constant('call'), fault: fc.constant('internal-error'), rate, carriedOut, ...always(functions) }),
  fc.record({ on: fc.constant('call'), fault: fc.constant('reset'), rate, carriedOut, ...always(functions) }),
  fc.record({
    on: fc.constant('call'),
    fault: fc.constant('slow'),
    rate,
    ms: fc.integer({ min: 100, max: 45_000 }),
    ...always(functions),
  }),
  fc.record({
    on: fc.constant('resource'),
    fault: fc.constant('late'),
    seconds: fc.integer({ min: 1, max: 20 }),
    rate,
  }),
  fc.record({
    on: fc.constant('resource'),
    fault: fc.constant('failed'),
    count,
    rate: fc.constantFrom(0.1, 0.3),
    reason: fc.constant('EFS is out of space'),
  }),
  fc.record({
    on: fc.constant('resource'),
    fault: fc.constant('stuck'),
    count,
    rate: fc.constantFrom(0.1, 0.3),
    seconds: fc.integer({ min: 60, max: 240 }),
  }),
  fc.record({ on: fc.constant('function'), fault: fc.constant('duplicate'), rate, seconds: fc.nat(400) }),
  fc.record({ on: fc.constant('function'), fault: fc.constant('delayed'), rate, seconds }),
  fc.record({ on: fc.constant('function'), fault: fc.constant('reordered'), rate, seconds }),
  fc.record({ on: fc.constant('function'), fault: fc.constant('crash'), after: fc.nat(3), count: fc.constant(1), ms }),
  fc.record({ on: fc.constant('response'), fault: fc.constantFrom('500', '503'), count, carriedOut }),
  fc.record({ on: fc.constant('response'), fault: fc.constant('reset'), count, carriedOut }),
  fc.record({ on: fc.constant('response'), fault: fc.constant('dns'), count }),
  fc.record({
    on: fc.constant('response'),
    fault: fc.constant('slow'),
    count,
    ms: fc.integer({ min: 100, max: 20_000 }),
  }),
) as fc.Arbitrary<Rule>;

/** Every service finds and lists what is new only as late as it usually does, whatever else happens. */
export const usualLag: Rule = { name: 'usual lag', on: 'resource', fault: 'late' };

export const rules: fc.Arbitrary<Rule[]> = fc.array(rule, { maxLength: 3 });

function always<T extends object>(members: T): { [K in keyof T]: fc.Arbitrary<T[K]> } {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, fc.constant(value)])) as {
    [K in keyof T]: fc.Arbitrary<T[K]>;
  };
}
