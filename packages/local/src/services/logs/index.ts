import * as Logs from '@aws-sdk/client-cloudwatch-logs';
import { type Access, type Call, type Definition, service } from '../../service.ts';
import { filterOperations } from './filter.ts';
import { groupOperations } from './groups.ts';
import { arnOf, groupOfArn, groups } from './state.ts';
import { streamOperations } from './streams.ts';

interface Target {
  logGroupName?: string;
  logGroupIdentifier?: string;
  resourceIdentifier?: string;
  logStreamName?: string;
}

function onGroup(input: Target, call: Call): Access[] {
  const { logGroupName, logGroupIdentifier, resourceIdentifier } = input;
  return [{ resource: `${arnOf(call, logGroupName ?? groupOfArn(logGroupIdentifier ?? resourceIdentifier ?? ''))}:*` }];
}

function onStream(input: Target, call: Call): Access[] {
  const group = input.logGroupName ?? groupOfArn(input.logGroupIdentifier ?? '');
  return [{ resource: `${arnOf(call, group)}:log-stream:${input.logStreamName}` }];
}

function onArn({ resourceArn = '' }: { resourceArn?: string }): Access[] {
  return [{ resource: resourceArn }];
}

const access: Definition<typeof Logs>['access'] = {
  CreateLogGroup: onGroup,
  AssociateKmsKey: onGroup,
  DisassociateKmsKey: onGroup,
  DeleteLogGroup: onGroup,
  DescribeLogGroups: (_, call) => [{ resource: `${arnOf(call, '')}*` }],
  PutRetentionPolicy: onGroup,
  DeleteRetentionPolicy: onGroup,
  CreateLogStream: onStream,
  DeleteLogStream: onStream,
  DescribeLogStreams: onGroup,
  PutLogEvents: onStream,
  GetLogEvents: onStream,
  FilterLogEvents: onGroup,
  TagResource: onArn,
  UntagResource: onArn,
  ListTagsForResource: onArn,
};

/** CloudWatch Logs: groups, streams, events, and the search over them. */
export const logs = service('cloudwatch-logs', 'logs', Logs, {
  operations: { ...groupOperations, ...streamOperations, ...filterOperations },
  access,
  tagsOf: (arn, call) => groups(call).get(groupOfArn(arn))?.tags,
});
