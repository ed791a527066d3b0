import type * as KMS from '@aws-sdk/client-kms';
import { AwsError } from '../../errors.ts';
import { getChangeableKey, getKeyById } from './find-key.ts';
import { page } from './pages.ts';
import type { Operations } from './records.ts';

export const tagOperations: Operations = {
  TagResource({ KeyId, Tags }, call) {
    const key = getChangeableKey(KeyId, call);
    const tags = { ...key.tags, ...tagsFrom(Tags) };
    checkTags(tags);
    key.tags = tags;
    return {};
  },

  UntagResource({ KeyId, TagKeys = [] }, call) {
    const { tags } = getChangeableKey(KeyId, call);
    for (const key of TagKeys) delete tags[key];
    return {};
  },

  ListResourceTags(input, call) {
    const tags = Object.entries(getKeyById(input.KeyId, call).tags);
    const { items, more } = page(tags, ([key]) => key, input, 50);
    return { Tags: items.map(([TagKey, TagValue]) => ({ TagKey, TagValue })), ...more };
  },
};

export function tagsFrom(tags: KMS.Tag[] = []): Record<string, string> {
  return Object.fromEntries(tags.map(({ TagKey = '', TagValue = '' }) => [TagKey, TagValue]));
}

/** Throws TagException. */
export function checkTags(tags: Record<string, string>): void {
  if (Object.keys(tags).length > 50) throw new AwsError('TagException', 'Too many tags');
  const reserved = Object.keys(tags).find((key) => key.startsWith('aws:'));
  if (reserved)
    throw new AwsError('TagException', `aws: prefixed tag key names are not allowed for external use: ${reserved}`);
}
