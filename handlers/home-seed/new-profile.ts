import type { DescribeUserProfileResponse } from '@aws-sdk/client-sagemaker';
import { type Context, type EventBridgeEvent, isForEvent } from '@studio-resources/core';

/** What the context says of when a request came, and of what it is for. */
export type SeedContext = Pick<Context, 'since' | 'stackId'>;

/** CloudTrail reports a call within minutes, and Lambda keeps an event for half an hour. In milliseconds. */
const newWithin = 3_600_000;

/**
 * The properties for a new user profile's home, from CloudTrail's CreateUserProfile event. A rule can make up all of an
 * event, so it supplies names only, which SageMaker then confirms, and the profile has to be new: its user has no work
 * there yet that could be overwritten. The content and the domain come from the environment.
 */
export function newProfile({ source, detail }: EventBridgeEvent): Record<string, unknown> | undefined {
  const { eventName, eventSource, requestParameters, errorCode } = detail;
  if (source !== 'aws.sagemaker' || eventSource !== 'sagemaker.amazonaws.com') return undefined;
  if (eventName !== 'CreateUserProfile' || errorCode !== undefined) return undefined;
  const { domainId: DomainId, userProfileName: UserProfileName } = Object(requestParameters);
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
  if (!isForEvent(ctx) || ctx.since.getTime() - (CreationTime?.getTime() ?? 0) <= newWithin) return;
  throw new Error(
    `Seeding the home of user profile ${UserProfileName} for an event: it is not new; only a profile of the last hour is seeded`,
  );
}
