import {
  CloudFormationClient,
  DescribeStackResourceCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  paginateDescribeStackEvents,
  type Stack,
  type StackResourceDetail,
} from '@aws-sdk/client-cloudformation';
import { parse } from 'yaml';

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

/**
 * The logical ids of a stack's resources by its template, transforms applied. During an update it is the new template
 * (GetTemplate's reference does not say; the console shows it so).
 *
 * @throws Error where the answer is not a template with resources
 */
export async function findLogicalIds(StackName: string): Promise<string[]> {
  const command = new GetTemplateCommand({ StackName, TemplateStage: 'Processed' });
  const { TemplateBody = '' } = await cloudformation().send(command);
  // Tags such as !Ref do not matter for the names.
  const template: { Resources?: object | null } | null = parse(TemplateBody, { logLevel: 'silent' });
  if (template?.Resources) return Object.keys(template.Resources);
  // Of no names at all, every logical id would count as renamed.
  throw new Error(`Reading the template of stack ${StackName}: it has no resources`);
}

/** Whether a resource of a stack has had such a status since then. `since` is in milliseconds since the epoch. */
export async function findEvent(
  StackName: string,
  LogicalResourceId: string,
  since: number,
  isSuch: (status: string | undefined) => boolean,
): Promise<boolean> {
  // The newest come first.
  for await (const { StackEvents = [] } of paginateDescribeStackEvents({ client: cloudformation() }, { StackName })) {
    const later = StackEvents.filter(({ Timestamp }) => Timestamp !== undefined && Timestamp.getTime() >= since);
    const own = later.filter((event) => event.LogicalResourceId === LogicalResourceId);
    if (own.some(({ ResourceStatus }) => isSuch(ResourceStatus))) return true;
    if (later.length < StackEvents.length) return false;
  }
  return false;
}

/** Its calls may fail without harm, so it retries less than the clients of resources. */
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
    // CloudFormation has no error code of its own for a stack that does not exist.
    if (error instanceof Error && error.name === 'ValidationError' && /does(n't| not) exist/.test(error.message)) {
      return undefined;
    }
    throw error;
  }
}
