import type { Call } from '../service.ts';

type Tags = Record<string, string>;

/** A tag as the APIs of Step Functions and CodePipeline spell it. */
interface Tag {
  key?: string;
  value?: string;
}

export function tagsFrom(tags: readonly Tag[] = []): Tags {
  return Object.fromEntries(tags.map(({ key = '', value = '' }) => [key, value]));
}

/**
 * The three operations on the tags of what a `resourceArn` names. `find` throws where there is no such resource; `check`
 * throws where the tags that it would have are too many.
 */
export function tagOperations<Tagged extends { tags: Tags }>(
  find: (arn: string | undefined, call: Call) => Tagged,
  check: (tags: Tags, resource: Tagged) => void = () => {},
) {
  return {
    TagResource({ resourceArn, tags }: { resourceArn?: string; tags?: Tag[] }, call: Call) {
      const resource = find(resourceArn, call);
      const all = { ...resource.tags, ...tagsFrom(tags) };
      check(all, resource);
      resource.tags = all;
      return {};
    },

    UntagResource({ resourceArn, tagKeys = [] }: { resourceArn?: string; tagKeys?: string[] }, call: Call) {
      const { tags } = find(resourceArn, call);
      for (const key of tagKeys) delete tags[key];
      return {};
    },

    ListTagsForResource({ resourceArn }: { resourceArn?: string }, call: Call) {
      const { tags } = find(resourceArn, call);
      return { tags: Object.entries(tags).map(([key, value]) => ({ key, value })) };
    },
  };
}
