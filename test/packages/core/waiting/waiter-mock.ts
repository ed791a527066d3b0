import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { WaiterState } from '@studio-resources/core';
import { mockClient } from 'aws-sdk-client-mock';
import { stateSecret } from './state-secret.ts';

export const waiterArn = 'arn:aws:states:eu-west-1:111122223333:stateMachine:waiter';

interface Input {
  function: string;
  waiter: WaiterState;
  waitSeconds: number;
}

/** Gives the function a waiter and a secret during each test, whose clients are mocks. `inputs` are those of the executions it started. */
export function waiterMock() {
  const sfn = mockClient(SFNClient);
  const secret = stateSecret();
  beforeEach(() => {
    process.env.WAITER_ARN = waiterArn;
    sfn.reset();
    sfn.on(StartExecutionCommand).resolves({});
  });
  afterEach(() => {
    delete process.env.WAITER_ARN;
  });
  afterAll(() => sfn.restore());
  const inputs = () =>
    sfn.commandCalls(StartExecutionCommand).map(({ args: [{ input }] }) => ({
      ...input,
      input: JSON.parse(input.input!) as Input,
    }));
  return { sfn, inputs, secret };
}
