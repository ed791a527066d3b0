import type {
  DescribeStackEventsInput,
  DescribeStackResourceInput,
  DescribeStackResourcesInput,
  DescribeStacksInput,
  ListStackResourcesInput,
  ListStacksInput,
  Stack,
  StackEvent,
  StackResource,
} from '@aws-sdk/client-cloudformation';
import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { eventsOf } from '../events.ts';
import {
  findStack,
  getStack,
  isForgotten,
  type ResourceRecord,
  type StackRecord,
  shownResources,
  stacksOf,
} from '../stack.ts';
import { page } from './page.ts';

export function DescribeStacks({ StackName, NextToken }: DescribeStacksInput, call: Call) {
  if (StackName !== undefined) return { Stacks: [shownStack(getStack(call, StackName))] };
  const existing = [...stacksOf(call).values()].filter(({ status }) => status !== 'DELETE_COMPLETE');
  const { items, token } = newestFirst(existing, NextToken);
  return { Stacks: items.map(shownStack), NextToken: token };
}

export function ListStacks({ StackStatusFilter, NextToken }: ListStacksInput, call: Call) {
  const wanted = new Set<string>(StackStatusFilter ?? []);
  const stacks = [...stacksOf(call).values()]
    .filter((stack) => !isForgotten(call, stack))
    .filter(({ status }) => wanted.size === 0 || wanted.has(status));
  const { items, token } = newestFirst(stacks, NextToken);
  const StackSummaries = items.map((stack) => {
    const { StackId, StackName, StackStatus, StackStatusReason, CreationTime, ...more } = shownStack(stack);
    const { LastUpdatedTime, DeletionTime, ParentId, RootId, DriftInformation, Description } = more;
    return {
      ...{ StackId, StackName, StackStatus, StackStatusReason, CreationTime, LastUpdatedTime, DeletionTime, ParentId },
      ...{ RootId, DriftInformation, TemplateDescription: Description },
    };
  });
  return { StackSummaries, NextToken: token };
}

export function DescribeStackEvents({ StackName, NextToken }: DescribeStackEventsInput, call: Call) {
  const stack = getStack(call, StackName, 'brackets');
  const events = eventsOf(call).get(stack.id) ?? [];
  const keyOf = ({ Timestamp }: StackEvent) => timeKey(Timestamp?.getTime() ?? 0);
  const { items, token } = page(events, keyOf, NextToken, { descending: true });
  return { StackEvents: items, NextToken: token };
}

export function DescribeStackResource(input: DescribeStackResourceInput, call: Call) {
  const stack = getStack(call, input.StackName, 'brackets');
  const resource = shownResources(stack)[input.LogicalResourceId ?? ''];
  if (!resource) {
    const text = `Resource ${input.LogicalResourceId} does not exist for stack ${input.StackName}`;
    throw new AwsError('ValidationError', text);
  }
  const { Timestamp, ...shown } = shownResource(stack, resource);
  const Metadata = resource.metadata === undefined ? undefined : JSON.stringify(resource.metadata);
  return { StackResourceDetail: { ...shown, LastUpdatedTimestamp: Timestamp, Metadata } };
}

export function DescribeStackResources(input: DescribeStackResourcesInput, call: Call) {
  const { StackName, PhysicalResourceId, LogicalResourceId } = input;
  const stack =
    StackName === undefined ? stackByPhysicalId(call, PhysicalResourceId) : getStack(call, StackName, 'with id');
  const resources = Object.values(shownResources(stack)).filter(
    ({ logicalId }) => LogicalResourceId === undefined || logicalId === LogicalResourceId,
  );
  return { StackResources: resources.map((resource) => shownResource(stack, resource)) };
}

export function ListStackResources({ StackName, NextToken }: ListStackResourcesInput, call: Call) {
  const stack = getStack(call, StackName, 'with id');
  const resources = Object.values(shownResources(stack));
  const { items, token } = page(resources, ({ logicalId }) => logicalId, NextToken);
  const StackResourceSummaries = items.map((resource) => {
    const { StackId: _, StackName: __, Timestamp, ...shown } = shownResource(stack, resource);
    return { ...shown, LastUpdatedTimestamp: Timestamp };
  });
  return { StackResourceSummaries, NextToken: token };
}

function newestFirst(stacks: readonly StackRecord[], token: string | undefined) {
  const keyOf = ({ created, id }: StackRecord) => `${timeKey(created)} ${id}`;
  return page(stacks, keyOf, token, { descending: true });
}

/** Text that is in the order of the times. */
function timeKey(time: number): string {
  return String(Math.floor(time)).padStart(16, '0');
}

function stackByPhysicalId(call: Call, physicalId: string | undefined): StackRecord {
  if (physicalId === undefined) {
    throw new AwsError('ValidationError', 'At least one of StackName and PhysicalResourceId must be specified');
  }
  for (const stack of stacksOf(call).values()) {
    if (stack.status === 'DELETE_COMPLETE') continue;
    if (Object.values(shownResources(stack)).some((resource) => resource.physicalId === physicalId)) return stack;
  }
  const own = findStack(call, physicalId);
  if (own) return own;
  throw new AwsError('ValidationError', `Stack for ${physicalId} does not exist`);
}

function shownResource({ id, name }: StackRecord, resource: ResourceRecord): StackResource & { Timestamp: Date } {
  return {
    StackId: id,
    StackName: name,
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.physicalId,
    ResourceType: resource.type,
    ResourceStatus: resource.status,
    ResourceStatusReason: resource.reason,
    Timestamp: new Date(resource.updated),
    DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
  };
}

function shownStack(stack: StackRecord): Stack & { CreationTime: Date } {
  const { definition, resolvedParameters, noEcho } = stack;
  const date = (time: number | undefined) => (time === undefined ? undefined : new Date(time));
  return {
    StackId: stack.id,
    StackName: stack.name,
    ChangeSetId: stack.changeSetId,
    Description: definition.description,
    Parameters: Object.entries(definition.parameters).map(([ParameterKey, value]) => ({
      ParameterKey,
      ParameterValue: noEcho.includes(ParameterKey) ? '****' : value,
      ResolvedValue: resolvedParameters[ParameterKey],
    })),
    CreationTime: new Date(stack.created),
    LastUpdatedTime: date(stack.updated),
    DeletionTime: date(stack.deleted),
    RollbackConfiguration: {},
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
    DisableRollback: stack.onFailure === 'DO_NOTHING',
    NotificationARNs: definition.notificationArns,
    TimeoutInMinutes: stack.timeoutInMinutes,
    Capabilities: definition.capabilities,
    Outputs: stack.outputs.map(({ name, value, description, exportName }) => ({
      OutputKey: name,
      OutputValue: value,
      Description: description,
      ExportName: exportName,
    })),
    RoleARN: stack.roleArn,
    Tags: definition.tags,
    EnableTerminationProtection: stack.terminationProtection,
    ParentId: stack.parentId,
    RootId: stack.rootId,
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
    LastOperations: stack.operations?.slice(-1),
  };
}
