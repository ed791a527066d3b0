import type * as SFN from '@aws-sdk/client-sfn';
import { regionalArn } from '../../arn.ts';
import type { Access, Call, Definition } from '../../service.ts';
import { executions, stateMachineArn, stateMachines } from './records.ts';

/** What is encrypted with a key of the customer's own is shown only to those who may decrypt with it. */
function decrypting(machineArn: string, call: Call): Access[] {
  const { type, kmsKeyId = '' } = stateMachines(call).get(machineArn)?.encryption ?? {};
  if (type !== 'CUSTOMER_MANAGED_KMS_KEY') return [];
  const resource = kmsKeyId.startsWith('arn:') ? kmsKeyId : regionalArn('kms', keyPath(kmsKeyId), call);
  return [{ action: 'kms:Decrypt', resource }];
}

function keyPath(id: string): string {
  return id.startsWith('alias/') ? id : `key/${id}`;
}

function onMachine({ stateMachineArn = '' }: { stateMachineArn?: string }): Access[] {
  return [{ resource: stateMachineArn }];
}

function onExecution({ executionArn = '' }: { executionArn?: string }): Access[] {
  return [{ resource: executionArn }];
}

function onExecutionsData(input: { executionArn?: string }, call: Call): Access[] {
  const machine = executions(call).get(input.executionArn ?? '')?.stateMachineArn ?? '';
  return [...onExecution(input), ...decrypting(machine, call)];
}

function onTagged({ resourceArn = '' }: { resourceArn?: string }): Access[] {
  return [{ resource: resourceArn }];
}

export const access: Definition<typeof SFN>['access'] = {
  CreateStateMachine: ({ name = '' }, call) => [{ resource: stateMachineArn(call, name) }],
  UpdateStateMachine: onMachine,
  DescribeStateMachine: (input, call) =>
    input.includedData === 'METADATA_ONLY'
      ? onMachine(input)
      : [...onMachine(input), ...decrypting(input.stateMachineArn ?? '', call)],
  DeleteStateMachine: onMachine,
  ListStateMachines: () => [{ resource: '*' }],
  ValidateStateMachineDefinition: () => [{ resource: '*' }],
  StartExecution: onMachine,
  ListExecutions: onMachine,
  StopExecution: onExecution,
  DescribeExecution: (input, call) =>
    input.includedData === 'METADATA_ONLY' ? onExecution(input) : onExecutionsData(input, call),
  DescribeStateMachineForExecution: onExecutionsData,
  GetExecutionHistory: (input, call) =>
    input.includeExecutionData === false ? onExecution(input) : onExecutionsData(input, call),
  TagResource: onTagged,
  UntagResource: onTagged,
  ListTagsForResource: onTagged,
};
