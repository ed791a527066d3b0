import type * as Logs from '@aws-sdk/client-cloudwatch-logs';
import { AwsError } from '../../errors.ts';
import type { Call, Definition } from '../../service.ts';

export type Operations = Definition<typeof Logs>['operations'];

export interface Group {
  name: string;
  /** Times are virtual milliseconds since the epoch, here and below. */
  created: number;
  retentionInDays?: number;
  kmsKeyId?: string;
  logGroupClass: Logs.LogGroupClass;
  tags: Record<string, string>;
}

export interface Stream {
  group: string;
  name: string;
  created: number;
  events: Event[];
}

export interface Event {
  id: string;
  timestamp: number;
  ingested: number;
  message: string;
}

export function groups(call: Call): Map<string, Group> {
  return call.table('groups');
}

/** Every group's streams, by the names of group and stream, which a colon cannot be part of. */
export function streams(call: Call): Map<string, Stream> {
  return call.table('streams');
}

export function streamsOf(call: Call, group: string): Stream[] {
  return [...streams(call).values()].filter((stream) => stream.group === group);
}

/** The group of that name or ARN. Throws `ResourceNotFoundException`. */
export function getGroup(call: Call, input: { logGroupName?: string; logGroupIdentifier?: string }): Group {
  const name = input.logGroupName ?? groupOfArn(input.logGroupIdentifier ?? '');
  const group = groups(call).get(name);
  if (!group) throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
  return group;
}

export function getStream(call: Call, group: string, name: string | undefined): Stream {
  const stream = streams(call).get(`${group}:${name}`);
  if (!stream) throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
  return stream;
}

/** The group's name in its ARN, with or without `:*`; a name stays as it is. */
export function groupOfArn(arn: string): string {
  return /^arn:[^:]+:logs:[^:]*:[^:]*:log-group:([^:]+)/.exec(arn)?.[1] ?? arn;
}

export function arnOf(call: Call, group: string): string {
  return `arn:aws:logs:${call.region}:${call.account}:log-group:${group}`;
}

export function invalidToken(): AwsError {
  return invalid('The specified nextToken is invalid.');
}

export function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}
