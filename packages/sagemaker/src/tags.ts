import { createHash } from 'node:crypto';
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

const stackIdTag = 'studio-resources:stack-id';
const logicalIdTag = 'studio-resources:logical-id';

type Owner = Pick<Context, 'stackId' | 'logicalResourceId'>;

/** The tags that show which stack and logical id created a resource. */
export function ownershipTags(owner: Owner): Tag[] {
  return [
    { Key: stackIdTag, Value: owner.stackId },
    { Key: logicalIdTag, Value: owner.logicalResourceId },
  ];
}

/** A hash of the owner, as hexadecimal digits, for names and ids. */
export function ownerHash({ stackId, logicalResourceId }: Owner, length: number): string {
  return createHash('sha256').update(`${stackId} ${logicalResourceId}`).digest('hex').slice(0, length);
}

/** The owner in these tags; undefined when they have no ownership tags. */
export function ownerFromTags(tags: readonly Tag[] = []): Owner | undefined {
  const values = new Map(tags.map(({ Key, Value }) => [Key, Value]));
  const [stack, logical] = [values.get(stackIdTag), values.get(logicalIdTag)];
  return stack && logical ? { stackId: stack, logicalResourceId: logical } : undefined;
}

/** Whether this stack's resource created the resource with that ARN. Undefined when it is gone. */
export async function isOwned(arn: string, owner: Owner): Promise<boolean | undefined> {
  const tags = await listTags(arn);
  return tags && hasOwnershipTags(tags, owner);
}

/** Whether these tags name this stack's resource as the owner. */
export function hasOwnershipTags(tags: ReadonlyMap<string, string>, owner: Owner): boolean {
  return tags.get(stackIdTag) === owner.stackId && tags.get(logicalIdTag) === owner.logicalResourceId;
}

/** Whether another resource of the same stack created the resource with that ARN. */
export async function isOwnedBySameStack(arn: string, owner: Owner): Promise<boolean> {
  const tags = await listTags(arn);
  // With TagPropagation, SageMaker copies the domain's own tags to what users create. Those prove nothing.
  return tags?.get(stackIdTag) === owner.stackId && tags.get(logicalIdTag) !== owner.logicalResourceId;
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
