import { isInProgress } from '../../../packages/local/src/cloudformation/stack.ts';
import type { Finding, Scene } from '../invariants.ts';
import { stacksIn } from '../play.ts';

/** Every operation on a stack has ended, and nobody was denied anything. */
export function ended({ world, seen, history }: Scene): Finding[] {
  const stuck = stacksIn(world)
    .filter(({ status }) => isInProgress(status))
    .map(({ name, status }) => ({ rule: 'an operation has not ended', detail: `${name} is ${status}` }));
  if (history.faults.some(({ fault }) => fault === 'access-denied')) return stuck;
  return [...stuck, ...seen.denials.map((detail) => ({ rule: 'a right is missing', detail }))];
}
