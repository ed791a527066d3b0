import type { Context } from '@studio-resources/core';
import { findNewestEvent, findStack, findTemplateResources, type TemplateResource } from '@studio-resources/core/stack';
import { type ContentsKey, isContent, isDomain, listNativeResources, type NativeResource } from './native-resources.ts';

/** What becomes of a native resource: `foreign` is not a resource of this stack. */
type Outlook = { is: 'leaving' | 'foreign' } | { is: 'staying'; logicalId: string };

interface ObservedStack {
  stackId: string;
  isDeleting: boolean;
  resources: readonly NativeResource[];
  template: ReadonlyMap<string, TemplateResource>;
}

/**
 * Why the contents of a domain or user profile are retained in a deletion. Undefined when they may be deleted: the stack
 * is being deleted, or the domain or profile leaves it in the same update. Then CloudFormation deletes that next, and
 * fails while it has contents. A rename, a removal or a change of the custom resource alone deletes nothing.
 *
 * @throws the service's error when CloudFormation does not say
 */
export async function retentionReason(key: ContentsKey, { stackId }: Context): Promise<string | undefined> {
  const { StackStatus } = (await findStack(stackId)) ?? {};
  if (StackStatus === undefined) return 'CloudFormation does not show the stack';
  // The domain existed before the update, and continues to exist.
  if (StackStatus.includes('ROLLBACK')) return 'the stack is rolling back';
  const isDeleting = StackStatus.startsWith('DELETE_');
  const resources = await listNativeResources(stackId);
  const template = await findTemplateResources(stackId);
  const stack: ObservedStack = { stackId, isDeleting, resources, template };
  const { DomainId, UserProfileName } = key;
  const domain = await outlookOf(stack, (each) => isDomain(each, DomainId));
  if (domain.is === 'leaving') return undefined;
  const profile: Outlook =
    UserProfileName === undefined
      ? { is: 'foreign' }
      : await outlookOf(stack, (each) => isContent(each, 'UserProfile', DomainId, [UserProfileName]));
  if (profile.is === 'leaving') return undefined;
  if (profile.is === 'staying') return `${profile.logicalId} keeps user profile ${UserProfileName}`;
  if (domain.is === 'staying') return `${domain.logicalId} keeps domain ${DomainId}`;
  return isDeleting ? undefined : `the update removes no native resource of domain ${DomainId} from this stack`;
}

async function outlookOf(
  stack: ObservedStack,
  isMeant: (resource: Pick<NativeResource, 'type' | 'id'>) => boolean,
): Promise<Outlook> {
  const { isDeleting, resources, template } = stack;
  const found = resources.find(isMeant);
  if (!found) return isDeleting ? { is: 'foreign' } : outlookOfReplaced(stack, isMeant);
  const { logicalId, status } = found;
  // CloudFormation gives up what an earlier update has failed to delete.
  if (!isDeleting && status === 'DELETE_FAILED') return { is: 'foreign' };
  const declared = template.get(logicalId);
  const isStaying = isDeleting ? isRetained(declared?.deletionPolicy) : declared !== undefined;
  return isStaying ? { is: 'staying', logicalId } : { is: 'leaving' };
}

/** CloudFormation lists the replacement of a resource only. The events of the update name the replaced one. */
async function outlookOfReplaced(
  { stackId, resources, template }: ObservedStack,
  isMeant: (resource: Pick<NativeResource, 'type' | 'id'>) => boolean,
): Promise<Outlook> {
  const event = await findNewestEvent(stackId, ({ ResourceType: type = '', PhysicalResourceId: id = '', ...each }) => {
    const isStart = id === stackId && each.ResourceStatus === 'UPDATE_IN_PROGRESS';
    return isStart || isMeant({ type, id });
  });
  const { LogicalResourceId: logicalId = '', ResourceStatus = '' } = event ?? {};
  const isReplaced = resources.some((each) => each.logicalId === logicalId);
  if (!isReplaced || ResourceStatus.startsWith('DELETE_')) return { is: 'foreign' };
  return isRetained(template.get(logicalId)?.updateReplacePolicy) ? { is: 'staying', logicalId } : { is: 'leaving' };
}

function isRetained(policy: string | undefined): boolean {
  return policy?.startsWith('Retain') ?? false;
}
