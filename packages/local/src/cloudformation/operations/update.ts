import type { UpdateStackInput } from '@aws-sdk/client-cloudformation';
import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { differenceOf } from '../engine/difference.ts';
import { evaluateOutputs } from '../engine/outputs.ts';
import type { Plan } from '../engine/plan.ts';
import { start } from '../engine/run.ts';
import { updateStack } from '../engine/update-stack.ts';
import { setStackStatus } from '../events.ts';
import { getStack, type StackDefinition, type StackRecord } from '../stack.ts';
import { sameValue } from '../template/properties.ts';
import { definitionOf, describePlan, prepare } from './create.ts';

/** The statuses from which a stack can be updated. */
const UPDATABLE = [
  ...['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'CREATE_FAILED', 'UPDATE_FAILED'],
  ...['IMPORT_COMPLETE', 'IMPORT_ROLLBACK_COMPLETE'],
];

export async function UpdateStack(input: UpdateStackInput, call: Call) {
  const stack = getStack(call, input.StackName, 'brackets');
  checkUpdatable(stack);
  const definition = await definitionOf(call, input, stack.definition);
  const next: StackRecord = { ...stack, definition, roleArn: input.RoleARN ?? stack.roleArn };
  const { principal, plan } = await prepare(call, next);
  checkTypesKept(stack, plan);
  if (!(await hasChanges(call, stack, next, plan, principal))) {
    throw new AwsError('ValidationError', 'No updates are to be performed.');
  }
  // Another call may have begun an operation while this one was being checked.
  checkUpdatable(stack);
  if (input.StackPolicyBody !== undefined) stack.policy = input.StackPolicyBody;
  beginUpdate(call, stack, next, principal, plan, {
    disableRollback: input.DisableRollback ?? false,
    token: input.ClientRequestToken,
  });
  return { StackId: stack.id, OperationId: stack.operations?.at(-1)?.OperationId };
}

export function checkUpdatable({ id, status }: StackRecord): void {
  if (UPDATABLE.includes(status)) return;
  throw new AwsError('ValidationError', `Stack:${id} is in ${status} state and can not be updated.`);
}

/** Throws when a resource's type changes: another type needs another logical id. */
export function checkTypesKept({ resources }: StackRecord, { template, needs }: Plan): void {
  const changed = [...needs.keys()].filter((logicalId) => {
    const type = resources[logicalId]?.type;
    return type !== undefined && type !== template.resources.get(logicalId)?.type;
  });
  if (changed.length === 0) return;
  const text = `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${changed.join(', ')}]`;
  throw new AwsError('ValidationError', text);
}

/** Whether an update to `next` would do anything. */
export async function hasChanges(
  call: Call,
  stack: StackRecord,
  next: StackRecord,
  plan: Plan,
  principal: StackRecord['principal'],
): Promise<boolean> {
  const caller = { ...call, principal };
  if (stack.rollbackState || (await differenceOf(caller, next, plan)).length > 0) return true;
  if (next.roleArn !== stack.roleArn) return true;
  const shown = ({ tags, notificationArns }: StackDefinition) => ({ tags, notificationArns });
  if (!sameValue(shown(stack.definition), shown(next.definition))) return true;
  const run = { ...caller, stack: { ...next, imports: [] }, plan, signal: new AbortController().signal };
  try {
    return !sameValue(await evaluateOutputs(run), stack.outputs);
  } catch {
    // An output that cannot be resolved is reported in an event, when the update reaches it.
    return true;
  }
}

/** Starts bringing a stack to its next definition. */
export function beginUpdate(
  call: Call,
  stack: StackRecord,
  next: StackRecord,
  principal: StackRecord['principal'],
  plan: Plan,
  { disableRollback, token }: { disableRollback: boolean; token?: string },
): void {
  // An update that follows a failed one, which was not rolled back, goes back to where that one began. Before a stack
  // has been created there is nothing to go back to.
  if (stack.stable) {
    stack.rollbackState ??= {
      definition: stack.definition,
      resources: structuredClone(stack.resources),
      outputs: stack.outputs,
      imports: stack.imports,
      noEcho: stack.noEcho,
      resolvedParameters: stack.resolvedParameters,
      changedIds: [],
    };
  }
  stack.definition = next.definition;
  stack.roleArn = next.roleArn;
  stack.principal = call.principal;
  stack.clientRequestToken = token;
  stack.updated = call.clock.now();
  describePlan(stack, plan);
  setStackStatus(call, stack, 'UPDATE_IN_PROGRESS', 'User Initiated');
  start(call, stack, principal, (run) => updateStack({ ...run, plan }, { disableRollback }));
}
