import type { StackEvent } from '@aws-sdk/client-cloudformation';
import type { DomainRecord } from '../../../packages/local/src/services/sagemaker/records.ts';
import { existingIn } from '../existing.ts';
import type { Sent } from '../observer.ts';
import type { Finding, Scene } from '../scene.ts';
import { findUnmanagedDomain, unmanagedDomains } from '../unmanaged-domain.ts';
import { account, region, type World } from '../world.ts';

/**
 * A second holder makes nothing twice; what no stack created is never deleted; and what a template has given up by its
 * DeletionPolicy is deleted by none but its next holder, when that goes, and not by a rollback.
 */
export function holders({ world, seen }: Scene): Finding[] {
  const { domain } = findUnmanagedDomain(world, unmanagedDomains.adopted) ?? {};
  const id = domain?.shown.DomainId;
  const existing = existingIn(world.store);
  const lost =
    id === undefined
      ? [unmanagedDomains.adopted]
      : [id, `${id}/user-0-0`].filter((one) => !existing.get(one)?.unmanaged);
  return [
    ...lost.map((one) => ({ rule: 'what no stack created was deleted', detail: one })),
    ...(seen.hasFatalFault ? [] : twins(world)),
    ...given(world)
      .filter((one) => !existing.has(one) && !seen.requests.some((request) => isLastDeletion(request, one, world)))
      .map((one) => ({ rule: 'what was retained was deleted in no deletion', detail: one })),
  ];
}

/** The ids of the domains, profiles and images that templates have given up. */
function given({ store }: World): string[] {
  const all = [...store.table<StackEvent[]>('cloudformation', { account, region }, 'events').values()].flat();
  return all
    .filter(({ ResourceStatus }) => ResourceStatus === 'DELETE_SKIPPED')
    .map(({ PhysicalResourceId = '' }) => PhysicalResourceId)
    .filter((one) => /^arn:|^d-\w+(\/user-[\d-]+)?$/.test(one));
}

/** A request to delete it, or the domain that it is in, not in a rollback: no profile outlives its domain. */
export function isLastDeletion(request: Sent, id: string, world: World): boolean {
  const { RequestType, PhysicalResourceId = '' } = request;
  const isAbout = PhysicalResourceId === id || id.startsWith(`${PhysicalResourceId}/`);
  return RequestType === 'Delete' && isAbout && !isInRollback(request, world);
}

/** Whether the stack was rolling back when CloudFormation sent the request. */
export function isInRollback(request: Sent, world: World): boolean {
  const { before } = stackEventsAround(request, world);
  return before.at(-1)?.ResourceStatus?.includes('ROLLBACK') ?? false;
}

/** Whether CloudFormation rolled back the operation in which it sent the request, or deleted the stack instead of completing it. */
export function isUndone(request: Sent, world: World): boolean {
  const [next] = stackEventsAround(request, world).after;
  return /ROLLBACK|^DELETE_/.test(next?.ResourceStatus ?? '');
}

/** The events of the stack itself before and after CloudFormation sent the request, oldest first. */
function stackEventsAround({ StackId, LogicalResourceId, RequestType, time }: Sent, { store }: World) {
  const events = store.table<StackEvent[]>('cloudformation', { account, region }, 'events').get(StackId) ?? [];
  // The request follows this event. Within a second, times do not tell what came first.
  const begun = events.findLastIndex(
    (event) =>
      event.LogicalResourceId === LogicalResourceId &&
      event.ResourceStatus === `${RequestType.toUpperCase()}_IN_PROGRESS` &&
      event.Timestamp!.getTime() < Date.parse(time) + 1000,
  );
  const ofStack = (all: StackEvent[]) => all.filter(({ PhysicalResourceId }) => PhysicalResourceId === StackId);
  return { before: ofStack(events.slice(0, begun)), after: ofStack(events.slice(begun)) };
}

/** Lists may lag for so many milliseconds; a creation may be under way for so long before its domain is seen. */
const blind = 120_000;

/** Domains of one name, each of which another stack could have seen. */
function twins({ store }: World): Finding[] {
  const domains = [...store.table<DomainRecord>('sagemaker', { account, region }, 'domain').values()];
  const names = Map.groupBy(
    domains.filter(({ shown }) => shown.Status !== 'Deleting'),
    ({ shown }) => shown.DomainName!,
  );
  return [...names].flatMap(([name, same]) => {
    const times = same.map(({ shown }) => shown.CreationTime!.getTime()).sort((a, b) => a - b);
    const isSeen = times.some((time, index) => index > 0 && time - times[0]! > blind);
    return isSeen ? [{ rule: 'something was made twice', detail: `${same.length} domains are called ${name}` }] : [];
  });
}

/** What CloudFormation said last of a resource of a stack, until then: milliseconds since the epoch. */
export function lastStatusOf(
  { stackId, logicalId }: { stackId: string; logicalId: string },
  { store }: World,
  until = Infinity,
): string | undefined {
  const events = store.table<StackEvent[]>('cloudformation', { account, region }, 'events').get(stackId) ?? [];
  return events.findLast(
    ({ LogicalResourceId, Timestamp }) => LogicalResourceId === logicalId && Timestamp!.getTime() <= until,
  )?.ResourceStatus;
}
