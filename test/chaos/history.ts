import fc from 'fast-check';
import type { Rule } from '../../packages/local/src/faults/rule.ts';
import { rules } from './fault-rules.ts';

/** What happens in one run. Plain data: printed, it is all that is needed to play the run again. */
export interface History {
  /** Decides the durations, and where faults are injected. */
  seed: number;
  /** How long the services take, as a multiple of what they take at AWS. */
  durations: number;
  /** One stack each; they run concurrently. */
  stacks: Step[][];
  faults: Rule[];
}

/** An operation on a stack, or an action outside of the stacks. */
export type Step = { wait: Wait } & (
  | { do: 'deploy'; shape: Shape; doom?: number }
  | { do: 'cancel' }
  | { do: 'delete' }
  | { do: 'work' }
);

/** How long to wait before the step: until the stack is at rest, or so many virtual seconds. */
export type Wait = 'rest' | number;

/** What a template asks for. */
export interface Shape {
  /** Another set of logical ids for the same things: from one to the other, all of them are renamed. */
  ids: number;
  domains: DomainShape[];
  projects?: ProjectsShape;
  share?: ShareShape;
  seed?: SeedShape;
  homes?: HomesShape;
  /** On the wire only. */
  setup?: SetupShape;
}

/** Who may use SageMaker Projects: the roles of the first domain and its profiles, or one role that is named. */
export interface ProjectsShape {
  roles: 'domain' | 'named';
  /** What a deletion takes along. */
  serviceRoles: 'Retain' | 'Delete';
  portfolio: 'Retain' | 'Delete';
}

export interface ShareShape {
  /** Another name is another share. */
  name: number;
  /** How the template names it: in either way, it is the same share. */
  by: 'arn' | 'name';
  leave: boolean;
}

export interface SeedShape {
  /** Other content has another key. */
  content: number;
  /** Where it is taken from: two keys of the same zip, or a folder. */
  from: 'zip' | 'copy' | 'folder';
  /** The one keeps versions, the other does not. */
  bucket: number;
}

/** The content for the homes of an unmanaged domain. */
export interface HomesShape {
  /** Another zip. */
  content: number;
  /** Another folder of the homes. */
  folder: number;
  whose: 'one' | 'all';
  overwrite: 'Never' | 'IfUnchanged' | 'Always';
  deleteUnchanged: boolean;
}

export interface SetupShape {
  /** Whose Jupyter server it is: the app of one profile runs, that of the other is to be started. */
  profile: number;
  /** Another generation has other commands. */
  generation: number;
  /** The first command fails, and that is ignored. */
  fails: boolean;
  /** The second command takes longer than a look at it. */
  slow: boolean;
  /** The last command runs in the background. */
  background: boolean;
}

export interface DomainShape {
  /** Another name is another domain. */
  name: number;
  tag: number;
  subnets: number;
  idle: number;
  home: 'Retain' | 'Delete';
  /** A custom image that is attached to the domain. */
  image?: ImageShape;
  /** What the domain's apps run at their start; another script is another lifecycle configuration. */
  script?: number;
  /** Which scripts of the account the domain lists by itself: the first, the second, both or none, as bits. */
  listed: number;
  profiles: ProfileShape[];
  /** More profiles, all of them one resource. */
  fleet?: FleetShape;
}

export interface ImageShape {
  /** Another name is another image. */
  name: number;
  /** Another base is another version. */
  base: number;
  pinned: boolean;
}

export interface ProfileShape {
  /** Another name is another profile. */
  name: number;
  tag: number;
}

export interface FleetShape {
  members: ProfileShape[];
  allOrNothing: boolean;
  maxRemovals: number;
}

const profile: fc.Arbitrary<ProfileShape> = fc.record({ name: fc.nat(1), tag: fc.nat(2) });

const image: fc.Arbitrary<ImageShape> = fc.record({
  name: often(0, fc.nat(1)),
  base: fc.nat(2),
  pinned: fc.boolean(),
});

const fleet: fc.Arbitrary<FleetShape> = fc.record({
  members: fc.array(profile, { maxLength: 4 }),
  allOrNothing: fc.boolean(),
  maxRemovals: often(4, fc.nat(2)),
});

const domain: fc.Arbitrary<DomainShape> = fc.record({
  name: often(0, fc.nat(1)),
  tag: fc.nat(2),
  subnets: fc.integer({ min: 1, max: 3 }),
  idle: fc.nat(2),
  home: fc.constantFrom('Delete', 'Retain'),
  image: rarely(image),
  script: often(undefined, fc.nat(1)),
  listed: often(0, fc.nat(3)),
  profiles: upTo(2, profile),
  fleet: seldom(fleet),
});

const projects: fc.Arbitrary<ProjectsShape> = fc.record({
  roles: fc.constantFrom('domain', 'named'),
  serviceRoles: fc.constantFrom('Retain', 'Delete'),
  portfolio: often('Retain', fc.constant('Delete')),
});

const share: fc.Arbitrary<ShareShape> = fc.record({
  name: fc.nat(1),
  by: fc.constantFrom('arn', 'name'),
  leave: fc.boolean(),
});

const seed: fc.Arbitrary<SeedShape> = fc.record({
  content: fc.nat(1),
  from: fc.constantFrom('zip', 'copy', 'folder'),
  bucket: often(0, fc.constant(1)),
});

const homes: fc.Arbitrary<HomesShape> = fc.record({
  content: fc.nat(1),
  folder: often(0, fc.constant(1)),
  whose: fc.constantFrom('one', 'all'),
  overwrite: often('IfUnchanged', fc.constantFrom('Never', 'Always')),
  deleteUnchanged: often(true, fc.constant(false)),
});

const shape: fc.Arbitrary<Shape> = fc.record({
  ids: often(0, fc.nat(1)),
  domains: fc.oneof(
    { weight: 15, arbitrary: fc.array(domain, { minLength: 1, maxLength: 1 }) },
    { weight: 1, arbitrary: fc.array(domain, { minLength: 2, maxLength: 2 }) },
    { weight: 4, arbitrary: fc.constant<DomainShape[]>([]) },
  ),
  projects: seldom(projects),
  share: seldom(share),
  seed: seldom(seed),
  homes: seldom(homes),
});

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
  ),
  faults: rules,
});

/** Mostly `usual`, now and then something else. */
function often<T, U>(usual: T, other: fc.Arbitrary<U>): fc.Arbitrary<T | U> {
  return fc.oneof({ weight: 3, arbitrary: fc.constant(usual) }, { weight: 2, arbitrary: other });
}

/** Mostly nothing: what is in every history makes each of them long. */
function rarely<T>(there: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: there });
}

/** Less often still: whatever takes calls of its own, in a template that has enough to do. */
function seldom<T>(there: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 11, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: there });
}

/** Fewer rather than more: a run is as long as what is in it. */
function upTo<T>(most: number, each: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  const lengths = Array.from({ length: most + 1 }, (_, length) => ({
    weight: most + 1 - length,
    arbitrary: fc.array(each, { minLength: length, maxLength: length }),
  }));
  return fc.oneof(...lengths);
}
