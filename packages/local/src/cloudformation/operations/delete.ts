import type { DeleteStackInput } from '@aws-sdk/client-cloudformation';
import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { removeStack, retainedOnDelete } from '../engine/delete-stack.ts';
import { cancel, start } from '../engine/run.ts';
import { setStackStatus } from '../events.ts';
import { rightsOf } from '../rights.ts';
import { findStack, isInProgress } from '../stack.ts';

export function DeleteStack(input: DeleteStackInput, call: Call) {
  const stack = findStack(call, input.StackName);
  const roleArn = input.RoleARN ?? stack?.roleArn;
  const principal = rightsOf(call, call.principal, roleArn);
  if (!stack || stack.status === 'DELETE_COMPLETE' || stack.status === 'DELETE_IN_PROGRESS') return {};
  if (stack.terminationProtection) {
    const text = `Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`;
    throw new AwsError('ValidationError', text);
  }
  const retained = input.RetainResources ?? [];
  if (retained.length > 0 && stack.status !== 'DELETE_FAILED') {
    const text = `Invalid operation on stack [${stack.id}]. RetainResources can only be specified for a stack in the DELETE_FAILED state.`;
    throw new AwsError('ValidationError', text);
  }
  const unknown = retained.filter((logicalId) => !stack.resources[logicalId]);
  if (unknown.length > 0) {
    throw new AwsError('ValidationError', `Resources [${unknown.join(', ')}] do not exist in stack [${stack.id}]`);
  }
  if (isInProgress(stack.status) && stack.status !== 'CREATE_IN_PROGRESS') {
    throw new AwsError('ValidationError', `Stack [${stack.id}] cannot be deleted while in status ${stack.status}`);
  }
  const cancelled = cancel(call, stack, { for: 'deletion' });
  stack.principal = call.principal;
  stack.roleArn = roleArn;
  stack.clientRequestToken = input.ClientRequestToken;
  setStackStatus(call, stack, 'DELETE_IN_PROGRESS', 'User Initiated');
  start(call, stack, principal, async (run) => {
    await cancelled;
    await removeStack(run, (resource) => retained.includes(resource.logicalId) || retainedOnDelete(resource));
  });
  return {};
}
