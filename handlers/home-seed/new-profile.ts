import type { DescribeUserProfileResponse } from '@aws-sdk/client-sagemaker';
import type { Context, EventBridgeEvent } from '@studio-resources/core';
import { isTooOldForEvent, requestParametersIn } from '@studio-resources/sagemaker/create-event';

/** What the context says of when a request came, and of what it is for. */
export type SeedContext = Pick<Context, 'since' | 'stackId'>;

/**
 * The properties for a new user profile's home, from CloudTrail's CreateUserProfile event. A rule can make up all of an
 * event, so it supplies names only, which SageMaker then confirms, and the profile has to be new: its user has no work
 * there yet that could be overwritten. The content and the domain come from the environment.
 */
export function newProfile(event: EventBridgeEvent): Record<string, unknown> | undefined {
  const parameters = requestParametersIn(event, 'CreateUserProfile');
  if (!parameters) return undefined;
  const { domainId: DomainId, userProfileName: UserProfileName } = parameters;
  const { SOURCE, SOURCE_VERSION_ID, DESTINATION, OVERWRITE } = process.env;
  if (!SOURCE || DomainId === undefined || DomainId !== process.env.DOMAIN_ID) return undefined;
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

/** Throws for a profile that is not as new as an event says. */
export function assertNew({ UserProfileName, CreationTime }: DescribeUserProfileResponse, ctx: SeedContext): void {
  if (!isTooOldForEvent(CreationTime, ctx)) return;
  throw new Error(
    `Seeding the home of user profile ${UserProfileName} for an event: it is not new; only a profile of the last hour is seeded`,
  );
}
