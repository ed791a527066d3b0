import type * as EFS from '@aws-sdk/client-efs';
import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { getAccessPoint, getFileSystem, type Operations, page } from './records.ts';

const mostTags = 50;

/** Throws unless these may be the tags of one thing. */
export function checkTags(tags: EFS.Tag[]): void {
  if (tags.length > mostTags) throw new AwsError('BadRequest', 'A resource takes at most 50 tags.');
  if (new Set(tags.map(({ Key }) => Key)).size < tags.length) {
    throw new AwsError('BadRequest', 'A tag key is given more than once.');
  }
}

/** A file system or an access point, by its id or ARN. */
function tagged(idOrArn: string | undefined, call: Call): { Tags: EFS.Tag[] } {
  return /(^|\/)fsap-/.test(idOrArn ?? '') ? getAccessPoint(idOrArn, call) : getFileSystem(idOrArn, call);
}

function add(to: { Tags: EFS.Tag[] }, added: EFS.Tag[]): void {
  const keys = new Set(added.map(({ Key }) => Key));
  const all = [...to.Tags.filter(({ Key }) => !keys.has(Key)), ...added];
  checkTags(all);
  to.Tags = all;
}

function take(from: { Tags: EFS.Tag[] }, keys: string[]): void {
  from.Tags = from.Tags.filter(({ Key }) => !keys.includes(Key!));
}

const keyOf = ({ Key }: EFS.Tag) => Key!;

export const tagOperations: Operations = {
  TagResource({ ResourceId, Tags = [] }, call) {
    add(tagged(ResourceId, call), Tags);
    return {};
  },

  UntagResource({ ResourceId, TagKeys = [] }, call) {
    take(tagged(ResourceId, call), TagKeys);
    return {};
  },

  ListTagsForResource({ ResourceId, NextToken, MaxResults }, call) {
    const { items, token } = page(tagged(ResourceId, call).Tags, keyOf, NextToken, MaxResults);
    return { Tags: items, NextToken: token };
  },

  CreateTags({ FileSystemId, Tags = [] }, call) {
    add(getFileSystem(FileSystemId, call), Tags);
    return {};
  },

  DeleteTags({ FileSystemId, TagKeys = [] }, call) {
    take(getFileSystem(FileSystemId, call), TagKeys);
    return {};
  },

  DescribeTags({ FileSystemId, Marker, MaxItems }, call) {
    const { items, token } = page(getFileSystem(FileSystemId, call).Tags, keyOf, Marker, MaxItems);
    return { Tags: items, Marker, NextMarker: token };
  },
};

/** The tags of what an ARN names; undefined if it does not exist. */
export function tagsOf(arn: string, call: Call): Record<string, string> | undefined {
  try {
    return Object.fromEntries(tagged(arn, call).Tags.map(({ Key, Value }) => [Key!, Value!]));
  } catch {
    return undefined;
  }
}
