import type {
  GetStackPolicyInput,
  SetStackPolicyInput,
  SignalResourceInput,
  UpdateTerminationProtectionInput,
} from '@aws-sdk/client-cloudformation';
import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { addSignal } from '../resources/signals.ts';
import { getStack } from '../stack.ts';
import { type GivenTemplate, templateText } from '../template-source.ts';

/** Stack policies are kept and given back; they do not hold updates back. */
export async function SetStackPolicy(input: SetStackPolicyInput, call: Call) {
  const stack = getStack(call, input.StackName, 'brackets');
  const given: GivenTemplate = { TemplateBody: input.StackPolicyBody, TemplateURL: input.StackPolicyURL };
  const policy = await templateText(call, given);
  try {
    JSON.parse(policy);
  } catch {
    throw new AwsError('ValidationError', 'Error validating stack policy: Invalid stack policy');
  }
  stack.policy = policy;
  return {};
}

export function GetStackPolicy({ StackName }: GetStackPolicyInput, call: Call) {
  return { StackPolicyBody: getStack(call, StackName, 'brackets').policy };
}

export function UpdateTerminationProtection(input: UpdateTerminationProtectionInput, call: Call) {
  const stack = getStack(call, input.StackName, 'brackets');
  if (stack.parentId !== undefined) {
    const text = `Termination protection cannot be changed on the nested stack ${stack.name}: change it on its root stack`;
    throw new AwsError('ValidationError', text);
  }
  stack.terminationProtection = input.EnableTerminationProtection ?? false;
  return { StackId: stack.id };
}

export function SignalResource(input: SignalResourceInput, call: Call) {
  const stack = getStack(call, input.StackName, 'brackets');
  const { LogicalResourceId: logicalId = '', UniqueId: id = '', Status: status = 'FAILURE' } = input;
  if (stack.resources[logicalId]?.status !== 'CREATE_IN_PROGRESS') {
    const text = `Resource ${logicalId} is not in a state in which it takes signals`;
    throw new AwsError('ValidationError', text);
  }
  addSignal(call, `${stack.id}/${logicalId}`, { id, status, data: '' });
  return {};
}
