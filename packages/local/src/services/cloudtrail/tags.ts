import type * as CloudTrail from '@aws-sdk/client-cloudtrail';
import { AwsError } from '../../errors.ts';
import { getTrail, type Operations } from './records.ts';

export function checkTags(tags: readonly CloudTrail.Tag[]): void {
  const keys = tags.map(({ Key }) => Key);
  if (new Set(keys).size < keys.length) throw new AwsError('InvalidTagParameterException', 'Tag keys must be unique.');
  if (keys.length > 50) throw new AwsError('TagsLimitExceededException', 'A trail can have at most 50 tags.');
}

export const tagOperations: Operations = {
  AddTags({ ResourceId, TagsList = [] }, call) {
    const trail = getTrail(ResourceId, call);
    const keys = TagsList.map(({ Key }) => Key);
    const tags = [...trail.tags.filter(({ Key }) => !keys.includes(Key)), ...TagsList];
    checkTags(tags);
    trail.tags = tags;
    return {};
  },

  RemoveTags({ ResourceId, TagsList = [] }, call) {
    const trail = getTrail(ResourceId, call);
    const keys = TagsList.map(({ Key }) => Key);
    trail.tags = trail.tags.filter(({ Key }) => !keys.includes(Key));
    return {};
  },

  ListTags: ({ ResourceIdList = [] }, call) => ({
    ResourceTagList: ResourceIdList.map((ResourceId) => ({ ResourceId, TagsList: getTrail(ResourceId, call).tags })),
  }),
};
