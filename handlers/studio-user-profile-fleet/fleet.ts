import type { DescribeDomainResponse } from '@aws-sdk/client-sagemaker';
import type { Context, Status } from '@studio-resources/core';
import { mapConcurrent } from '@studio-resources/sagemaker/client/client';
import { type Described, isTransitioning, statusOf } from '@studio-resources/sagemaker/client/status';
import { findDomain } from '@studio-resources/sagemaker/domain/domain';
import { findUserProfile } from '@studio-resources/sagemaker/user-profile/user-profile';
import type { Member, Roster } from './member.ts';
import { type Plan, planFleet } from './plan.ts';
import { claimProfiles, type Profile, profilesOf } from './profiles.ts';
import { noteFailure, progressNotes, visibleWithin } from './progress-notes.ts';
import type { Props } from './properties.ts';
import { failureReport, formatNumber, formatProgress } from './report.ts';
import { listedKeys, rosterOf } from './roster.ts';

/** The observed state of a fleet. */
export interface Fleet {
  DomainId: string;
  roster: Roster;
  plan: Plan;
  isAllOrNothing: boolean;
  /** As just described. While SageMaker updates the domain, it creates no profiles. */
  domain?: DescribeDomainResponse;
  /** The fleet is as desired as far as the lists show, but they may not be complete yet. */
  awaitsVisibility?: boolean;
  /** Why no change is made at all. */
  refusal?: string;
}

/** Reads the existing profiles, and compares them with the desired ones. */
export async function readFleet(DomainId: string, props: Props, ctx: Context): Promise<Fleet> {
  const roster = await rosterOf(props, ctx);
  const { AllOrNothing: isAllOrNothing, AdoptExisting, MaxRemovals } = props;
  const domain = await findDomain(DomainId);
  const listed = listedKeys(roster);
  // A Create has no profiles to remove.
  const isRelevant = (key: string) => ctx.requestType === 'Update' || listed.has(key);
  const profiles = domain ? await profilesOf(DomainId, ctx, isRelevant) : new Map<string, Profile>();
  const members = [...profiles.values()].filter(({ key }) => listed.has(key));
  await claimProfiles(members, { DomainId, adopt: AdoptExisting }, ctx);
  const plan = planFleet(roster, profiles, AdoptExisting, progressNotes(DomainId, ctx));
  await diagnoseFailures(DomainId, plan, ctx);
  const awaitsVisibility = isComplete(plan) && (await withinVisibilityWindow(ctx));
  const fleet = { DomainId, roster, plan, isAllOrNothing, domain, awaitsVisibility };
  if (!domain) return { ...fleet, refusal: missingDomain(DomainId) };
  if (plan.removals.length <= MaxRemovals || (await ctx.isRollingBack())) return fleet;
  return { ...fleet, refusal: tooManyRemovals(plan.removals, MaxRemovals) };
}

/** In a rollback, profiles that the failed update has just created have to be removed, and may not be listed yet. */
async function withinVisibilityWindow(ctx: Context): Promise<boolean> {
  const isEarly = ctx.requestType === 'Update' && Date.now() - ctx.since.getTime() < visibleWithin;
  return isEarly && (await ctx.isRollingBack());
}

function isComplete({ steps, removals, transitioning }: Plan): boolean {
  return steps.length + removals.length + transitioning === 0;
}

export function missingDomain(DomainId: string): string {
  return `Reading DomainId: domain ${DomainId} does not exist in this account and Region; give the id of one that does`;
}

function tooManyRemovals(removals: readonly Profile[], MaxRemovals: number): string {
  const count = removals.length;
  const names = removals
    .map(({ name }) => name)
    .sort()
    .slice(0, 10);
  const more = count > names.length ? ` and ${formatNumber(count - names.length)} more` : '';
  return (
    `it would remove ${formatNumber(count)} user profiles, and MaxRemovals is ${MaxRemovals}: ${names.join(', ')}${more}. ` +
    `To remove them, set MaxRemovals to ${count} or more; else list them again`
  );
}

/** Reads the failure reasons from SageMaker, once for each profile, and stores them. */
async function diagnoseFailures(DomainId: string, plan: Plan, ctx: Context): Promise<void> {
  await mapConcurrent(plan.toDiagnose, async ({ profile: { name, key }, member }) => {
    const reason = await failureReasonOf(DomainId, name);
    if (reason === undefined) plan.transitioning += 1;
    else {
      recordFailure(DomainId, { key, place: member?.place, name: member?.name ?? name }, reason, ctx);
      plan.failures.push({ place: member?.place, name: member?.name ?? name, reason });
    }
  });
}

/** Why a profile failed; undefined when its status has changed since it was listed. */
export async function failureReasonOf(DomainId: string, UserProfileName: string): Promise<string | undefined> {
  const profile: Described | undefined = await findUserProfile({ DomainId, UserProfileName });
  const status = profile && statusOf(profile, 'its profile');
  return typeof status === 'object' && 'failed' in status ? status.failed : undefined;
}

/** Stores and logs the failure of one member. */
export function recordFailure(
  DomainId: string,
  { key, place, name }: Pick<Profile, 'key' | 'name'> & Partial<Pick<Member, 'place'>>,
  reason: string,
  ctx: Context,
): void {
  noteFailure(DomainId, key, reason, ctx);
  ctx.log.warn('A member failed', { member: name, place, reason });
}

export function statusOfFleet(fleet: Fleet): Status {
  const { plan, roster, refusal, isAllOrNothing, domain, DomainId, awaitsVisibility } = fleet;
  if (refusal !== undefined) return { failed: refusal };
  const { removals, failures, ready } = plan;
  const total = totalOf(roster);
  const count = failedCount(fleet);
  if (isAllOrNothing && failures.length > 0) {
    return { failed: `${count}, and AllOrNothing rolls the others back: ${failureReport(failures)}` };
  }
  if (!isComplete(plan)) {
    const progress = formatProgress({ ready, total, failed: failures.length, removals: removals.length });
    const { Status } = domain ?? {};
    return { pending: isTransitioning(Status) ? `${progress}; domain ${DomainId} is ${Status}` : progress };
  }
  if (awaitsVisibility) return { pending: 'the lists to show what the failed update created' };
  return ready === 0 && failures.length > 0 ? { failed: `${count}: ${failureReport(failures)}` } : 'ready';
}

/** What the stack event says of a fleet that is in service in part. */
export function summaryOfFleet(fleet: Fleet): string | undefined {
  const { failures } = fleet.plan;
  return failures.length === 0 ? undefined : `${failedCount(fleet)}: ${failureReport(failures)}`;
}

function failedCount({ plan: { failures }, roster }: Fleet): string {
  return `${formatNumber(failures.length)} of ${formatNumber(totalOf(roster))} members failed`;
}

export function attributesOfFleet({ DomainId, roster, plan: { failures } }: Fleet): Record<string, string> {
  return {
    DomainId,
    MemberCount: String(totalOf(roster)),
    FailedCount: String(failures.length),
    Failed: failureReport(failures),
    Digest: roster.digest,
  };
}

function totalOf({ members, invalid }: Roster): number {
  return members.length + invalid.length;
}
