import * as SFN from '@aws-sdk/client-sfn';
import { service } from '../../service.ts';
import { access } from './access.ts';
import { executionOperations } from './executions.ts';
import { historyOperations } from './history.ts';
import { stateMachines } from './records.ts';
import { executionTasks } from './run.ts';
import { stateMachineOperations } from './state-machines.ts';
import { tagOperations } from './tags.ts';

/**
 * Step Functions, as far as standard state machines in JSONPath go that call Lambda. What an execution stands at is data,
 * so that a kept one goes on from there.
 */
export const sfn = service('sfn', 'states', SFN, {
  operations: { ...stateMachineOperations, ...executionOperations, ...historyOperations, ...tagOperations },
  tasks: executionTasks,
  access,
  passedRoles: (operation, { roleArn }) =>
    (operation === 'CreateStateMachine' || operation === 'UpdateStateMachine') && typeof roleArn === 'string'
      ? [roleArn]
      : [],
  tagsOf: (arn, call) => stateMachines(call).get(arn)?.tags,
});
