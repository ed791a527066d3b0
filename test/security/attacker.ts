import { DescribeStackResourceCommand } from '@aws-sdk/client-cloudformation';
import { CreateAccessKeyCommand, CreateUserCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { Caller } from '../stacks/caller.ts';
import type { TestCloud } from '../stacks/test-cloud.ts';

type Fields = Record<string, unknown>;

/** What an execution of the waiter begins with. */
export interface Execution {
  function: string;
  waiter: {
    event: Fields & { ResourceProperties: Fields };
    state: Fields & { phase: Fields };
    sealed: string;
  } & Fields;
  waitSeconds: number;
}

/** What an attacker within the account may do, at most: what a deployer of stacks needs, and to read the waiter. */
const rights = {
  Effect: 'Allow',
  Action: [
    'lambda:InvokeFunction',
    'lambda:GetFunctionConfiguration',
    'states:StartExecution',
    'states:ListExecutions',
    'states:ListStateMachines',
    'states:DescribeExecution',
    'states:GetExecutionHistory',
  ],
  Resource: '*',
};

/** A user of the account with those rights and no others. */
export async function attackerOf(cloud: TestCloud): Promise<Caller> {
  const { iam } = cloud.clients;
  const UserName = 'mallory';
  await iam.send(new CreateUserCommand({ UserName }));
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [rights] });
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'attacker', PolicyDocument }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  return cloud.as({ accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! });
}

/** Invokes a function, and gives the type of the error that it ended with; undefined where it ended without. */
export async function invoke({ clients }: Caller, name: string, payload: unknown): Promise<string | undefined> {
  const FunctionName = `studio-resources-${name}`;
  const result = await clients.lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(payload) }));
  if (result.FunctionError === undefined) return undefined;
  const { errorType } = JSON.parse(Buffer.from(result.Payload!).toString());
  return errorType;
}

/** The ARN of the waiter. */
async function waiterOf({ clients }: Caller): Promise<string> {
  const { stateMachines = [] } = await clients.sfn.send(new ListStateMachinesCommand({}));
  return stateMachines[0]!.stateMachineArn!;
}

/** Starts an execution of the waiter. */
export async function startWaiter(caller: Caller, input: unknown): Promise<string> {
  const stateMachineArn = await waiterOf(caller);
  const text = typeof input === 'string' ? input : JSON.stringify(input);
  const { executionArn } = await caller.clients.sfn.send(new StartExecutionCommand({ stateMachineArn, input: text }));
  return executionArn!;
}

export async function statusOf({ clients }: Caller, executionArn: string): Promise<string> {
  return (await clients.sfn.send(new DescribeExecutionCommand({ executionArn }))).status!;
}

/** The input of the execution that waits for a request of a stack, once there is one. */
export async function executionOf(cloud: TestCloud, stackName: string, logicalId: string): Promise<Execution> {
  let found: Execution | undefined;
  await cloud.until(async () => {
    const stateMachineArn = await waiterOf(cloud);
    const { executions = [] } = await cloud.clients.sfn.send(
      new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING' }),
    );
    for (const { executionArn } of executions) {
      const { input } = await cloud.clients.sfn.send(new DescribeExecutionCommand({ executionArn }));
      const one: Execution = JSON.parse(input!);
      const { StackId, LogicalResourceId } = one.waiter.event;
      if (String(StackId).includes(`/${stackName}/`) && LogicalResourceId === logicalId) found = one;
    }
    return found;
  }, `${logicalId} of ${stackName} to be handed off to the waiter`);
  return found!;
}

/** Every text of an execution's history. */
export async function historyOf({ clients }: Caller, executionArn: string): Promise<string> {
  const { events } = await clients.sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
  return JSON.stringify(events);
}

/** What CloudFormation shows of a resource. */
export async function resourceOf({ clients }: Caller, StackName: string, LogicalResourceId: string) {
  const command = new DescribeStackResourceCommand({ StackName, LogicalResourceId });
  const { ResourceStatus, PhysicalResourceId } = (await clients.cloudformation.send(command)).StackResourceDetail!;
  return { status: ResourceStatus, id: PhysicalResourceId };
}
