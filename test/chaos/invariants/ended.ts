import { isInProgress } from '../../../packages/local/src/cloudformation/stack.ts';
import type { Denial } from '../observer.ts';
import { stacksIn } from '../play.ts';
import type { Finding, Scene } from '../scene.ts';

/** Every operation on a stack has ended, and no call was denied. */
export function ended({ world, seen, history }: Scene): Finding[] {
  const stuck = stacksIn(world)
    .filter(({ status }) => isInProgress(status))
    .map(({ name, status }) => ({ rule: 'an operation has not ended', detail: `${name} is ${status}` }));
  if (history.faults.some(({ fault }) => fault === 'access-denied')) return stuck;
  const missing = seen.denials.filter((denial) => !isAboutNothing(denial, world));
  return [...stuck, ...missing.map(({ what }) => ({ rule: 'a right is missing', detail: what }))];
}

/** A right that depends on a resource's tags ends with the resource: a second deletion is denied. */
function isAboutNothing({ about }: Denial, { store }: Scene['world']): boolean {
  if (about === undefined) return false;
  return [...store.tables()].every(({ table }) => [...table.keys()].every((key) => !key.endsWith(about)));
}
