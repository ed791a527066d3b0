import type * as SFN from '@aws-sdk/client-sfn';
import type { Access, Definition } from '../../service.ts';
import { stateMachineArn } from './records.ts';

function onMachine({ stateMachineArn = '' }: { stateMachineArn?: string }): Access[] {
  return [{ resource: stateMachineArn }];
}

function onExecution({ executionArn = '' }: { executionArn?: string }): Access[] {
  return [{ resource: executionArn }];
}

function onTagged({ resourceArn = '' }: { resourceArn?: string }): Access[] {
  return [{ resource: resourceArn }];
}

export const access: Definition<typeof SFN>['access'] = {
  CreateStateMachine: ({ name = '' }, call) => [{ resource: stateMachineArn(call, name) }],
  UpdateStateMachine: onMachine,
  DescribeStateMachine: onMachine,
  DeleteStateMachine: onMachine,
  ListStateMachines: () => [{ resource: '*' }],
  ValidateStateMachineDefinition: () => [{ resource: '*' }],
  StartExecution: onMachine,
  ListExecutions: onMachine,
  StopExecution: onExecution,
  DescribeExecution: onExecution,
  DescribeStateMachineForExecution: onExecution,
  GetExecutionHistory: onExecution,
  TagResource: onTagged,
  UntagResource: onTagged,
  ListTagsForResource: onTagged,
};
