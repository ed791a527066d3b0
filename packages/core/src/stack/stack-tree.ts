import { findNewestEvent, findStack, listStackResources } from './describe-stack.ts';

/** A resource of one of AWS's own types. */
export interface NativeResource {
  readonly type: `AWS::${string}`;
  /** Its physical id. */
  readonly id: string;
}

/**
 * Whether a stack, or another of the same tree of nested stacks, has created such a resource and still has it. What it
 * has imported does not count: an import takes no right to change the resource.
 *
 * It lists the stacks of the tree. DescribeStackResources gives one stack for a physical id, even if several have it
 * (aws-cloudformation/cloudformation-coverage-roadmap, issue 998), and a custom resource may have any physical id.
 */
export async function isCreatedInTree(stackId: string, native: NativeResource): Promise<boolean> {
  const seen = new Set<string>();
  const findIn = async (id: string): Promise<string | undefined> => {
    if (id === '' || seen.has(id)) return undefined;
    seen.add(id);
    const resources = (await listStackResources(id)).filter(({ ResourceStatus }) => isPresent(ResourceStatus));
    if (resources.some((each) => isSame(each, native))) return id;
    for (const { ResourceType, PhysicalResourceId = '' } of resources) {
      const found = ResourceType === 'AWS::CloudFormation::Stack' ? await findIn(PhysicalResourceId) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const owner = (await findIn(stackId)) ?? (await findIn((await findStack(stackId))?.RootId ?? ''));
  const { ResourceStatus } = (await findNewestEvent(owner ?? stackId, (each) => isOrigin(each, native))) ?? {};
  if (owner !== undefined) return !isImport(ResourceStatus);
  // A list has the replacement of a resource only; what it replaces is in the events until it is deleted.
  return ResourceStatus === 'CREATE_COMPLETE' && (await isReplaced(stackId, native));
}

async function isReplaced(stackId: string, native: NativeResource): Promise<boolean> {
  return isPresent((await findNewestEvent(stackId, (each) => isSame(each, native)))?.ResourceStatus);
}

interface Shown {
  ResourceType?: string;
  PhysicalResourceId?: string;
  ResourceStatus?: string;
}

function isSame({ ResourceType, PhysicalResourceId }: Shown, { type, id }: NativeResource): boolean {
  return ResourceType === type && PhysicalResourceId === id;
}

/** Whether an event shows how the stack came to have the resource. CloudFormation keeps events for 90 days. */
function isOrigin(event: Shown, native: NativeResource): boolean {
  return isSame(event, native) && (event.ResourceStatus === 'CREATE_COMPLETE' || isImport(event.ResourceStatus));
}

function isImport(status = ''): boolean {
  return /^IMPORT_(IN_PROGRESS|COMPLETE)$/.test(status);
}

function isPresent(status = ''): boolean {
  return !/^DELETE_(COMPLETE|SKIPPED)$/.test(status);
}
