import type { History } from './history.ts';
import type { Observer } from './observer.ts';
import type { World } from './world.ts';

/** Something that ought to hold, and does not. */
export interface Finding {
  /** The invariant, in a few words that are the same in every run. */
  rule: string;
  detail: string;
}

/** What an invariant is about: the cloud at rest, what went on in it, and what was to happen. */
export interface Scene {
  world: World;
  seen: Observer;
  history: History;
}
