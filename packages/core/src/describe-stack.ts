import {
  CloudFormationClient,
  DescribeStackResourceCommand,
  DescribeStacksCommand,
  type Stack,
  type StackResourceDetail,
} from '@aws-sdk/client-cloudformation';

let client: CloudFormationClient | undefined;

/** A stack by its ARN, undefined where there is none. Throws the service's other errors. */
export function findStack(StackName: string): Promise<Stack | undefined> {
  return ifExisting(async () => (await cloudformation().send(new DescribeStacksCommand({ StackName }))).Stacks?.[0]);
}

/** A resource of a stack, for 90 days after the stack's deletion as well; undefined where there is none. */
export function findStackResource(
  StackName: string,
  LogicalResourceId: string,
): Promise<StackResourceDetail | undefined> {
  const command = new DescribeStackResourceCommand({ StackName, LogicalResourceId });
  return ifExisting(async () => (await cloudformation().send(command)).StackResourceDetail);
}

/** Its calls are few and may fail, so it is less patient than the clients that make something. */
function cloudformation(): CloudFormationClient {
  client ??= new CloudFormationClient({
    maxAttempts: 4,
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  });
  return client;
}

async function ifExisting<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    // CloudFormation has no error of its own for it.
    if (error instanceof Error && error.name === 'ValidationError' && /does(n't| not) exist/.test(error.message)) {
      return undefined;
    }
    throw error;
  }
}
