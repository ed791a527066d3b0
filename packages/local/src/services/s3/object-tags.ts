import type * as S3 from '@aws-sdk/client-s3';
import { AwsError } from '../../errors.ts';
import { getVersion, type Operations } from './state.ts';

/** How many tags an object takes; a bucket takes more. */
const most = 10;

/** The tags of an `x-amz-tagging` header, `a=b&c=d`. */
export function parseTags(header: string | undefined): S3.Tag[] {
  return [...new URLSearchParams(header)].map(([Key, Value]) => ({ Key, Value }));
}

/** Tags as such a header has them. */
export function headerOf(tags: S3.Tag[]): string {
  return new URLSearchParams(tags.map(({ Key = '', Value = '' }): [string, string] => [Key, Value])).toString();
}

/** The same tags, if these may be an object's. */
export function checkTags(tags: S3.Tag[]): S3.Tag[] {
  if (tags.length > most) throw new AwsError('BadRequest', `Object tags cannot be greater than ${most}`);
  const keys = tags.map(({ Key = '' }) => Key);
  if (new Set(keys).size < keys.length) {
    throw new AwsError('InvalidTag', 'Cannot provide multiple Tags with the same key');
  }
  for (const { Key = '', Value = '' } of tags) {
    if (Key.startsWith('aws:')) {
      throw new AwsError('InvalidTag', 'System tags cannot be added/updated by requester');
    }
    if (!isTagText(Key) || Key === '' || Key.length > 128) {
      throw new AwsError('InvalidTag', 'The TagKey you have provided is invalid', { members: { TagKey: Key } });
    }
    if (!isTagText(Value) || Value.length > 256) {
      const members = { TagKey: Key, TagValue: Value };
      throw new AwsError('InvalidTag', 'The TagValue you have provided is invalid', { members });
    }
  }
  return tags;
}

function isTagText(text: string): boolean {
  return /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(text);
}

export const objectTagOperations: Operations = {
  PutObjectTagging(input, call) {
    const version = getVersion(call, input);
    version.tags = checkTags(input.Tagging?.TagSet ?? []);
    return { VersionId: version.versionId === 'null' ? undefined : version.versionId };
  },
  GetObjectTagging(input, call) {
    const version = getVersion(call, input);
    return { TagSet: version.tags, VersionId: version.versionId === 'null' ? undefined : version.versionId };
  },
  DeleteObjectTagging(input, call) {
    getVersion(call, input).tags = [];
    return {};
  },
};
