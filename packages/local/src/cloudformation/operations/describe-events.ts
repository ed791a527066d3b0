import type { DescribeEventsInput, OperationEntry, OperationEvent, StackEvent } from '@aws-sdk/client-cloudformation';
import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { eventsOf } from '../events.ts';
import { getStack, isInProgress, type StackRecord, stacksOf } from '../stack.ts';
import { type ChangeSetRecord, changeSetsOf, getChangeSet } from './change-set-record.ts';
import { page } from './page.ts';

type Shown = OperationEvent & { Timestamp: Date; EventId: string };

/** Events by the operation that they belong to, newest first. */
export function DescribeEvents(input: DescribeEventsInput, call: Call) {
  const events = wanted(input, call);
  const shown = input.Filters?.FailedEvents
    ? events.filter(({ EventType }) => EventType === 'PROVISIONING_ERROR')
    : events;
  const keyOf = ({ Timestamp, EventId }: Shown) => `${Timestamp.toISOString()} ${EventId}`;
  const { items, token } = page(shown, keyOf, input.NextToken, { descending: true });
  return { OperationEvents: items, NextToken: token };
}

function wanted({ StackName, ChangeSetName, OperationId }: DescribeEventsInput, call: Call): Shown[] {
  if (ChangeSetName !== undefined) return changeSetEvents(getChangeSet(call, ChangeSetName, StackName));
  if (StackName === undefined && OperationId === undefined) {
    throw new AwsError('ValidationError', 'One of ChangeSetName, OperationId or StackName must be specified as input.');
  }
  const stacks = StackName === undefined ? [...stacksOf(call).values()] : [getStack(call, StackName, 'brackets')];
  const all = stacks.flatMap((stack) => (stack.operations ?? []).flatMap((each) => operationEvents(stack, each, call)));
  const created = [...changeSetsOf(call).values()].filter(({ stackId }) => stacks.some(({ id }) => id === stackId));
  all.push(...created.flatMap(changeSetEvents));
  if (OperationId === undefined) return all;
  const found = all.filter((event) => event.OperationId === OperationId);
  if (found.length > 0) return found;
  throw new AwsError('ValidationError', `Operation [${OperationId}] does not exist`);
}

/** The event of the operation itself, and those of what it did. */
function operationEvents(stack: StackRecord, { OperationId, OperationType }: OperationEntry, call: Call): Shown[] {
  const own = (eventsOf(call).get(stack.id) ?? []).filter((event) => event.OperationId === OperationId);
  const begun = own[0]!;
  const isLast = stack.operations?.at(-1)?.OperationId === OperationId;
  const isOver = !isLast || !isInProgress(stack.status);
  // What a rollback or another operation follows has failed, as it never came to its end.
  const hasFailed = isLast ? stack.status.endsWith('_FAILED') : !hasEnded(own, stack);
  const operation: Shown = {
    EventId: OperationId!,
    StackId: stack.id,
    OperationId,
    OperationType,
    OperationStatus: isOver ? (hasFailed ? 'FAILED' : 'SUCCEEDED') : 'IN_PROGRESS',
    EventType: 'STACK_EVENT',
    Timestamp: begun.Timestamp!,
    StartTime: begun.Timestamp,
    EndTime: isOver ? own.at(-1)!.Timestamp : undefined,
    ClientRequestToken: begun.ClientRequestToken,
  };
  return [operation, ...own.map((event) => shownEvent(event, OperationType))];
}

/** Does the stack's own last event of an operation say that it is complete? */
function hasEnded(events: readonly StackEvent[], { id }: StackRecord): boolean {
  const last = events.findLast(({ PhysicalResourceId }) => PhysicalResourceId === id);
  return /_COMPLETE$/.test(last?.ResourceStatus ?? '');
}

function shownEvent(event: StackEvent, OperationType: OperationEntry['OperationType']): Shown {
  const { StackName: _, HookInvocationId: __, EventId = '', Timestamp = new Date(0), ...same } = event;
  const isFailure = event.ResourceStatus?.endsWith('_FAILED') && event.PhysicalResourceId !== event.StackId;
  return {
    ...same,
    EventId,
    Timestamp,
    OperationType,
    EventType: isFailure ? 'PROVISIONING_ERROR' : 'PROGRESS_EVENT',
  };
}

/** A change set is created at once here; its operation has the id that ends its ARN. */
function changeSetEvents({ id, stackId, created, status }: ChangeSetRecord): Shown[] {
  const OperationId = id.split('/').at(-1)!;
  const Timestamp = new Date(created);
  return [
    {
      EventId: OperationId,
      StackId: stackId,
      OperationId,
      OperationType: 'CREATE_CHANGESET',
      OperationStatus: status === 'FAILED' ? 'FAILED' : 'SUCCEEDED',
      EventType: 'STACK_EVENT',
      Timestamp,
      StartTime: Timestamp,
      EndTime: Timestamp,
    },
  ];
}
