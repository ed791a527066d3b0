import { createHash } from 'node:crypto';
import type { Tag } from '@aws-sdk/client-sagemaker';

/** A member as a template asks for it. */
export interface Member {
  UserProfileName: string;
  Tags?: Tag[];
}

/** The members that a resource's properties ask for, by their profiles' ids; undefined where it is no fleet. */
export function membersIn({ DomainId, Members }: Record<string, unknown>): Map<string, Member> | undefined {
  if (!Array.isArray(Members)) return undefined;
  return new Map((Members as Member[]).map((member) => [`${DomainId}/${member.UserProfileName}`, member]));
}

/** The physical id of the fleet that has made a profile in a domain, as the profile's tags say; or undefined. */
export function fleetOf(DomainId: string, tags: readonly Tag[] = []): string | undefined {
  const tagOf = (key: string) => tags.find(({ Key }) => Key === `studio-resources:${key}`)?.Value;
  if (tagOf('digest') === undefined) return undefined;
  const text = `${tagOf('stack-id')} ${tagOf('logical-id')}`;
  return `${DomainId}/fleet-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}
