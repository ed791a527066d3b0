import fc from 'fast-check';

/** What befalls one call to the service. `…After` means that the call did its work first. */
export type Fault =
  | 'none'
  | 'throttle'
  | 'unavailable'
  | 'unavailableAfter'
  | 'reset'
  | 'resetAfter'
  | 'refused'
  | 'refusedAfter'
  | 'slow'
  | 'stuck'
  | 'stuckAfter'
  | 'blind';

/** What the response bucket does with one PUT. `…After` means that CloudFormation has the answer nevertheless. */
export type Move = 200 | 429 | 403 | 500 | 503 | 'reset' | 'resetAfter' | '500After' | 'silence' | 'silenceAfter';

/** Another delivery of a request, so many milliseconds after the first: to the same environment, or to another. */
export interface Duplicate {
  readonly after: number;
  readonly inOtherEnvironment: boolean;
}

export type Template = Readonly<Record<string, unknown>>;

export type Step =
  /** Creates the resource, or updates what is there. `rollback`: the rest of the stack fails, so it is taken back. */
  | { do: 'apply'; template: Template; duplicates: Duplicate[]; rollback: boolean; rollbackWithNewId: boolean }
  /** So many milliseconds into an update, CloudFormation gives up on it and takes it back; the function goes on. */
  | { do: 'hurry'; template: Template; after: number; inOtherEnvironment: boolean }
  /** Creates it; so many milliseconds later a sibling fails, and CloudFormation deletes by an id that it invents. */
  | { do: 'cancel'; template: Template; after: number; inOtherEnvironment: boolean }
  | { do: 'delete'; duplicates: Duplicate[]; again: boolean };

export interface Plan {
  /** Names are unique and fixed; otherwise two things may have one name. */
  readonly named: boolean;
  /** How long a read does not show what was made, and shows what no longer is, in milliseconds. */
  readonly lag: number;
  /** Whether reading a missing thing is a not-found error of the service, or gives undefined. */
  readonly notFoundThrows: boolean;
  /** How long things take, in milliseconds. */
  readonly takes: number;
  /** Deletion takes two steps: what is in the thing, then the thing. */
  readonly twoSteps: boolean;
  /** The Lambda function's timeout, in milliseconds, and CloudFormation's, in seconds. */
  readonly timeout: number;
  readonly serviceTimeout: string | undefined;
  /** Played in order by the service's calls, then nothing befalls them. */
  readonly faults: readonly Fault[];
  /** Whether what is begun fails, played in order by creations, updates and deletions. */
  readonly failures: readonly boolean[];
  readonly moves: readonly Move[];
  readonly steps: readonly Step[];
}

const size = fc.constantFrom('1', '1.0', '2', '3');
const name = fc.constantFrom('one', 'two', 'taken');
const good: fc.Arbitrary<Template> = fc.record({
  Name: name,
  Size: size,
  Secret: fc.constantFrom('hunter2', 'swordfish'),
});
const garbage: fc.Arbitrary<Template> = fc.oneof(
  fc.record({ Name: name, Size: fc.constantFrom('big', '', [], { a: '1' }) }),
  fc.record({ Name: name, Colour: fc.string({ unit: 'binary' }), Secret: fc.constant('hunter2') }),
  fc.record({ Size: size, Secret: fc.constant(['swordfish']) }),
  fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 }).map((fields) => ({ ...fields, Nmae: 'x' })),
);
const template = fc.oneof({ weight: 9, arbitrary: good }, { weight: 1, arbitrary: garbage });
const after = fc.constantFrom(0, 1, 50, 900, 5_000, 70_000, 900_000);
const duplicates = fc.array(fc.record({ after, inOtherEnvironment: fc.boolean() }), { maxLength: 2 });

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('apply' as const),
      template,
      duplicates,
      rollback: fc.boolean(),
      rollbackWithNewId: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('hurry' as const),
      template: good,
      after,
      inOtherEnvironment: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('cancel' as const),
      template: good,
      after,
      inOtherEnvironment: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), duplicates, again: fc.boolean() }) },
);

const fault: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 6, arbitrary: fc.constant('none' as const) },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      ...(['throttle', 'unavailable', 'unavailableAfter', 'reset', 'resetAfter', 'refused'] as const),
      ...(['refusedAfter', 'slow', 'stuck', 'stuckAfter', 'blind'] as const),
    ),
  },
);

const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(200 as const) },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      ...([429, 500, 503, 'reset', 'resetAfter', '500After', 'silence', 'silenceAfter'] as const),
    ),
  },
  { weight: 1, arbitrary: fc.constant(403 as const) },
);

export const plan: fc.Arbitrary<Plan> = fc.record({
  named: fc.boolean(),
  lag: fc.constantFrom(0, 0, 700, 2_000),
  notFoundThrows: fc.boolean(),
  takes: fc.constantFrom(0, 500, 20_000, 200_000),
  twoSteps: fc.boolean(),
  timeout: fc.constantFrom(900_000, 900_000, 60_000, 10_000),
  serviceTimeout: fc.constantFrom(undefined, undefined, '3600', '120', '5'),
  faults: fc.oneof(fc.constant([]), fc.array(fault, { maxLength: 12 })),
  failures: fc.oneof(fc.constant([]), fc.array(fc.boolean(), { maxLength: 3 })),
  moves: fc.oneof(fc.constant([]), fc.array(move, { maxLength: 12 }), fc.constant(Array<Move>(30).fill(503))),
  steps: fc.array(step, { minLength: 1, maxLength: 5 }),
});
