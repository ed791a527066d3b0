import type { OperationType, ResourceStatus, StackEvent, StackStatus } from '@aws-sdk/client-cloudformation';
import { requestId } from '../request-id.ts';
import { type Home, type ResourceRecord, type StackRecord, tableOf } from './stack.ts';

/** The events of each stack by its id, oldest first. */
export function eventsOf(home: Home): Map<string, StackEvent[]> {
  return tableOf(home, 'events');
}

/** The operation that begins with a status of a stack. An import is an update. */
const begins: Partial<Record<StackStatus, OperationType>> = {
  CREATE_IN_PROGRESS: 'CREATE_STACK',
  UPDATE_IN_PROGRESS: 'UPDATE_STACK',
  IMPORT_IN_PROGRESS: 'UPDATE_STACK',
  DELETE_IN_PROGRESS: 'DELETE_STACK',
  ROLLBACK_IN_PROGRESS: 'ROLLBACK',
  UPDATE_ROLLBACK_IN_PROGRESS: 'ROLLBACK',
  IMPORT_ROLLBACK_IN_PROGRESS: 'ROLLBACK',
};

/** Moves the stack to a status, and tells in an event. */
export function setStackStatus(home: Home, stack: StackRecord, status: StackStatus, reason?: string): void {
  const begun = begins[status];
  if (begun) {
    const OperationType =
      stack.status === 'UPDATE_ROLLBACK_FAILED' && begun === 'ROLLBACK' ? 'CONTINUE_ROLLBACK' : begun;
    stack.operations = [...(stack.operations ?? []), { OperationId: requestId(home.cloud.store), OperationType }];
  }
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
    OperationId: stack.operations?.at(-1)?.OperationId,
    ClientRequestToken: stack.clientRequestToken,
  });
  table.set(stack.id, events);
}
