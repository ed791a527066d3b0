import type { EventBridgeEvent } from '@studio-resources/core';
import { mountedDomain } from './homes.ts';

/**
 * The seed of a profile that somebody has just made. What goes into its home, and which domain's homes they are, the
 * function's own environment says. Of the event, only the names are used, to ask SageMaker: whoever may invoke the
 * function can send any event, and then at most has a home seeded as it would be anyway.
 */
export function newProfile({ source, detail }: EventBridgeEvent): Record<string, unknown> | undefined {
  const { eventName, requestParameters, errorCode } = detail;
  if (source !== 'aws.sagemaker' || eventName !== 'CreateUserProfile' || errorCode !== undefined) return undefined;
  const { domainId: DomainId, userProfileName: UserProfileName } = Object(requestParameters);
  const { SOURCE, SOURCE_VERSION_ID, DESTINATION, OVERWRITE } = process.env;
  if (!SOURCE || DomainId === undefined || DomainId !== mountedDomain()) return undefined;
  return {
    DomainId,
    // Without one it would be everybody's home.
    UserProfileName: UserProfileName ?? '',
    Source: SOURCE,
    SourceVersionId: SOURCE_VERSION_ID || undefined,
    Destination: DESTINATION || undefined,
    Overwrite: OVERWRITE || undefined,
  };
}
