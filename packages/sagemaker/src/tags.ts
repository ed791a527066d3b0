import { AddTagsCommand, DeleteTagsCommand, type Tag } from '@aws-sdk/client-sagemaker';
import { sagemaker } from './client/clients.ts';

/** Tag keys with these beginnings are AWS's, and ours. */
const reserved = ['aws:', 'studio-resources:'];

/** Rejects tags that a template may not set. */
export function checkTags(tags: readonly Tag[] = []): void {
  for (const { Key } of tags) {
    const prefix = reserved.find((each) => Key?.toLowerCase().startsWith(each));
    if (prefix) throw new Error(`Reading the tag ${Key}: keys that begin with ${prefix} are reserved; choose another`);
  }
}

/** Brings the tags of a resource from `old` to `tags`, in place; leaves every tag alone that neither of them names. */
export async function changeTags(
  ResourceArn: string,
  tags: readonly Tag[] = [],
  old: readonly Tag[] = [],
): Promise<void> {
  const wanted = new Map(tags.map(({ Key, Value }) => [Key, Value]));
  const had = new Map(old.map(({ Key, Value }) => [Key, Value]));
  const added = tags.filter(({ Key, Value }) => had.get(Key) !== Value);
  const removed = [...had.keys()].filter((key) => key !== undefined && !wanted.has(key)) as string[];
  if (added.length > 0) await sagemaker().send(new AddTagsCommand({ ResourceArn, Tags: added }));
  if (removed.length > 0) await sagemaker().send(new DeleteTagsCommand({ ResourceArn, TagKeys: removed }));
}
