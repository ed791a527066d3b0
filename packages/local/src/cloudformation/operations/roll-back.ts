import type {
  CancelUpdateStackInput,
  ContinueUpdateRollbackInput,
  RollbackStackInput,
} from '@aws-sdk/client-cloudformation';
import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { rollBackCreation } from '../engine/create-stack.ts';
import { rollBackUpdate } from '../engine/roll-back-update.ts';
import { cancel, type Run, start } from '../engine/run.ts';
import { setStackStatus } from '../events.ts';
import { rightsOf } from '../rights.ts';
import { getStack, type StackRecord } from '../stack.ts';

export function CancelUpdateStack(input: CancelUpdateStackInput, call: Call) {
  const stack = getStack(call, input.StackName, 'brackets');
  if (stack.status !== 'UPDATE_IN_PROGRESS') {
    const text = `CancelUpdateStack cannot be called from current stack status: ${stack.status}`;
    throw new AwsError('ValidationError', text);
  }
  // It runs in the background: the call does not wait for it.
  void cancel(call, stack, { for: 'rollback', reason: 'User Initiated' });
  return {};
}

export function ContinueUpdateRollback(input: ContinueUpdateRollbackInput, call: Call) {
  const stack = getStack(call, input.StackName, 'brackets');
  if (stack.status !== 'UPDATE_ROLLBACK_FAILED') {
    const text = `Stack:${stack.id} is in ${stack.status} state and can not continue update rollback.`;
    throw new AwsError('ValidationError', text);
  }
  const skipped = input.ResourcesToSkip ?? [];
  const wrong = skipped.filter((logicalId) => stack.resources[logicalId]?.status !== 'UPDATE_FAILED');
  if (wrong.length > 0) {
    const text = `ResourcesToSkip must be in the UPDATE_FAILED state because a rollback failed: [${wrong.join(', ')}] are not`;
    throw new AwsError('ValidationError', text);
  }
  begin(call, stack, 'UPDATE_ROLLBACK_IN_PROGRESS', input, (run) => rollBackUpdate(run, skipped));
  return {};
}

export function RollbackStack(input: RollbackStackInput, call: Call) {
  const stack = getStack(call, input.StackName, 'brackets');
  if (stack.status !== 'CREATE_FAILED' && stack.status !== 'UPDATE_FAILED') {
    const text = `Stack:${stack.id} is in ${stack.status} state and can not be rolled back.`;
    throw new AwsError('ValidationError', text);
  }
  if (stack.rollbackState) begin(call, stack, 'UPDATE_ROLLBACK_IN_PROGRESS', input, (run) => rollBackUpdate(run));
  else begin(call, stack, 'ROLLBACK_IN_PROGRESS', input, rollBackCreation);
  return { StackId: stack.id, OperationId: stack.operations?.at(-1)?.OperationId };
}

function begin(
  call: Call,
  stack: StackRecord,
  status: 'UPDATE_ROLLBACK_IN_PROGRESS' | 'ROLLBACK_IN_PROGRESS',
  { RoleARN, ClientRequestToken }: { RoleARN?: string; ClientRequestToken?: string },
  work: (run: Run) => Promise<void>,
): void {
  const principal = rightsOf(call, call.principal, RoleARN ?? stack.roleArn);
  stack.roleArn = RoleARN ?? stack.roleArn;
  stack.principal = call.principal;
  stack.clientRequestToken = ClientRequestToken;
  setStackStatus(call, stack, status, 'User Initiated');
  start(call, stack, principal, work);
}
