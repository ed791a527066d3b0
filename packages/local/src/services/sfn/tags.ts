import type * as SFN from '@aws-sdk/client-sfn';
import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { type Operations, type StateMachineRecord, stateMachines } from './records.ts';

const maxTags = 50;

export const tagOperations: Operations = {
  TagResource({ resourceArn, tags = [] }, call) {
    const record = tagged(resourceArn, call);
    const all = { ...record.tags, ...tagsFrom(tags) };
    if (Object.keys(all).length > maxTags) {
      const message = `A state machine can have at most ${maxTags} tags.`;
      throw new AwsError('TooManyTags', message, { members: { resourceName: record.arn } });
    }
    record.tags = all;
    return {};
  },

  UntagResource({ resourceArn, tagKeys = [] }, call) {
    const { tags } = tagged(resourceArn, call);
    for (const key of tagKeys) delete tags[key];
    return {};
  },

  ListTagsForResource({ resourceArn }, call) {
    const { tags } = tagged(resourceArn, call);
    return { tags: Object.entries(tags).map(([key, value]) => ({ key, value })) };
  },
};

export function tagsFrom(tags: SFN.Tag[] = []): Record<string, string> {
  return Object.fromEntries(tags.map(({ key = '', value = '' }) => [key, value]));
}

function tagged(arn = '', call: Call): StateMachineRecord {
  const record = stateMachines(call).get(arn);
  if (record) return record;
  throw new AwsError('ResourceNotFound', `Resource not found: '${arn}'`, { members: { resourceName: arn } });
}
