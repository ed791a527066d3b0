import { AwsError } from '../../errors.ts';
import { pageOf } from '../../pages.ts';
import { checkKey } from './encryption.ts';
import {
  arnOf,
  getGroup,
  groupOfArn,
  groups,
  invalid,
  invalidToken,
  type Operations,
  type Stream,
  streams,
  streamsOf,
} from './state.ts';

const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export const groupOperations: Operations = {
  async CreateLogGroup({ logGroupName: name = '', kmsKeyId, tags = {}, logGroupClass = 'STANDARD' }, call) {
    if (groups(call).has(name)) {
      throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
    }
    if (kmsKeyId !== undefined) await checkKey(kmsKeyId, arnOf(call, name), call);
    groups(call).set(name, { name, created: call.clock.now(), kmsKeyId, logGroupClass, tags });
    return {};
  },

  async AssociateKmsKey({ kmsKeyId = '', ...input }, call) {
    const group = getGroup(call, named(input));
    await checkKey(kmsKeyId, arnOf(call, group.name), call);
    group.kmsKeyId = kmsKeyId;
    return {};
  },

  /** What is encrypted stays so. */
  DisassociateKmsKey(input, call) {
    delete getGroup(call, named(input)).kmsKeyId;
    return {};
  },

  DeleteLogGroup(input, call) {
    const { name } = getGroup(call, input);
    for (const stream of streamsOf(call, name)) streams(call).delete(`${name}:${stream.name}`);
    groups(call).delete(name);
    return {};
  },

  DescribeLogGroups({ logGroupNamePrefix = '', logGroupNamePattern = '', limit = 50, nextToken }, call) {
    const found = [...groups(call).values()]
      .filter(({ name }) => name.startsWith(logGroupNamePrefix))
      .filter(({ name }) => name.toLowerCase().includes(logGroupNamePattern.toLowerCase()));
    const { items, token } = pageOf(found, ({ name }) => name, { token: nextToken, size: limit }, invalidToken);
    const logGroups = items.map((group) => ({
      logGroupName: group.name,
      creationTime: group.created,
      retentionInDays: group.retentionInDays,
      metricFilterCount: 0,
      arn: `${arnOf(call, group.name)}:*`,
      logGroupArn: arnOf(call, group.name),
      storedBytes: streamsOf(call, group.name).reduce((sum, stream) => sum + sizeOf(stream), 0),
      kmsKeyId: group.kmsKeyId,
      logGroupClass: group.logGroupClass,
    }));
    return { logGroups, nextToken: token };
  },

  PutRetentionPolicy({ logGroupName, retentionInDays = 0 }, call) {
    const group = getGroup(call, { logGroupName });
    if (!retentions.includes(retentionInDays)) {
      const constraint = `Member must satisfy enum value set: [${retentions.join(', ')}]`;
      throw invalid(
        `1 validation error detected: Value '${retentionInDays}' at 'retentionInDays' failed to satisfy constraint: ${constraint}`,
      );
    }
    group.retentionInDays = retentionInDays;
    return {};
  },
  DeleteRetentionPolicy({ logGroupName }, call) {
    delete getGroup(call, { logGroupName }).retentionInDays;
    return {};
  },

  TagResource({ resourceArn = '', tags }, call) {
    Object.assign(getGroup(call, { logGroupName: groupOfArn(resourceArn) }).tags, tags);
    return {};
  },
  UntagResource({ resourceArn = '', tagKeys = [] }, call) {
    const group = getGroup(call, { logGroupName: groupOfArn(resourceArn) });
    for (const key of tagKeys) delete group.tags[key];
    return {};
  },
  ListTagsForResource: ({ resourceArn = '' }, call) => ({
    tags: getGroup(call, { logGroupName: groupOfArn(resourceArn) }).tags,
  }),
};

/** A log group, named by itself or by its ARN. Results of queries, which have keys as well, are not kept here. */
function named({ logGroupName, resourceIdentifier = '' }: { logGroupName?: string; resourceIdentifier?: string }) {
  return { logGroupName: logGroupName ?? groupOfArn(resourceIdentifier) };
}

/** What AWS bills for: the text, and 26 bytes an event. */
function sizeOf({ events }: Stream): number {
  return events.reduce((sum, { message }) => sum + Buffer.byteLength(message) + 26, 0);
}
