import type * as SecretsManager from '@aws-sdk/client-secrets-manager';
import { getLiveSecret, invalidParameter, type Operations } from './records.ts';

const maxTags = 50;

export const tagOperations: Operations = {
  TagResource({ SecretId, Tags }, call) {
    const secret = getLiveSecret(call, SecretId);
    const tags = { ...secret.tags, ...tagsFrom(Tags) };
    if (Object.keys(tags).length > maxTags) throw invalidParameter(`A secret can have at most ${maxTags} tags.`);
    secret.tags = tags;
    return {};
  },

  UntagResource({ SecretId, TagKeys = [] }, call) {
    const { tags } = getLiveSecret(call, SecretId);
    for (const key of TagKeys) delete tags[key];
    return {};
  },
};

export function tagsFrom(tags: SecretsManager.Tag[] = []): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}
