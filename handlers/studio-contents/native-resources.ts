import { listStackResources } from '@studio-resources/core/stack';

/** A domain, or a user profile in it. */
export interface ContentsKey {
  DomainId: string;
  UserProfileName?: string;
}

/** A resource of one of SageMaker's own types in a stack. */
export interface NativeResource {
  type: string;
  logicalId: string;
  id: string;
  status?: string;
}

/** The stack's resources of SageMaker types that CloudFormation has not deleted yet. */
export async function listNativeResources(stackId: string): Promise<NativeResource[]> {
  const resources = await listStackResources(stackId);
  return resources.flatMap(
    ({ ResourceType: type = '', LogicalResourceId, PhysicalResourceId: id, ResourceStatus: status }) => {
      const isGone = status === 'DELETE_COMPLETE' || status === 'DELETE_SKIPPED';
      if (!type.startsWith('AWS::SageMaker::') || !id || isGone) return [];
      return [{ type, logicalId: LogicalResourceId ?? '', id, status }];
    },
  );
}

/** Whether that is the domain. */
export function isDomain({ type, id }: Pick<NativeResource, 'type' | 'id'>, DomainId: string): boolean {
  return type === 'AWS::SageMaker::Domain' && id.toLowerCase() === DomainId.toLowerCase();
}

/** Whether that is the resource of a domain that has this type and these names. */
export function isContent(
  { type, id }: Pick<NativeResource, 'type' | 'id'>,
  expected: 'App' | 'Space' | 'UserProfile',
  DomainId: string,
  names: readonly (string | undefined)[],
): boolean {
  return type === `AWS::SageMaker::${expected}` && isPhysicalId(id, [DomainId, ...names]);
}

/**
 * Whether it is the physical id of the resource with these names. CloudFormation joins the identifying properties with
 * `|`; some types had the name alone.
 */
function isPhysicalId(id: string, names: readonly (string | undefined)[]): boolean {
  const known = names.map((name) => name?.toLowerCase());
  const parts = id.toLowerCase().split('|');
  return parts.every((part) => known.includes(part)) && parts.some((part) => part !== known[0]);
}
