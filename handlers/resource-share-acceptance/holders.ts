import { type Context, nameOfHolder } from '@studio-resources/core';
import { findStack, listStackResources, listStacks } from '@studio-resources/core/stack';
import { mapConcurrent } from '@studio-resources/sagemaker/client/client';

type Held = Pick<Context, 'stackId' | 'logicalResourceId' | 'resourceType' | 'notes'>;

/** What is known of other holders of a share. `unknown`: there are more stacks to look at. */
export type OtherHolders = 'none' | 'unknown' | { heldBy: string };

/**
 * Looks for another resource, in any stack of the account and Region, that has the share as its physical id: in the
 * request's own stack first, and then in as many stacks as a page of ListStacks has; called again, it goes on. RAM does
 * not show who accepted a share, and DescribeStackResources finds a physical id in one stack only.
 */
export async function findOtherHolders(arn: string, ctx: Held): Promise<OtherHolders> {
  const { notes, stackId } = ctx;
  if (notes.stacksListed === true) return 'none';
  if (notes.nextStacks === undefined) {
    const heldBy = await findHolderIn(stackId, arn, ctx);
    if (heldBy !== undefined) return { heldBy };
  }
  const { stackIds, nextToken } = await listStacks(typeof notes.nextStacks === 'string' ? notes.nextStacks : undefined);
  const others = stackIds.filter((each) => each !== stackId);
  const found = await mapConcurrent(others, (each) => findHolderIn(each, arn, ctx));
  const heldBy = found.find((each) => each !== undefined);
  if (heldBy !== undefined) return { heldBy };
  notes.nextStacks = nextToken;
  if (nextToken !== undefined) return 'unknown';
  notes.stacksListed = true;
  return 'none';
}

/** Whether the request's stack is rolling back. */
export async function isRollingBack({ stackId }: Pick<Context, 'stackId'>): Promise<boolean> {
  return (await findStack(stackId))?.StackStatus?.includes('ROLLBACK') ?? false;
}

/** The resource of a stack that holds the share, as messages name it. */
async function findHolderIn(stack: string, arn: string, ctx: Held): Promise<string | undefined> {
  const { stackId, logicalResourceId, resourceType } = ctx;
  const types = ['Custom::ResourceShareAcceptance', resourceType];
  for (const resource of await listStackResources(stack)) {
    const { LogicalResourceId = '', PhysicalResourceId, ResourceStatus = '', ResourceType = '' } = resource;
    if (stack === stackId && LogicalResourceId === logicalResourceId) continue;
    const isReleased = /^DELETE_(IN_PROGRESS|COMPLETE|SKIPPED)$/.test(ResourceStatus);
    // It has no physical id before it is created, and may be about to find that the share is accepted already.
    const isStarting = !PhysicalResourceId && ResourceStatus === 'CREATE_IN_PROGRESS' && types.includes(ResourceType);
    if (isStarting || (PhysicalResourceId === arn && !isReleased)) {
      return nameOfHolder({ stackId: stack, logicalResourceId: LogicalResourceId });
    }
  }
  return undefined;
}
