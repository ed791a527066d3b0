import { AddTagsCommand, DeleteTagsCommand, paginateListTags, type Tag } from '@aws-sdk/client-sagemaker';
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

/** Updates the tags of a resource in place from `old` to `tags`. Tags that are in neither stay. */
export async function updateTags(
  ResourceArn: string,
  tags: readonly Tag[] = [],
  old: readonly Tag[] = [],
): Promise<void> {
  const desired = new Map(tags.map(({ Key, Value }) => [Key, Value]));
  const had = new Map(old.map(({ Key, Value }) => [Key, Value]));
  const added = tags.filter(({ Key, Value }) => had.get(Key) !== Value);
  const removed = [...had.keys()].filter((key) => key !== undefined && !desired.has(key)) as string[];
  if (added.length > 0) await sagemaker().send(new AddTagsCommand({ ResourceArn, Tags: added }));
  if (removed.length > 0) await sagemaker().send(new DeleteTagsCommand({ ResourceArn, TagKeys: removed }));
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
