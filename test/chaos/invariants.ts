import type { History } from './history.ts';
import { answers } from './invariants/answers.ts';
import { attachments } from './invariants/attachments.ts';
import { ended } from './invariants/ended.ts';
import { fidelity } from './invariants/fidelity.ts';
import { fleets } from './invariants/fleets.ts';
import { holders } from './invariants/holders.ts';
import { homes } from './invariants/homes.ts';
import { orphanedResources } from './invariants/orphaned-resources.ts';
import { ownership } from './invariants/ownership.ts';
import { projects } from './invariants/projects.ts';
import { readiness } from './invariants/readiness.ts';
import { secrets } from './invariants/secrets.ts';
import type { Observer } from './observer.ts';
import type { Finding } from './scene.ts';
import type { World } from './world.ts';

const invariants = [
  ended,
  answers,
  readiness,
  ownership,
  holders,
  fleets,
  homes,
  fidelity,
  orphanedResources,
  projects,
  attachments,
];

/** Checks every invariant. Nothing may be under way. */
export async function findingsOf(world: World, seen: Observer, history: History): Promise<Finding[]> {
  const found = await Promise.all(invariants.map((invariant) => invariant({ world, seen, history })));
  return found.flat();
}

/** Checks what is kept for good, once a run is over. */
export function keptFindingsOf(world: World, seen: Observer, history: History): Finding[] {
  return secrets({ world, seen, history });
}
