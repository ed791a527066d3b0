import {
  type CreateUserProfileRequest,
  DeleteUserProfileCommand,
  DescribeUserProfileCommand,
  type DescribeUserProfileResponse,
  UpdateUserProfileCommand,
  UpdateUserProfileRequest$,
} from '@aws-sdk/client-sagemaker';
import type { Context, Log } from '@studio-resources/core';
import { requestDeletion, sagemaker, undefinedIfNotFound } from '../client/client.ts';
import { updateWhenIdle } from '../client/status.ts';
import { isDomainId } from '../domain/domain.ts';
import { diffSettings, omitUnchanged } from '../settings/settings-change.ts';
import { isOwned, updateTags } from '../tags.ts';

/** A profile's name is unique in its domain, and two names that differ only by case are the same. */
export interface ProfileKey {
  DomainId: string;
  UserProfileName: string;
}

/** Have these the form of a domain's id and a profile's name? SageMaker answers others with an error. */
export function isProfileKey({ DomainId, UserProfileName }: { [Key in keyof ProfileKey]?: unknown }): boolean {
  return isDomainId(String(DomainId)) && isStudioName(String(UserProfileName));
}

/** Has it the form of the name of a profile, a space, or anything else in Studio? */
export function isStudioName(name: string): boolean {
  return name.length <= 63 && /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/.test(name);
}

export function findUserProfile(key: ProfileKey): Promise<DescribeUserProfileResponse | undefined> {
  const { DomainId, UserProfileName } = key;
  return undefinedIfNotFound(sagemaker().send(new DescribeUserProfileCommand({ DomainId, UserProfileName })));
}

export async function getUserProfile(key: ProfileKey): Promise<DescribeUserProfileResponse> {
  const profile = await findUserProfile(key);
  if (profile) return profile;
  throw new Error(
    `Reading user profile ${key.UserProfileName} of domain ${key.DomainId}: it does not exist; ` +
      'it was deleted outside of this stack',
  );
}

/** Starts deleting a profile that is empty. */
export async function deleteUserProfile({ DomainId, UserProfileName }: ProfileKey): Promise<void> {
  const command = new DeleteUserProfileCommand({ DomainId, UserProfileName });
  await requestDeletion(`user profile ${UserProfileName} of domain ${DomainId}`, () => sagemaker().send(command));
}

export function isSameName(a: string | undefined, b: string | undefined): boolean {
  return a?.toLowerCase() === b?.toLowerCase();
}

/** What a profile has to say to have the domain's setting; for the others there is no such word. */
const defaults = { AutoMountHomeEFS: 'DefaultAsDomain' };

type Settings = Pick<CreateUserProfileRequest, 'UserSettings' | 'Tags'>;

/**
 * Changes a profile in place from `old` to `input`, settings first: if SageMaker refuses them, nothing has changed. What
 * the profile holds already is not sent.
 */
export async function updateUserProfile(
  profile: DescribeUserProfileResponse,
  input: Settings,
  old: Settings,
  log: Log,
): Promise<void> {
  const { DomainId, UserProfileName, UserProfileArn, Status } = profile;
  const [to, from] = [{ UserSettings: input.UserSettings }, { UserSettings: old.UserSettings }];
  const { changed, notCleared } = diffSettings(UpdateUserProfileRequest$, to, from, defaults);
  if (notCleared.length > 0)
    log.warn('Nothing in the API clears these settings, so they keep their values', { notCleared });
  // A profile whose last update failed need not hold what it shows.
  const sent = Status === 'InService' ? omitUnchanged(changed, profile) : changed;
  if (Object.keys(sent).length > 0) {
    const update = () => sagemaker().send(new UpdateUserProfileCommand({ ...sent, DomainId, UserProfileName }));
    await updateWhenIdle(`Updating user profile ${UserProfileName}`, profile, update, () =>
      findUserProfile({ DomainId: DomainId!, UserProfileName: UserProfileName! }),
    );
  }
  await updateTags(UserProfileArn!, input.Tags, old.Tags);
}

/**
 * Takes over the profile that has the input's name and that this stack did not make, and brings it to the input; what
 * the input does not mention stays. Returns the profile, or undefined when there is none. One that this stack has made since it
 * was looked for, by another delivery of the same request, is returned as it is.
 *
 * Throws when there is one and `mayAdopt` is false, and when it belongs to another user of IAM Identity Center.
 */
export async function adoptUserProfile(
  input: CreateUserProfileRequest,
  mayAdopt: boolean,
  ctx: Context,
): Promise<DescribeUserProfileResponse | undefined> {
  const { DomainId, UserProfileName, SingleSignOnUserValue: user } = input;
  const profile = await findUserProfile({ DomainId: DomainId!, UserProfileName: UserProfileName! });
  if (!profile || profile.Status === 'Deleting') return undefined;
  if (await isOwned(profile.UserProfileArn!, ctx)) return profile;
  const what = `user profile ${UserProfileName} of domain ${DomainId}`;
  if (!mayAdopt) {
    throw new Error(
      `Creating ${what}: it exists, and this stack did not make it. ` +
        'Choose another UserProfileName, or set AdoptExisting: true to take it over',
    );
  }
  if (user !== undefined && profile.SingleSignOnUserValue !== user) {
    throw new Error(
      `Adopting ${what}: its SingleSignOnUserValue is ${profile.SingleSignOnUserValue}, not ${user}, and that cannot ` +
        'be changed. Give its own value',
    );
  }
  ctx.log.info('Adopting a user profile that this stack did not make', { DomainId, UserProfileName });
  await updateUserProfile(profile, input, {}, ctx.log);
  return profile;
}
