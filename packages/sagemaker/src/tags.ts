import { AddTagsCommand, DeleteTagsCommand, paginateListTags, type Tag } from '@aws-sdk/client-sagemaker';
import type { Context } from '@studio-resources/core';
import { codeOf, sagemaker } from './client/client.ts';

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
export async function updateTags(
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

const stackIdTag = 'studio-resources:stack-id';
const logicalIdTag = 'studio-resources:logical-id';

type Owner = Pick<Context, 'stackId' | 'logicalResourceId'>;

/** The tags that everything we create carries. */
export function ownershipTags(owner: Owner): Tag[] {
  return [
    { Key: stackIdTag, Value: owner.stackId },
    { Key: logicalIdTag, Value: owner.logicalResourceId },
  ];
}

/** Who made what bears these tags; undefined where it was none of us. */
export function ownerFromTags(tags: readonly Tag[] = []): Owner | undefined {
  const values = new Map(tags.map(({ Key, Value }) => [Key, Value]));
  const [stack, logical] = [values.get(stackIdTag), values.get(logicalIdTag)];
  return stack && logical ? { stackId: stack, logicalResourceId: logical } : undefined;
}

/** Did this stack's resource make the thing with that ARN? Undefined where it has just gone: then nobody can tell. */
export async function isOwned(arn: string, owner: Owner): Promise<boolean | undefined> {
  const tags = await listTags(arn);
  return tags && hasOwnershipTags(tags, owner);
}

/** Do these tags say that this stack's resource made the thing that has them? */
export function hasOwnershipTags(tags: ReadonlyMap<string, string>, owner: Owner): boolean {
  return tags.get(stackIdTag) === owner.stackId && tags.get(logicalIdTag) === owner.logicalResourceId;
}

/** Did another resource of this stack make the thing with that ARN? */
export async function isOwnedBySameStack(arn: string, owner: Owner): Promise<boolean> {
  const tags = await listTags(arn);
  // With TagPropagation, what people make in a domain may bear the domain's own tags: those prove nothing.
  return tags?.get(stackIdTag) === owner.stackId && tags.get(logicalIdTag) !== owner.logicalResourceId;
}

/** The tags of the thing with that ARN; undefined once it is gone. */
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
    // What has just gone has no tags. SageMaker says so in two ways.
    const isGone = codeOf(error) === 'ResourceNotFound' || /could not find/i.test(String(error));
    if (!isGone) throw error;
    return undefined;
  }
  return tags;
}

/** SageMaker marks with it what it makes for a domain: the home file system and the security groups. */
export const managedByTag = 'ManagedByAmazonSageMakerResource';

/** Do these tags say that SageMaker made it for the domain with that id? Their value is the domain's ARN. */
export function isManagedBy(domainId: string, tags: readonly { Key?: string; Value?: string }[] = []): boolean {
  return tags.some(({ Key, Value }) => Key === managedByTag && Value?.endsWith(`:domain/${domainId}`));
}
