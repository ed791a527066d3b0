import type { EventBridgeEvent } from '@studio-resources/core';
import { mountedDomain } from './homes.ts';

/**
 * The properties for a new user profile's home, from CloudTrail's CreateUserProfile event. The content and the domain
 * come from the environment. The event supplies names only, which SageMaker then confirms: a caller who sends a forged
 * event can at most have a home seeded that would be seeded anyway.
 */
export function newProfile({ source, detail }: EventBridgeEvent): Record<string, unknown> | undefined {
  const { eventName, requestParameters, errorCode } = detail;
  if (source !== 'aws.sagemaker' || eventName !== 'CreateUserProfile' || errorCode !== undefined) return undefined;
  const { domainId: DomainId, userProfileName: UserProfileName } = Object(requestParameters);
  const { SOURCE, SOURCE_VERSION_ID, DESTINATION, OVERWRITE } = process.env;
  if (!SOURCE || DomainId === undefined || DomainId !== mountedDomain()) return undefined;
  return {
    DomainId,
    // Undefined would select all homes of the domain.
    UserProfileName: UserProfileName ?? '',
    Source: SOURCE,
    SourceVersionId: SOURCE_VERSION_ID || undefined,
    Destination: DESTINATION || undefined,
    Overwrite: OVERWRITE || undefined,
  };
}
