import type { CreateChangeSetInput } from '@aws-sdk/client-cloudformation';
import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { differenceOf } from '../engine/difference.ts';
import { setStackStatus } from '../events.ts';
import { changeSetArn } from '../names.ts';
import { findStack, isInProgress, type StackRecord, stacksOf } from '../stack.ts';
import { type ChangeSetRecord, changeSetsOf, findChangeSet } from './change-set-record.ts';
import { shownChange } from './changes.ts';
import { definitionOf, describePlan, newStack, prepare } from './create.ts';
import { checkImport, importChanges } from './import.ts';
import { checkTypesKept, checkUpdatable, hasChanges } from './update.ts';

const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

export async function CreateChangeSet(input: CreateChangeSetInput, call: Call) {
  const { ChangeSetName: name = '', StackName: stackName = '', ChangeSetType: type = 'UPDATE' } = input;
  const existing = checkTarget(input, call);
  const definition = await definitionOf(call, input, type === 'CREATE' ? undefined : existing?.definition);
  const stack = existing ?? { ...newStack(call, stackName, definition), status: 'REVIEW_IN_PROGRESS' as const };
  const next: StackRecord = { ...stack, definition, roleArn: input.RoleARN ?? stack.roleArn };
  const { principal, plan } = await prepare(call, next, { isChangeSet: true });
  checkTypesKept(stack, plan);
  const caller = { ...call, principal };
  const isChange = type !== 'UPDATE' || (await hasChanges(call, stack, next, plan, principal));
  const differences = await differenceOf(caller, next, plan);
  const imports = type === 'IMPORT' ? checkImport(input.ResourcesToImport, stack, plan, differences) : [];
  const { changes, problem = isChange ? undefined : NO_CHANGES } =
    type === 'IMPORT' ? await importChanges(caller, imports) : { changes: differences.map(shownChange) };
  describePlan(next, plan);
  const changeSet: ChangeSetRecord = {
    id: changeSetArn(call, name),
    name,
    stackId: stack.id,
    stackName: stack.name,
    type,
    description: input.Description,
    created: call.clock.now(),
    status: problem === undefined ? 'CREATE_COMPLETE' : 'FAILED',
    statusReason: problem,
    executionStatus: problem === undefined ? 'AVAILABLE' : 'UNAVAILABLE',
    definition,
    roleArn: next.roleArn,
    onFailure: input.OnStackFailure ?? 'ROLLBACK',
    onStackFailure: input.OnStackFailure,
    noEcho: next.noEcho,
    changes,
    imports,
  };
  // Another call may have taken the stack's name, or the change set's, while this one was being checked.
  checkTarget(input, call);
  if (!existing) {
    stacksOf(call).set(stack.id, stack);
    setStackStatus(call, stack, 'REVIEW_IN_PROGRESS', 'User Initiated');
  }
  changeSetsOf(call).set(changeSet.id, changeSet);
  return { Id: changeSet.id, StackId: stack.id };
}

/** The stack that a change set is to be made for, where it exists already. Throws when that does not fit the type. */
function checkTarget({ ChangeSetName, StackName, ChangeSetType }: CreateChangeSetInput, call: Call) {
  const name = ChangeSetName ?? '';
  const stack = findStack(call, StackName);
  const exists = stack && stack.status !== 'DELETE_COMPLETE';
  if (ChangeSetType === 'CREATE') {
    if (exists && stack.status !== 'REVIEW_IN_PROGRESS') {
      throw new AwsError(
        'ValidationError',
        `Stack [${stack.name}] already exists and cannot be created again with the changeSet [${name}].`,
      );
    }
  } else if (ChangeSetType !== 'IMPORT' || (exists && stack.status !== 'REVIEW_IN_PROGRESS')) {
    if (!exists) throw new AwsError('ValidationError', `Stack [${StackName}] does not exist`);
    if (stack.status === 'REVIEW_IN_PROGRESS' || isInProgress(stack.status)) {
      throw new AwsError('ValidationError', `Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
    }
    checkUpdatable(stack);
  }
  if (exists && findChangeSet(call, name, stack.id)) {
    throw new AwsError(
      'AlreadyExistsException',
      `ChangeSet ${name} cannot be created due to a mismatch with existing attribute, or it already exists`,
    );
  }
  return exists ? stack : undefined;
}
