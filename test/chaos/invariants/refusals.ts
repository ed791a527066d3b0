import type { Put, Sent } from '../observer.ts';
import { stacksIn } from '../play.ts';
import type { Scene } from '../scene.ts';
import type { World } from '../world.ts';
import { lastStatusOf } from './holders.ts';

/** Whether a request was refused because of who holds what it names, and that was so. */
export function isHolderRefusal(
  { RequestType, ResourceProperties }: Sent,
  { body, time }: Put,
  { world }: Scene,
): boolean {
  const { AdoptExisting } = ResourceProperties;
  if (RequestType === 'Delete') return isBlocked(body);
  if (isHeldByAnotherStack(body, Date.parse(time), world)) return true;
  if (/created it, and no longer holds it|stack did not create it/.test(body)) return AdoptExisting === undefined;
  return AdoptExisting === 'true' && /there is none of that name|has no profile to adopt/.test(body);
}

/** `Domain0 of stack stack-0 holds it.` */
const held = /(\w+) of stack ([\w-]+) holds it\. To move it here/;

function isHeldByAnotherStack(text: string, time: number, world: World): boolean {
  const [, logicalId, stack] = held.exec(text) ?? [];
  if (logicalId === undefined) return false;
  const named = stacksIn(world).filter(({ name }) => name === stack);
  // The status was asked for a moment before.
  return named.some(({ id }) => {
    const before = lastStatusOf({ stackId: id, logicalId }, world, time - 60_000);
    const then = lastStatusOf({ stackId: id, logicalId }, world, time);
    return [before, then].some((status) => status !== undefined && !/^DELETE_(COMPLETE|SKIPPED)$/.test(status));
  });
}

/** In what was taken over are profiles that another stack has given up, or that no stack created. */
function isBlocked(text: string): boolean {
  return /blocked by user profile .* DeleteContents/.test(text);
}
