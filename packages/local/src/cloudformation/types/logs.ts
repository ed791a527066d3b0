import type * as Logs from '@aws-sdk/client-cloudwatch-logs';
import type { ResourceContext } from '../resources/resource-type.ts';
import { partitionOf } from '../stack.ts';
import { nativeType, tagChanges, tagMap } from './native-type.ts';
import { number, optional, required, tags, text } from './property.ts';
import { serviceClient, undefinedIfNotFound } from './service-client.ts';

const logsClient = (context: ResourceContext) => serviceClient<typeof Logs>(context, 'cloudwatch-logs');

const logGroup = nativeType({
  type: 'AWS::Logs::LogGroup',
  properties: {
    LogGroupName: optional(text, 'replaces'),
    LogGroupClass: optional(text, 'replaces'),
    KmsKeyId: optional(text),
    RetentionInDays: optional(number),
    Tags: optional(tags),
  },
  async create({ LogGroupName, LogGroupClass, KmsKeyId, RetentionInDays, Tags = [] }, context) {
    const logs = logsClient(context);
    const logGroupName = LogGroupName ?? context.inventName(512);
    await logs('CreateLogGroup', {
      logGroupName,
      logGroupClass: LogGroupClass as Logs.LogGroupClass | undefined,
      kmsKeyId: KmsKeyId,
      tags: Tags.length > 0 ? tagMap(Tags) : undefined,
    });
    context.initiated(logGroupName);
    if (RetentionInDays !== undefined) {
      await logs('PutRetentionPolicy', { logGroupName, retentionInDays: RetentionInDays });
    }
    return { physicalId: logGroupName, attributes: { Arn: `${arnOf(logGroupName, context)}:*` } };
  },
  async update({ physicalId, values, old, changed }, context) {
    const logs = logsClient(context);
    const logGroupName = physicalId;
    if (changed.has('RetentionInDays')) {
      const { RetentionInDays: retentionInDays } = values;
      if (retentionInDays === undefined) await logs('DeleteRetentionPolicy', { logGroupName });
      else await logs('PutRetentionPolicy', { logGroupName, retentionInDays });
    }
    if (changed.has('KmsKeyId')) {
      const { KmsKeyId: kmsKeyId } = values;
      if (kmsKeyId === undefined) await logs('DisassociateKmsKey', { logGroupName });
      else await logs('AssociateKmsKey', { logGroupName, kmsKeyId });
    }
    const { set, gone } = tagChanges(values.Tags, old.Tags);
    const resourceArn = arnOf(logGroupName, context);
    if (gone.length > 0) await logs('UntagResource', { resourceArn, tagKeys: gone });
    if (set.length > 0) await logs('TagResource', { resourceArn, tags: tagMap(set) });
    return { physicalId, attributes: { Arn: `${resourceArn}:*` } };
  },
  async delete(logGroupName, _, context) {
    await undefinedIfNotFound(logsClient(context)('DeleteLogGroup', { logGroupName }));
  },
});

function arnOf(logGroupName: string, { account, region }: ResourceContext): string {
  return `arn:${partitionOf(region)}:logs:${region}:${account}:log-group:${logGroupName}`;
}

const logStream = nativeType({
  type: 'AWS::Logs::LogStream',
  properties: { LogGroupName: required(text, 'replaces'), LogStreamName: optional(text, 'replaces') },
  async create({ LogGroupName: logGroupName, LogStreamName }, context) {
    const logStreamName = LogStreamName ?? context.inventName(512);
    await logsClient(context)('CreateLogStream', { logGroupName, logStreamName });
    return { physicalId: logStreamName, attributes: {} };
  },
  async delete(logStreamName, { LogGroupName: logGroupName }, context) {
    await undefinedIfNotFound(logsClient(context)('DeleteLogStream', { logGroupName, logStreamName }));
  },
});

export const logsTypes = [logGroup, logStream];
