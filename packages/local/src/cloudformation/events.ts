import type { ResourceStatus, StackEvent, StackStatus } from '@aws-sdk/client-cloudformation';
import { requestId } from '../request-id.ts';
import { type Home, type ResourceRecord, type StackRecord, tableOf } from './stack.ts';

/** The events of each stack by its id, oldest first. */
export function eventsOf(home: Home): Map<string, StackEvent[]> {
  return tableOf(home, 'events');
}

/** Moves the stack to a status, and tells in an event. */
export function setStackStatus(home: Home, stack: StackRecord, status: StackStatus, reason?: string): void {
  stack.status = status;
  stack.statusReason = reason;
  append(home, stack, {
    EventId: requestId(home.cloud.store),
    LogicalResourceId: stack.name,
    PhysicalResourceId: stack.id,
    ResourceType: 'AWS::CloudFormation::Stack',
    ResourceStatus: status as ResourceStatus,
    ResourceStatusReason: reason,
  });
}

/** Moves a resource to a status, and tells in an event. */
export function setResourceStatus(
  home: Home,
  stack: StackRecord,
  resource: ResourceRecord,
  status: ResourceStatus,
  reason?: string,
): void {
  resource.status = status;
  resource.reason = reason;
  resource.updated = home.cloud.clock.now();
  append(home, stack, {
    EventId: undefined,
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.physicalId ?? '',
    ResourceType: resource.type,
    ResourceStatus: status,
    ResourceStatusReason: reason,
    ResourceProperties: JSON.stringify(resource.shownProperties),
  });
}

function append(home: Home, stack: StackRecord, event: Partial<StackEvent>): void {
  const table = eventsOf(home);
  const events = table.get(stack.id) ?? [];
  // No two events of a stack share their time, so that time alone orders them and makes their ids unique.
  const last = events.at(-1)?.Timestamp?.getTime() ?? 0;
  const Timestamp = new Date(Math.max(Math.floor(home.cloud.clock.now()), last + 1));
  events.push({
    ...event,
    EventId: event.EventId ?? `${event.LogicalResourceId}-${event.ResourceStatus}-${Timestamp.toISOString()}`,
    StackId: stack.id,
    StackName: stack.name,
    Timestamp,
    ClientRequestToken: stack.clientRequestToken,
  });
  table.set(stack.id, events);
}
