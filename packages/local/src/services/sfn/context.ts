import type { ExecutionRecord } from './records.ts';

/** The context object of an execution in its state: what `$$` gives. */
export function contextOf(execution: ExecutionRecord): object {
  const { position, stateMachineArn, stateMachineName } = execution;
  return {
    Execution: {
      Id: execution.arn,
      Input: JSON.parse(execution.input),
      Name: execution.name,
      RoleArn: execution.roleArn,
      StartTime: execution.started.toISOString(),
      RedriveCount: 0,
    },
    State: {
      Name: position.state,
      EnteredTime: new Date(position.entered).toISOString(),
      RetryCount: position.attempts.reduce((sum, used) => sum + used, 0),
    },
    StateMachine: { Id: stateMachineArn, Name: stateMachineName },
  };
}
