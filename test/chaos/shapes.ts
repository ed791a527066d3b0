import fc from 'fast-check';

/** What a template asks for. */
export interface Shape {
  /** Another set of logical ids for the same things: from one to the other, all of them are renamed. */
  ids: number;
  /** The AdoptExisting of everything that has it. */
  adopt?: 'true' | 'IfExists';
  /** DeletionPolicy: Retain for what can be adopted: what goes from the template can be moved to another stack. */
  retain?: boolean;
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
  /** Another name is another domain; `unmanaged` is one that no stack has created. */
  name: number | 'unmanaged';
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

/** A template. */
export const shape: fc.Arbitrary<Shape> = fc.record({
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

/** Nothing of all that: it goes, and the stack stays. */
export const nothing: Shape = { ids: 0, domains: [] };

/** A template that names what another one names as well: the domain of that name, and what is in it. */
export function sharedShape(
  name: DomainShape['name'],
  { adopt, retain }: { adopt: fc.Arbitrary<Shape['adopt']>; retain: fc.Arbitrary<boolean> },
): fc.Arbitrary<Shape> {
  const shared = fc.record({ name: often(0, fc.nat(1)), tag: fc.nat(2) });
  const domains = fc.record({
    name: fc.constant(name),
    tag: fc.nat(2),
    subnets: often(2, fc.integer({ min: 1, max: 3 })),
    idle: fc.nat(2),
    home: fc.constantFrom('Delete' as const, 'Retain' as const),
    image: seldom(image),
    script: often(undefined, fc.nat(1)),
    listed: fc.nat(3),
    profiles: upTo(2, shared),
    fleet: seldom(fleet),
  });
  return fc.record({
    ids: often(0, fc.nat(1)),
    adopt,
    retain,
    domains: fc.tuple(domains),
    share: rarely(share),
  });
}

/** Mostly `usual`, now and then something else. */
export function often<T, U>(usual: T, other: fc.Arbitrary<U>): fc.Arbitrary<T | U> {
  return fc.oneof({ weight: 3, arbitrary: fc.constant(usual) }, { weight: 2, arbitrary: other });
}

/** Mostly nothing: what is in every history makes each of them long. */
export function rarely<T>(there: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: there });
}

/** Less often still: whatever takes calls of its own, in a template that has enough to do. */
export function seldom<T>(there: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 11, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: there });
}

/** Fewer rather than more: a run is as long as what is in it. */
export function upTo<T>(most: number, each: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  const lengths = Array.from({ length: most + 1 }, (_, length) => ({
    weight: most + 1 - length,
    arbitrary: fc.array(each, { minLength: length, maxLength: length }),
  }));
  return fc.oneof(...lengths);
}
