import fc from 'fast-check';
import type { Rule } from '../../../packages/local/src/faults/rule.ts';
import { type History, history, type Step } from '../history.ts';
import type { SetupShape } from '../shapes.ts';

/** Real time is dear: what people and services take is so much shorter than in a simulation. */
const pace = 0.1;

/** Even so, the services take longer than a call over a socket, and no longer than a run has time for. */
const durations = { least: 0.02, most: 0.05 };

/** What only real processes suffer: any of their invocations, not only the first one, is ended by a signal. */
const kill = killOf('studio-resources-studio-*', 2000);

function killOf(name: string, longest: number): fc.Arbitrary<Rule> {
  return fc.record({
    on: fc.constant('function'),
    fault: fc.constantFrom('crash', 'crash', 'out-of-memory', 'hang'),
    function: fc.constant(name),
    after: fc.nat(12),
    count: fc.constant(1),
    ms: fc.nat(longest),
  }) as fc.Arbitrary<Rule>;
}

const setup: fc.Arbitrary<SetupShape> = fc.record({
  profile: fc.nat(1),
  generation: fc.nat(1),
  fails: fc.boolean(),
  slow: fc.boolean(),
  background: fc.boolean(),
});

/** What the templates of a history set up, one after the other, and what ends the function that does it. */
interface SetupPlan {
  setups: (SetupShape | undefined)[];
  kills: Rule[];
}

const setupPlan: fc.Arbitrary<SetupPlan> = fc.record({
  setups: fc.array(fc.option(setup, { freq: 3 }), { minLength: 1, maxLength: 3 }),
  kills: fc.oneof(
    { weight: 2, arbitrary: fc.constant<Rule[]>([]) },
    { weight: 1, arbitrary: fc.tuple(killOf('studio-resources-studio-setup', 100_000)) },
  ),
});

/** Rarely: a real Jupyter server has no other clock than the machine's. */
const rareSetups: fc.Arbitrary<SetupPlan> = fc.oneof(
  { weight: 7, arbitrary: fc.constant<SetupPlan>({ setups: [], kills: [] }) },
  { weight: 1, arbitrary: setupPlan },
);

/**
 * The histories of the simulation, in which everything that waits for the services waits less, as they take less. Some
 * of them have kills more.
 */
const quickHistory: fc.Arbitrary<History> = fc
  .tuple(
    history,
    fc.oneof(
      { weight: 3, arbitrary: fc.constant<Rule[]>([]) },
      { weight: 1, arbitrary: fc.array(kill, { minLength: 1, maxLength: 2 }) },
    ),
    rareSetups,
  )
  .map(([one, kills, { setups, kills: more }]) => ({
    ...one,
    durations: Math.min(durations.most, Math.max(durations.least, one.durations * pace)),
    stacks: one.stacks.map((steps) => withSetups(steps.map(quickStep), setups)),
    faults: [...one.faults.map(quickRule), ...kills, ...more],
  }));

/** The one history that a seed stands for. */
export function drawHistory(seed: number): History {
  return fc.sample(quickHistory, { seed, numRuns: 1 })[0]!;
}

function withSetups(steps: Step[], setups: (SetupShape | undefined)[]): Step[] {
  let deployed = 0;
  return steps.map((step) => {
    // The two of a pair would run the same commands.
    if (step.do !== 'deploy' || step.other) return step;
    const setup = setups[deployed++ % setups.length];
    return setup ? { ...step, shape: { ...step.shape, setup } } : step;
  });
}

function quickStep(step: Step): Step {
  const wait = step.wait === 'rest' ? step.wait : step.wait * pace;
  // The template knows whole seconds only.
  if (step.do === 'deploy' && step.doom !== undefined) return { ...step, wait, doom: Math.ceil(step.doom * pace) };
  return { ...step, wait };
}

/** What is measured against the patience of our own code, which is as it is, stays as it is as well. */
function quickRule(rule: Rule): Rule {
  if ('seconds' in rule && rule.seconds !== undefined && rule.fault !== 'late') {
    return { ...rule, seconds: rule.seconds * pace };
  }
  if (rule.on === 'function' && 'ms' in rule && rule.ms !== undefined) return { ...rule, ms: rule.ms * pace };
  return rule;
}
