import { AddTagsCommand, DeleteTagsCommand, paginateListTags, type Tag } from '@aws-sdk/client-sagemaker';
import type { Context } from '@studio-resources/core';
import { codeOf, sagemaker } from './client/client.ts';

/** AWS reserves the first prefix for itself, this project the second. */
const reserved = ['aws:', 'studio-resources:'];

/** Throws when a template sets a reserved tag. */
export function checkTags(tags: readonly Tag[] = []): void {
  for (const { Key } of tags) {
    const prefix = reserved.find((each) => Key?.toLowerCase().startsWith(each));
    if (prefix) throw new Error(`Reading the tag ${Key}: keys that begin with ${prefix} are reserved; choose another`);
  }
}

/** The most tags that a resource of SageMaker can have. */
const maxTags = 50;

/** The tags of a template, and those of its stack for keys that the template does not have. */
export function mergeTags(own: readonly Tag[], stackTags: readonly Tag[]): Tag[] {
  // SageMaker takes keys that differ only by case for the same.
  const keys = new Set(own.map(({ Key }) => Key?.toLowerCase()));
  const isFree = ({ Key = '' }: Tag) => !reserved.some((prefix) => Key.toLowerCase().startsWith(prefix));
  return [...own, ...stackTags.filter((tag) => isFree(tag) && !keys.has(tag.Key?.toLowerCase()))];
}

/**
 * The tags to give to a resource: those of the template, and those of its stack. `bookkeeping` is how many tags of this
 * project the resource has beside them.
 *
 * @throws Error when the template sets a reserved tag, and when they are more than SageMaker takes
 */
export async function tagsWithStack(
  tags: readonly Tag[] | undefined,
  ctx: Pick<Context, 'stackTags'>,
  bookkeeping = 3,
): Promise<Tag[]> {
  const own = tags ?? [];
  checkTags(own);
  const all = mergeTags(own, await ctx.stackTags());
  assertTagCount(all.length, own.length, bookkeeping);
  return all;
}

/** Throws when there are more tags than SageMaker takes. */
export function assertTagCount(all: number, own: number, bookkeeping: number): void {
  if (all + bookkeeping <= maxTags) return;
  const ofStack = all > own ? `${own} of the template, ${all - own} of the stack` : `${own} of the template`;
  throw new Error(
    `Reading Tags: ${ofStack} and ${bookkeeping} of this project are ${all + bookkeeping}, and a resource can have ` +
      `${maxTags}. Remove ${all + bookkeeping - maxTags} of them`,
  );
}

/** Updates the tags of a resource in place from `old` to `tags`. Tags that are in neither stay. */
export async function updateTags(
  ResourceArn: string,
  tags: readonly Tag[] = [],
  old: readonly Tag[] = [],
): Promise<void> {
  const desired = new Map(tags.map(({ Key, Value }) => [Key, Value]));
  const had = new Map(old.map(({ Key, Value }) => [Key, Value]));
  const changed = tags.filter(({ Key, Value }) => had.get(Key) !== Value);
  const removed = [...had.keys()].filter((key) => key !== undefined && !desired.has(key)) as string[];
  // First, so that there is room for the new ones, and since SageMaker takes keys that differ only by case for the same.
  if (removed.length > 0) await sagemaker().send(new DeleteTagsCommand({ ResourceArn, TagKeys: removed }));
  // Those of the stack are in no old template.
  const live = changed.some(({ Key }) => !had.has(Key)) ? await listTags(ResourceArn) : undefined;
  const added = changed.filter(({ Key, Value }) => live?.get(Key!) !== Value);
  if (added.length > 0) await sagemaker().send(new AddTagsCommand({ ResourceArn, Tags: added }));
}

/** The tags of the resource with that ARN; undefined when it is gone. */
export async function listTags(ResourceArn: string): Promise<Map<string, string> | undefined> {
  const tags = new Map<string, string>();
  const pages = async () => {
    for await (const { Tags = [] } of paginateListTags({ client: sagemaker(), pageSize: 100 }, { ResourceArn })) {
      for (const { Key, Value } of Tags) tags.set(Key!, Value!);
    }
  };
  try {
    await pages();
  } catch (error) {
    // SageMaker has two errors for a resource that is gone.
    const isGone = codeOf(error) === 'ResourceNotFound' || /could not find/i.test(String(error));
    if (!isGone) throw error;
    return undefined;
  }
  return tags;
}

/** SageMaker sets this tag on what it creates for a domain: the home file system and the security groups. */
export const managedByTag = 'ManagedByAmazonSageMakerResource';

/** Whether SageMaker created it for the domain with that id: the tag's value is the domain's ARN. */
export function isManagedBy(domainId: string, tags: readonly { Key?: string; Value?: string }[] = []): boolean {
  return tags.some(({ Key, Value }) => Key === managedByTag && Value?.endsWith(`:domain/${domainId}`));
}
