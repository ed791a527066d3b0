import fc from 'fast-check';
import type { Rule } from '../../packages/local/src/faults/rule.ts';
import { rules } from './fault-rules.ts';
import { type DomainShape, nothing, often, type Shape, shape, sharedShape, upTo } from './shapes.ts';

/** What happens in one run. Plain data: printed, it is all that is needed to play the run again. */
export interface History {
  /** Decides the durations, and where faults are injected. */
  seed: number;
  /** How long the services take, as a multiple of what they take at AWS. */
  durations: number;
  /** One stack each, or a pair of them; they run concurrently. */
  stacks: Step[][];
  faults: Rule[];
}

/** An operation on a stack, or an action outside of the stacks. */
export type Step = {
  wait: Wait;
  /** The operation is on another stack, whose templates name the same things. */
  other?: boolean;
} & ({ do: 'deploy'; shape: Shape; doom?: number } | { do: 'cancel' } | { do: 'delete' } | { do: 'work' });

/** How long to wait before the step: until the stack and the other one of its pair are at rest, or so many virtual seconds. */
export type Wait = 'rest' | number;

const wait: fc.Arbitrary<Wait> = often('rest', fc.integer({ min: 0, max: 600 }));

/** A sibling that fails so many seconds after it was begun, and takes the operation down with it. */
const doom = fc.option(fc.integer({ min: 2, max: 500 }), { nil: undefined, freq: 3 });

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('deploy' as const), wait, shape, doom }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('delete' as const), wait }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('cancel' as const), wait: fc.integer({ min: 1, max: 600 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('work' as const), wait }),
  },
);

/** Histories that begin with a stack to do something with. */
const steps: fc.Arbitrary<Step[]> = fc
  .tuple(fc.record({ do: fc.constant('deploy' as const), wait: fc.constant<Wait>('rest'), shape, doom }), upTo(2, step))
  .map(([first, rest]) => [first, ...rest]);

/** Two stacks name the same things: at the same time, or one after the other. */
const pair: fc.Arbitrary<Step[]> = fc
  .oneof(
    { weight: 6, arbitrary: fc.constant<DomainShape['name']>(0) },
    { weight: 1, arbitrary: fc.constant<DomainShape['name']>('unmanaged') },
  )
  .chain((name) => {
    const adopting = fc.constantFrom<Shape['adopt'][]>('true', 'IfExists', 'IfExists', undefined);
    const retaining = often(true, fc.constant(false));
    const deploy = (other: fc.Arbitrary<boolean>, more: Partial<Template> = {}) => {
      const asked = { adopt: adopting, retain: retaining, wait, doom, ...more };
      const shape = sharedShape(name, asked);
      return fc.record({ do: fc.constant('deploy' as const), wait: asked.wait, shape, doom: asked.doom, other });
    };
    const leave = (other: fc.Arbitrary<boolean>, when: fc.Arbitrary<Wait> = wait): fc.Arbitrary<Step> =>
      fc.oneof(
        fc.record({ do: fc.constant('delete' as const), wait: when, other }),
        fc.record({ do: fc.constant('deploy' as const), wait: when, shape: fc.constant(nothing), other }),
      );
    const [one, two, either] = [fc.constant(false), fc.constant(true), fc.boolean()];
    const next: fc.Arbitrary<Step> = fc.oneof(
      { weight: 3, arbitrary: deploy(either) },
      { weight: 3, arbitrary: leave(either) },
      {
        weight: 1,
        arbitrary: fc.record({
          do: fc.constant('cancel' as const),
          wait: fc.integer({ min: 1, max: 600 }),
          other: either,
        }),
      },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('work' as const), wait, other: either }) },
    );
    // What no stack has created is there to be adopted.
    const first = { adopt: name === 'unmanaged' ? adopting : fc.constant(undefined), wait: fc.constant<Wait>('rest') };
    const kept = { retain: fc.constant(true), doom: fc.constant(undefined), wait: fc.constant<Wait>('rest') };
    const move = [deploy(one, { ...first, ...kept }), leave(one, kept.wait), deploy(two, kept)] as const;
    return fc
      .tuple(
        fc.oneof<fc.Arbitrary<Step[]>[]>(
          fc.tuple(deploy(one, first), deploy(two)),
          fc.tuple(move[0], move[1], deploy(two, { wait: kept.wait })),
          fc.tuple(...move, leave(two, kept.wait), deploy(one, { wait: kept.wait })),
        ),
        upTo(2, next),
      )
      .map(([begun, rest]) => [...begun, ...rest]);
  });

/** What is drawn of a step of a pair. */
interface Template {
  adopt: fc.Arbitrary<Shape['adopt']>;
  retain: fc.Arbitrary<boolean>;
  wait: fc.Arbitrary<Wait>;
  doom: fc.Arbitrary<number | undefined>;
}

/** Every history. */
export const history: fc.Arbitrary<History> = fc.record({
  seed: fc.nat(2 ** 31),
  // What is quick shows more of what may overlap; what is slow, more of what is waited for.
  durations: fc.oneof(
    { weight: 6, arbitrary: fc.constant(0.02) },
    { weight: 5, arbitrary: fc.constant(0.05) },
    { weight: 3, arbitrary: fc.constant(0.1) },
    { weight: 1, arbitrary: fc.constant(0.3) },
  ),
  stacks: fc.oneof(
    { weight: 12, arbitrary: fc.array(steps, { minLength: 1, maxLength: 1 }) },
    { weight: 1, arbitrary: fc.array(steps, { minLength: 2, maxLength: 2 }) },
    { weight: 2, arbitrary: fc.tuple(pair) },
  ),
  faults: rules,
});
