import type * as SageMaker from '@aws-sdk/client-sagemaker';
import { AwsError } from '../../errors.ts';
import { pageOf } from '../../pages.ts';
import type { Call } from '../../service.ts';
import { invalid, type Operations } from './records.ts';

export const mostTags = 50;

/** The tags of everything that can have some, by ARN in lower case (a profile's name is the same in any case). */
function table(call: Call): Map<string, SageMaker.Tag[]> {
  return call.table('tags');
}

/** Keeps the tags that something is created with. Until then, and after `forgetTags`, it can have none. */
export function tagNew(arn: string, tags: SageMaker.Tag[] | undefined, call: Call): void {
  table(call).set(arn.toLowerCase(), tags ?? []);
}

export function forgetTags(arn: string, call: Call): void {
  table(call).delete(arn.toLowerCase());
}

/** The tags of what an ARN names; none if it does not exist. */
export function tagsOn(arn: string, call: Call): SageMaker.Tag[] {
  return table(call).get(arn.toLowerCase()) ?? [];
}

/** Throws unless these may be the tags of one thing. */
export function checkTags(tags: SageMaker.Tag[] | undefined): void {
  const keys = (tags ?? []).map(({ Key = '' }) => Key.toLowerCase());
  for (const key of keys) {
    if (/^aws:/i.test(key)) throw invalid('aws: prefixed tag key names are not allowed for external use.');
  }
  if (new Set(keys).size < keys.length)
    throw invalid('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
}

function get(ResourceArn: string | undefined, call: Call): SageMaker.Tag[] {
  const tags = table(call).get(ResourceArn?.toLowerCase() ?? '');
  if (!tags) throw invalid(`Could not find the resource [${ResourceArn}].`);
  return tags;
}

export const tagOperations: Operations = {
  AddTags({ ResourceArn, Tags = [] }, call) {
    checkTags(Tags);
    const added = new Set(Tags.map(({ Key }) => Key));
    const all = [...get(ResourceArn, call).filter(({ Key }) => !added.has(Key)), ...Tags];
    if (all.length > mostTags) {
      const message = `The number of tags on [${ResourceArn}] would be ${all.length}; at most ${mostTags} are allowed.`;
      throw new AwsError('ResourceLimitExceeded', message);
    }
    tagNew(ResourceArn!, all, call);
    return { Tags: all };
  },

  DeleteTags({ ResourceArn, TagKeys = [] }, call) {
    const rest = get(ResourceArn, call).filter(({ Key }) => !TagKeys.includes(Key!));
    tagNew(ResourceArn!, rest, call);
    return {};
  },

  ListTags({ ResourceArn, NextToken, MaxResults = 50 }, call) {
    const page = { token: NextToken, size: MaxResults };
    const { items, token } = pageOf(
      get(ResourceArn, call),
      ({ Key }) => Key!,
      page,
      () => invalid('Invalid NextToken'),
    );
    return { Tags: items, NextToken: token };
  },
};

/** The tags of what an ARN names; undefined if it does not exist. */
export function tagsOf(arn: string, call: Call): Record<string, string> | undefined {
  const tags = table(call).get(arn.toLowerCase());
  return tags && Object.fromEntries(tags.map(({ Key, Value }) => [Key!, Value!]));
}
