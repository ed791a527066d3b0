import type * as RAM from '@aws-sdk/client-ram';
import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { getOwnShare, type Operations, shares } from './records.ts';

const mostTags = 50;

/** Throws unless these may be the tags of a share. */
export function checkTags(tags: RAM.Tag[]): void {
  if (tags.length > mostTags) {
    throw new AwsError('TagLimitExceededException', `A resource can have at most ${mostTags} tags.`);
  }
  for (const { key = '' } of tags) {
    if (key === '' || key.length > 128 || key.toLowerCase().startsWith('aws:')) {
      const message = `The tag key ${key} is not valid: 1 to 128 characters, not beginning with aws:`;
      throw new AwsError('InvalidParameterException', message);
    }
  }
}

export const tagOperations: Operations = {
  TagResource({ resourceShareArn, resourceArn, tags = [] }, call) {
    const share = getOwnShare(resourceShareArn ?? resourceArn, call);
    const keys = new Set(tags.map(({ key }) => key));
    const all = [...share.tags.filter(({ key }) => !keys.has(key)), ...tags];
    checkTags(all);
    share.tags = all;
    return {};
  },

  UntagResource({ resourceShareArn, resourceArn, tagKeys = [] }, call) {
    const share = getOwnShare(resourceShareArn ?? resourceArn, call);
    share.tags = share.tags.filter(({ key }) => !tagKeys.includes(key!));
    return {};
  },
};

/** The tags of a share; undefined if it does not exist. */
export function tagsOf(arn: string, call: Call): Record<string, string> | undefined {
  const share = shares(call).get(arn);
  return share && Object.fromEntries(share.tags.map(({ key = '', value = '' }) => [key, value]));
}
