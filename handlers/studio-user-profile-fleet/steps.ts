import { isDeepStrictEqual } from 'node:util';
import { CreateUserProfileCommand, type DescribeDomainResponse, type UserSettings } from '@aws-sdk/client-sagemaker';
import { type Context, nameOfHolder } from '@studio-resources/core';
import { BusyError, codeOf, sagemakerWithoutRetries } from '@studio-resources/sagemaker/client/client';
import { type Contents, ownedByProfiles } from '@studio-resources/sagemaker/contents/contents';
import type { DeleteContents } from '@studio-resources/sagemaker/contents/deletable';
import { createInIdleDomain } from '@studio-resources/sagemaker/domain/domain';
import {
  holderIn,
  ownershipTags,
  previousHolderIn,
  returnOwnership,
  transferTags,
} from '@studio-resources/sagemaker/ownership';
import { withoutIdleUserGroup } from '@studio-resources/sagemaker/settings/rstudio';
import { assertTagCount } from '@studio-resources/sagemaker/tags';
import { deleteUserProfileWithContents } from '@studio-resources/sagemaker/user-profile/delete-user-profile';
import {
  deleteUserProfile,
  findUserProfile,
  updateUserProfile,
} from '@studio-resources/sagemaker/user-profile/user-profile';
import { isStructure, type Member } from './member.ts';
import type { Step } from './plan.ts';
import { digestKey, type Profile } from './profiles.ts';
import { profileId, requestCache } from './request-cache.ts';

/** What the steps need. */
export interface StepContext {
  DomainId: string;
  /** The domain as described before the steps. */
  domain?: DescribeDomainResponse;
  ctx: Context;
  /** The members before the update, by key. */
  before: ReadonlyMap<string, Member>;
  /** The contents of the domain, when profiles have to be removed. */
  contents: Contents;
  choice: DeleteContents;
}

/** Takes a step. Returns whether it is done, so that the profile's status is its result from now on. */
export async function takeStep(step: Step, context: StepContext): Promise<boolean> {
  const { DomainId, ctx, contents, choice } = context;
  switch (step.kind) {
    case 'create':
      return create(step.member, context);
    case 'update':
      return update(step.member, step.profile, context);
    case 'recreate':
      await deleteUserProfile({ DomainId, UserProfileName: step.profile.name });
      return false;
    case 'delete': {
      const { name, tags } = step.profile;
      const isTakenOver = tags && previousHolderIn(tags);
      const profile = isTakenOver && (await findUserProfile({ DomainId, UserProfileName: name }));
      if (profile && (await returnOwnership(`user profile ${name}`, profile.UserProfileArn!, tags, ctx))) {
        // From now on, another logical id holds it.
        tags.clear();
        return true;
      }
      return deleteUserProfileWithContents(
        { DomainId, UserProfileName: name },
        ownedByProfiles([name], contents),
        choice,
        ctx,
      );
    }
  }
}

async function create({ name, key, digest, desired }: Member, context: StepContext): Promise<boolean> {
  const { DomainId, domain, ctx } = context;
  const { SingleSignOnUserValue, UserSettings } = desired;
  const user =
    SingleSignOnUserValue === undefined ? {} : { SingleSignOnUserIdentifier: 'UserName', SingleSignOnUserValue };
  assertMemberTags(desired.Tags);
  const Tags = [...(desired.Tags ?? []), ...ownershipTags(ctx), { Key: digestKey, Value: digest }];
  const input = { DomainId, UserProfileName: name, ...user, UserSettings, Tags };
  const command = new CreateUserProfileCommand(withoutIdleUserGroup(input));
  try {
    const make = () => sagemakerWithoutRetries().send(command);
    await createInIdleDomain(DomainId, `user profile ${name}`, make, domain);
  } catch (error) {
    // It was created since the last read. The next reconcile reads its owner.
    throw codeOf(error) === 'ResourceInUse' ? new BusyError(`Creating user profile ${name}`, { cause: error }) : error;
  }
  const tags = new Map(Tags.map(({ Key, Value }) => [Key!, Value!]));
  requestCache(ctx).created.set(profileId(DomainId, key), { at: Date.now(), tags });
  return true;
}

/** Updates a profile to the desired properties. Settings in neither the old nor the new properties stay. */
async function update(
  member: Member,
  { tags = new Map(), isOurs, claim }: Profile,
  context: StepContext,
): Promise<boolean> {
  const { DomainId, ctx, before } = context;
  const { name, key, digest, desired } = member;
  const profile = await findUserProfile({ DomainId, UserProfileName: name });
  // It was deleted meanwhile; the next reconcile sees that.
  if (!profile) return false;
  const user = desired.SingleSignOnUserValue;
  if (user !== undefined && profile.SingleSignOnUserValue !== user) {
    const has = profile.SingleSignOnUserValue ?? 'none';
    throw new Error(
      `its SingleSignOnUserValue is ${has}, not ${user}, and that cannot be changed. Give its own value, or another UserProfileName`,
    );
  }
  assertMemberTags(desired.Tags);
  const old = before.get(key)?.desired;
  const previous = holderIn(tags);
  const isTakenOver = claim === 'transfer';
  const Tags = [
    ...(desired.Tags ?? []),
    ...(isOurs || isTakenOver ? [{ Key: digestKey, Value: digest }] : []),
    ...(isTakenOver ? transferTags(previous, ctx) : []),
  ];
  const named = new Set([...Tags, ...(old?.Tags ?? [])].map(({ Key }) => Key!));
  const held = [...tags].filter(([Key]) => named.has(Key)).map(([Key, Value]) => ({ Key, Value }));
  const UserSettings = removedSettings(old?.UserSettings, desired.UserSettings) as UserSettings | undefined;
  await updateUserProfile(profile, { UserSettings: desired.UserSettings, Tags }, { UserSettings, Tags: held }, ctx);
  for (const { Key } of held) tags.delete(Key);
  for (const { Key, Value } of Tags) tags.set(Key!, Value!);
  if (isTakenOver && previous) {
    ctx.log.info('A member is taken over', { member: name, from: nameOfHolder(previous) });
  }
  return true;
}

/** A member's tags are its own, those of the defaults and of the stack, and four of this project. */
function assertMemberTags(tags: Member['desired']['Tags'] = []): void {
  assertTagCount(tags.length, tags.length, 4);
}

/** What `old` has and `next` omits. The rest is compared with the profile's current settings. */
function removedSettings(old: unknown, next: unknown): unknown {
  if (next === undefined) return old;
  if (Array.isArray(old) && Array.isArray(next)) {
    return old.filter((entry) => !next.some((each) => isDeepStrictEqual(each, entry)));
  }
  if (!isStructure(old) || !isStructure(next)) return undefined;
  const left = Object.entries(old).map(([name, value]) => [name, removedSettings(value, next[name])] as const);
  return Object.fromEntries(left.filter(([, value]) => value !== undefined));
}
