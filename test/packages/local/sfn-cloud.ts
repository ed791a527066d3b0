import * as Lambda from '@aws-sdk/client-lambda';
import type * as SFN from '@aws-sdk/client-sfn';
import { createCloud } from '../../../packages/local/src/create-cloud.ts';
import { authorise } from '../../../packages/local/src/iam/authorise.ts';
import { ExecutorClosed } from '../../../packages/local/src/lambda/executor.ts';
import { accountPrincipal, type Principal } from '../../../packages/local/src/principal.ts';
import {
  type Cloud,
  type Input,
  type OperationName,
  type Output,
  service,
} from '../../../packages/local/src/service.ts';
import { iam } from '../../../packages/local/src/services/iam/index.ts';
import { kms } from '../../../packages/local/src/services/kms/index.ts';
import { sfn } from '../../../packages/local/src/services/sfn/index.ts';
import { sts } from '../../../packages/local/src/services/sts.ts';
import { Store } from '../../../packages/local/src/store.ts';
import { policyOf, trusting } from './authorised-cloud.ts';
import { VirtualClock } from './virtual-clock.ts';

export const account = '111122223333';
export const region = 'eu-west-1';
export const roleArn = `arn:aws:iam::${account}:role/machine`;
export const functionArn = `arn:aws:lambda:${region}:${account}:function:f`;

/** A state that invokes the function with its input. */
export const invocation = {
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: functionArn, 'Payload.$': '$' },
};

/** What the function answers: its result, an error of its own, or one of Lambda's API. */
export type Answer = { result: unknown } | { errorType?: string; errorMessage: string } | Error;

/** Step Functions at virtual time, with a function that the test plays. */
export class SfnCloud {
  readonly clock = new VirtualClock();
  readonly cloud: Cloud & { close(): void };
  /** What the function was given, oldest first. */
  readonly events: unknown[] = [];
  function: (event: unknown) => Answer | Promise<Answer> = (event) => ({ result: event });

  constructor(store = new Store()) {
    this.cloud = createCloud({
      clock: this.clock,
      store,
      endpoint: 'http://127.0.0.1',
      services: [iam, kms, sts, sfn, this.#lambda()],
      authorise,
    });
  }

  call<Name extends OperationName<typeof SFN>>(
    operation: Name,
    input: Input<typeof SFN, Name>,
    principal: Principal = accountPrincipal(account),
  ): Promise<Output<typeof SFN, Name>> {
    return this.cloud.invoke(sfn, operation, input, { principal, region });
  }

  /** Makes the role of the state machines, which may do this and that Step Functions may take on. */
  async role(actions: string[] = ['lambda:InvokeFunction'], trusted = 'states.amazonaws.com'): Promise<void> {
    const as = { principal: accountPrincipal(account), region };
    const AssumeRolePolicyDocument = trusting({ Service: trusted });
    await this.cloud.invoke(iam, 'CreateRole', { RoleName: 'machine', AssumeRolePolicyDocument }, as);
    const PolicyDocument = policyOf({ Effect: 'Allow', Action: actions, Resource: functionArn });
    await this.cloud.invoke(iam, 'PutRolePolicy', { RoleName: 'machine', PolicyName: 'p', PolicyDocument }, as);
  }

  /** Makes a state machine of these states, the first of them first; its ARN. */
  async machine(States: Record<string, object>, more: object = {}, name = 'm'): Promise<string> {
    const definition = JSON.stringify({ StartAt: Object.keys(States)[0], States, ...more });
    const { stateMachineArn } = await this.call('CreateStateMachine', { name, definition, roleArn });
    return stateMachineArn!;
  }

  /** Starts an execution; its ARN. */
  async start(stateMachineArn: string, input: unknown = {}, name?: string): Promise<string> {
    const { executionArn } = await this.call('StartExecution', { stateMachineArn, name, input: JSON.stringify(input) });
    return executionArn!;
  }

  /** Runs a state machine of these states to its end. */
  async run(States: Record<string, object>, input: unknown = {}, more: object = {}) {
    const executionArn = await this.start(await this.machine(States, more), input);
    return this.ended(executionArn);
  }

  /** Lets seconds pass until the execution has ended. */
  async ended(executionArn: string) {
    for (let seconds = 0; seconds < 7200; seconds += 1) {
      await this.settle();
      const execution = await this.call('DescribeExecution', { executionArn });
      if (execution.status !== 'RUNNING') {
        const { status, output, error, cause, startDate, stopDate } = execution;
        const took = (stopDate!.getTime() - startDate!.getTime()) / 1000;
        return { status, output: output === undefined ? undefined : JSON.parse(output), error, cause, took };
      }
      await this.clock.pass(1000);
    }
    throw new Error('Two hours have passed in vain');
  }

  /** Lets everything happen that takes no time. */
  async settle(): Promise<void> {
    await this.clock.pass(0);
    for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
  }

  async history(executionArn: string): Promise<SFN.HistoryEvent[]> {
    return (await this.call('GetExecutionHistory', { executionArn, maxResults: 1000 })).events!;
  }

  #lambda() {
    return service('lambda', 'lambda', Lambda, {
      access: { Invoke: ({ FunctionName }) => [{ action: 'lambda:InvokeFunction', resource: FunctionName }] },
      operations: {
        Invoke: async ({ Payload }) => {
          const event = JSON.parse(Buffer.from(Payload as Uint8Array).toString());
          this.events.push(event);
          const answer = await this.function(event);
          if (answer instanceof Error) throw answer;
          if ('result' in answer) {
            return { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: bytesOf(answer.result) };
          }
          return { StatusCode: 200, FunctionError: 'Unhandled', Payload: bytesOf(answer) };
        },
      },
    });
  }
}

/** As when the local cloud ends while the function runs. */
export const closed = new ExecutorClosed();

function bytesOf(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}
