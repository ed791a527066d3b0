import type { UserProfileDetails } from '@aws-sdk/client-sagemaker';
import { type Context, errorMessage, isTransient } from '@studio-resources/core';
import { BusyError } from '@studio-resources/sagemaker/client/client';
import { isDomainId } from '@studio-resources/sagemaker/domain/domain-id';
import {
  type AdoptExisting,
  type Claim,
  claimFrom,
  holderIn,
  isSameHolder,
} from '@studio-resources/sagemaker/ownership';
import { providerIn } from '@studio-resources/sagemaker/provider';
import { listTags } from '@studio-resources/sagemaker/tags';
import { findUserProfile, listUserProfiles } from '@studio-resources/sagemaker/user-profile/user-profile';
import { adaptiveConcurrency } from './adaptive-concurrency.ts';
import { keyOf } from './member.ts';
import { profileId, requestCache } from './request-cache.ts';

/** The tag with the digest of the profile's last applied properties. */
export const digestKey = 'studio-resources:digest';

/** A profile as listed. */
export interface Profile {
  name: string;
  key: string;
  status: string;
  /** Its tags, if they were read: they tell whether this resource created it, and its digest. */
  tags?: Map<string, string>;
  isOurs?: boolean;
  /** Of a member's profile that is not ours: what the request may do with it, or why it may do nothing. */
  claim?: Claim | { refused: string };
}

/**
 * The profiles of a domain, by key, with the tags of the relevant ones. Lists do not show tags, so they are read once
 * in a request: a call for each of a thousand profiles is too much for every reconcile.
 *
 * Throws BusyError until all tags are read.
 */
export async function profilesOf(
  DomainId: string,
  ctx: Context,
  isRelevant: (key: string) => boolean,
): Promise<Map<string, Profile>> {
  if (!isDomainId(DomainId)) return new Map();
  const { tags: known, created } = requestCache(ctx);
  const listed = await listUserProfiles(DomainId);
  for (const each of listed) {
    const { tags } = created.get(profileId(DomainId, keyOf(each.UserProfileName!))) ?? {};
    if (tags && !known.has(identityOf(DomainId, each))) known.set(identityOf(DomainId, each), tags);
  }
  const unread = listed.filter(
    (each) => isRelevant(keyOf(each.UserProfileName!)) && !known.has(identityOf(DomainId, each)),
  );
  const { failed } = await adaptiveConcurrency(unread, async (each) => {
    const tags = await tagsOfProfile(DomainId, each, ctx);
    if (tags) known.set(identityOf(DomainId, each), tags);
  });
  if (failed[0]) throw failed[0].error;
  const profiles = listed.map((each): Profile => {
    const name = each.UserProfileName!;
    const tags = known.get(identityOf(DomainId, each));
    const isOurs = tags && isSameHolder(holderIn(tags), ctx);
    return { name, key: keyOf(name), status: each.Status ?? '', tags, isOurs };
  });
  const remaining = profiles.filter(({ key, tags }) => isRelevant(key) && !tags).length;
  if (remaining === 0) return new Map(profiles.map((profile) => [profile.key, profile]));
  throw new BusyError(
    `Reading the tags of the user profiles of domain ${DomainId}: ${remaining} of ${profiles.length} are left`,
  );
}

/** Decides what the request may do with the profiles that others hold. CloudFormation is asked once about each holder. */
export async function claimProfiles(
  profiles: readonly Profile[],
  { DomainId, adopt }: { DomainId: string; adopt: AdoptExisting },
  ctx: Context,
): Promise<void> {
  const { holderStatus, log } = ctx;
  const statuses = new Map<string, ReturnType<typeof holderStatus>>();
  const asked: typeof holderStatus = (holder) => {
    const key = `${holder.stackId} ${holder.logicalResourceId}`;
    if (!statuses.has(key)) statuses.set(key, holderStatus(holder));
    return statuses.get(key)!;
  };
  // What was decided is logged when it is done, not on every read.
  const quiet = { ...ctx, holderStatus: asked, log: { ...log, info() {} } };
  for (const profile of profiles) {
    if (profile.isOurs) continue;
    const { tags = new Map<string, string>() } = profile;
    try {
      profile.claim = await claimFrom(
        holderIn(tags),
        { what: 'its profile', adopt, DomainId, provider: providerIn(tags) },
        quiet,
      );
    } catch (error) {
      if (isTransient(error)) throw error;
      const reason = errorMessage(error).replace(/^(?:Creating|Adopting) its profile: (it exists)?/, (_, exists) =>
        exists ? 'its profile exists' : 'its profile: ',
      );
      profile.claim = { refused: reason };
    }
  }
}

function arnOf(DomainId: string, name: string, { partition, region, account }: Context): string {
  return `arn:${partition}:sagemaker:${region}:${account}:user-profile/${DomainId}/${name}`;
}

/** Distinguishes a profile from a later one with the same name. */
function identityOf(DomainId: string, { UserProfileName, CreationTime }: UserProfileDetails): string {
  return `${profileId(DomainId, keyOf(UserProfileName!))} ${CreationTime?.getTime()}`;
}

async function tagsOfProfile(DomainId: string, { UserProfileName }: UserProfileDetails, ctx: Context) {
  const tags = await listTags(arnOf(DomainId, UserProfileName!, ctx));
  if (tags) return tags;
  // It was deleted, or its ARN has its name in another case.
  const profile = await findUserProfile({ DomainId, UserProfileName: UserProfileName! });
  return profile && listTags(profile.UserProfileArn!);
}
