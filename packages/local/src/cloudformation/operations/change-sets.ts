import type {
  DeleteChangeSetInput,
  DescribeChangeSetInput,
  ExecuteChangeSetInput,
  ListChangeSetsInput,
} from '@aws-sdk/client-cloudformation';
import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { getStack, type StackRecord } from '../stack.ts';
import { type ChangeSetRecord, changeSetsOf, findChangeSet, getChangeSet } from './change-set-record.ts';
import { begin, prepare } from './create.ts';
import { beginImport } from './import.ts';
import { page } from './page.ts';
import { beginUpdate, checkTypesKept, checkUpdatable } from './update.ts';

export function DescribeChangeSet({ ChangeSetName, StackName, NextToken }: DescribeChangeSetInput, call: Call) {
  const changeSet = getChangeSet(call, ChangeSetName, StackName);
  const { definition, noEcho } = changeSet;
  const position = (change: (typeof changeSet.changes)[number]) =>
    String(changeSet.changes.indexOf(change)).padStart(6, '0');
  const { items, token } = page(changeSet.changes, position, NextToken);
  return {
    ...summaryOf(changeSet),
    Parameters: Object.entries(definition.parameters).map(([ParameterKey, value]) => ({
      ParameterKey,
      ParameterValue: noEcho.includes(ParameterKey) ? '****' : value,
    })),
    NotificationARNs: definition.notificationArns,
    RollbackConfiguration: {},
    Capabilities: definition.capabilities,
    Tags: definition.tags,
    OnStackFailure: changeSet.onStackFailure,
    Changes: items,
    NextToken: token,
  };
}

export function ListChangeSets({ StackName, NextToken }: ListChangeSetsInput, call: Call) {
  const stack = getStack(call, StackName, 'brackets');
  const own = [...changeSetsOf(call).values()].filter(({ stackId }) => stackId === stack.id);
  const { items, token } = page(own, ({ name }) => name, NextToken);
  return { Summaries: items.map(summaryOf), NextToken: token };
}

export function DeleteChangeSet({ ChangeSetName, StackName }: DeleteChangeSetInput, call: Call) {
  const changeSet = findChangeSet(call, ChangeSetName ?? '', StackName);
  if (!changeSet) {
    // Deleting by an ARN that is gone is done; a name needs its stack.
    if (!ChangeSetName?.startsWith('arn:')) getStack(call, StackName, 'brackets');
    return {};
  }
  if (changeSet.executionStatus === 'EXECUTE_IN_PROGRESS') throw invalidStatus(changeSet);
  changeSetsOf(call).delete(changeSet.id);
  return {};
}

export async function ExecuteChangeSet(input: ExecuteChangeSetInput, call: Call) {
  const changeSet = getChangeSet(call, input.ChangeSetName, input.StackName);
  if (changeSet.executionStatus !== 'AVAILABLE') throw invalidStatus(changeSet);
  if (input.DisableRollback !== undefined && changeSet.onStackFailure !== undefined) {
    throw new AwsError('ValidationError', 'Specify either DisableRollback or OnStackFailure, not both');
  }
  const stack = getStack(call, changeSet.stackId, 'brackets');
  const { definition, roleArn } = changeSet;
  const next: StackRecord = { ...stack, definition, roleArn };
  const { principal, plan } = await prepare(call, next, { isChangeSet: true });
  if (changeSet.executionStatus !== 'AVAILABLE') throw invalidStatus(changeSet);
  const disableRollback = input.DisableRollback ?? changeSet.onFailure === 'DO_NOTHING';
  if (changeSet.type === 'IMPORT') {
    beginImport(call, stack, next, { principal, plan, imports: changeSet.imports, token: input.ClientRequestToken });
  } else if (stack.status === 'REVIEW_IN_PROGRESS') {
    stack.definition = definition;
    stack.roleArn = roleArn;
    stack.onFailure = disableRollback ? 'DO_NOTHING' : changeSet.onFailure;
    stack.clientRequestToken = input.ClientRequestToken;
    begin(call, stack, principal, plan);
  } else {
    checkUpdatable(stack);
    checkTypesKept(stack, plan);
    beginUpdate(call, stack, next, principal, plan, { disableRollback, token: input.ClientRequestToken });
  }
  stack.changeSetId = changeSet.id;
  changeSet.executionStatus = 'EXECUTE_COMPLETE';
  // The stack is no longer what the others were made for.
  for (const other of [...changeSetsOf(call).values()]) {
    if (other.stackId === stack.id && other !== changeSet) changeSetsOf(call).delete(other.id);
  }
  return {};
}

function summaryOf(changeSet: ChangeSetRecord) {
  return {
    ChangeSetId: changeSet.id,
    ChangeSetName: changeSet.name,
    StackId: changeSet.stackId,
    StackName: changeSet.stackName,
    Description: changeSet.description,
    CreationTime: new Date(changeSet.created),
    Status: changeSet.status,
    StatusReason: changeSet.statusReason,
    ExecutionStatus: changeSet.executionStatus,
    IncludeNestedStacks: false,
  };
}

function invalidStatus({ id, status, executionStatus }: ChangeSetRecord): AwsError {
  const text = `ChangeSet [${id}] cannot be executed or deleted in its current status of [${status}] with execution status of [${executionStatus}]`;
  return new AwsError('InvalidChangeSetStatus', text);
}
