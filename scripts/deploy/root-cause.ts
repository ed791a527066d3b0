import type { CloudFormationClient, Stack, StackEvent } from '@aws-sdk/client-cloudformation';
import { type CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { allEvents } from '../start/stack.ts';
import { shortened } from './text.ts';

/** What CloudFormation says of what it only stops because of another failure. */
const cancelled = /cancelled/i;

/**
 * The first failure of an operation, which the others follow from; of a nested stack, the one in it. `failures` are its failed
 * events, the oldest first. Undefined where no resource has failed.
 */
export async function rootCauseOf(
  client: CloudFormationClient,
  failures: readonly StackEvent[],
): Promise<StackEvent | undefined> {
  const own = failures.filter(
    ({ PhysicalResourceId, StackId, ResourceStatusReason: reason }) =>
      PhysicalResourceId !== StackId && reason !== undefined && !cancelled.test(reason),
  );
  const [first] = own;
  const { PhysicalResourceId: nested, ResourceType, Timestamp } = first ?? {};
  if (ResourceType !== 'AWS::CloudFormation::Stack' || !nested?.startsWith('arn:')) return first;
  const events = (await allEvents(client, nested)).reverse();
  const until = events.filter((event) => event.Timestamp! <= Timestamp! && event.ResourceStatus?.endsWith('_FAILED'));
  // The failure before it may be of an earlier operation on the nested stack.
  const begun = events.findLast(
    (event) => event.PhysicalResourceId === nested && /^(CREATE|UPDATE)_IN_PROGRESS$/.test(event.ResourceStatus ?? ''),
  );
  const inIt = until.filter((event) => event.Timestamp! >= begun!.Timestamp!);
  return (await rootCauseOf(client, inIt)) ?? first;
}

/** Why a stack rolls back where no resource has failed, such as an export that is in use. `since` is when the operation began. */
export async function rollbackReason(client: CloudFormationClient, { StackId }: Stack, since: Date): Promise<string> {
  const event = (await allEvents(client, StackId!)).find(
    ({ PhysicalResourceId, ResourceStatus = '', ResourceStatusReason: reason, Timestamp }) =>
      PhysicalResourceId === StackId &&
      Timestamp! >= since &&
      ResourceStatus.endsWith('ROLLBACK_IN_PROGRESS') &&
      reason,
  );
  return event?.ResourceStatusReason ?? 'CloudFormation gives no reason; see the events of the stack';
}

/** A request of CloudFormation to a function that has failed. */
export interface FailedRequest {
  functionArn: string;
  event: StackEvent;
  /** When the operation began. */
  since: Date;
}

/** A log line of a function of this project, with fields of its own. */
interface LogLine extends Record<string, unknown> {
  level: string;
  message: string;
  timestamp: string;
  stackId: string;
  logicalResourceId: string;
  requestId: string;
}

/**
 * The reason of a failed event; of a custom resource, without the words that CloudFormation puts around what the function says,
 * and the id of the request that is in them.
 */
export function reasonOf({ ResourceStatusReason: reason = '' }: StackEvent): { text: string; requestId?: string } {
  const around =
    /^Received response status \[FAILED\] from custom resource\. Message returned: (.*?)(?: \(RequestId: ([\w-]+)\))?$/s;
  const [, text = reason, requestId] = around.exec(reason) ?? [];
  return { text, requestId };
}

/**
 * What the function has logged of the request, a text for each line, the oldest first. Its log has the lines of many requests:
 * each names its stack, logical id and request id. Empty where there are none, as of functions that are not of this project.
 */
export async function requestLog(logs: CloudWatchLogsClient, request: FailedRequest): Promise<string[]> {
  const { functionArn, event, since } = request;
  const { StackId = '', LogicalResourceId = '', Timestamp } = event;
  const [, name] = /:function:([^:]+)/.exec(functionArn) ?? [];
  const found = paginateFilterLogEvents(
    { client: logs },
    {
      logGroupName: `/aws/lambda/${name}`,
      startTime: since.getTime(),
      filterPattern: `"${StackId}" "${LogicalResourceId}"`,
    },
  );
  const lines: LogLine[] = [];
  for await (const { events = [] } of found) {
    lines.push(...events.flatMap(({ message = '' }) => parsed(message)));
  }
  const own = lines.filter((line) => line.stackId === StackId && line.logicalResourceId === LogicalResourceId);
  const { requestId } = reasonOf(event);
  // A rollback's Delete of the same resource comes after the failure.
  const last = own.findLast(({ timestamp }) => Date.parse(timestamp) <= Timestamp!.getTime())?.requestId;
  return own.filter((line) => line.requestId === (requestId ?? last)).map(shownLine);
}

function parsed(message: string): LogLine[] {
  try {
    const line = JSON.parse(message) as Partial<LogLine> | null;
    return line && typeof line === 'object' && line.requestId !== undefined ? [line as LogLine] : [];
  } catch {
    return [];
  }
}

function shownLine(line: LogLine): string {
  const { timestamp, level, message, service, sampling_rate, xray_trace_id, ...fields } = line;
  const { stackId, logicalResourceId, requestId, ...own } = fields;
  const details = Object.keys(own).length > 0 ? `  ${shortened(JSON.stringify(own), 300)}` : '';
  return `${timestamp.slice(11, 19)}  ${level.padEnd(5)}  ${message}${details}`;
}
