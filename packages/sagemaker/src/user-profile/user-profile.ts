import {
  type CreateUserProfileRequest,
  DeleteUserProfileCommand,
  DescribeUserProfileCommand,
  type DescribeUserProfileResponse,
  paginateListUserProfiles,
  UpdateUserProfileCommand,
  UpdateUserProfileRequest$,
  type UserProfileDetails,
} from '@aws-sdk/client-sagemaker';
import type { Context } from '@studio-resources/core';
import {
  mapConcurrent,
  requestDeletion,
  sagemaker,
  sagemakerWithoutRetries,
  undefinedIfNotFound,
} from '../client/client.ts';
import { updateWhenIdle } from '../client/status.ts';
import { isDomainId } from '../domain/domain-id.ts';
import { type AdoptExisting, adopt, assertMayCreate } from '../ownership.ts';
import { assertCleared } from '../settings/not-cleared.ts';
import { diffSettings, omitUnchanged, type SettingsDiff } from '../settings/settings-change.ts';
import { updateTags } from '../tags.ts';

/** Identifies a user profile. Its name is unique in its domain; names that differ only by case are equal. */
export interface ProfileKey {
  DomainId: string;
  UserProfileName: string;
}

/** Whether these have the form of a domain id and a profile name. SageMaker responds to others with an error. */
export function isProfileKey({ DomainId, UserProfileName }: { [Key in keyof ProfileKey]?: unknown }): boolean {
  return isDomainId(String(DomainId)) && isStudioName(String(UserProfileName));
}

/** The form of Studio's names, but for their length. */
export const studioNameForm = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;

/** Whether it has the form of the name of a user profile, a space, or another resource of Studio. */
export function isStudioName(name: string): boolean {
  return name.length <= 63 && studioNameForm.test(name);
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

/** Lists the user profiles of a domain, or of the account and Region. */
export async function listUserProfiles(DomainIdEquals?: string): Promise<UserProfileDetails[]> {
  const profiles: UserProfileDetails[] = [];
  for await (const page of paginateListUserProfiles({ client: sagemaker(), pageSize: 100 }, { DomainIdEquals })) {
    profiles.push(...(page.UserProfiles ?? []));
  }
  return profiles;
}

/** Lists and describes the user profiles of a domain. Profiles that are deleted meanwhile are left out. */
export async function describeUserProfiles(DomainId: string): Promise<DescribeUserProfileResponse[]> {
  const profiles = await mapConcurrent(await listUserProfiles(DomainId), ({ UserProfileName }) =>
    findUserProfile({ DomainId, UserProfileName: UserProfileName! }),
  );
  return profiles.filter((profile) => profile !== undefined);
}

/** Calls the deletion of an empty user profile. */
export async function deleteUserProfile(key: ProfileKey): Promise<void> {
  const { DomainId, UserProfileName } = key;
  const command = new DeleteUserProfileCommand({ DomainId, UserProfileName });
  await requestDeletion(`user profile ${UserProfileName} of domain ${DomainId}`, () => sagemaker().send(command), {
    isGone: async () => !(await findUserProfile(key)),
  });
}

export function isSameName(a: string | undefined, b: string | undefined): boolean {
  return a?.toLowerCase() === b?.toLowerCase();
}

/** `DefaultAsDomain` makes a profile use the domain's setting. Other members have no such value. */
export const userProfileDefaults = { AutoMountHomeEFS: 'DefaultAsDomain', UserGroup: 'R_STUDIO_USER' };

type Settings = Pick<CreateUserProfileRequest, 'UserSettings' | 'Tags'>;

/** What an update of a profile from `old` to `input` sends. `live` are its current settings, if they are known. */
export function diffUserSettings(
  { UserSettings }: Settings,
  old: Settings,
  live?: Pick<DescribeUserProfileResponse, 'UserSettings'>,
): SettingsDiff {
  const [to, from] = [{ UserSettings }, { UserSettings: old.UserSettings }];
  return diffSettings(UpdateUserProfileRequest$, to, from, { live, defaults: userProfileDefaults });
}

/**
 * Updates a user profile in place from `old` to `input`: settings first, so that nothing has changed when SageMaker
 * refuses them. Settings that the profile already has are not sent.
 *
 * @throws Error when `input` no longer has settings that the API cannot clear, unless the stack rolls back
 */
export async function updateUserProfile(
  profile: DescribeUserProfileResponse,
  input: Settings,
  old: Settings,
  ctx: Pick<Context, 'isRollingBack' | 'log'>,
): Promise<void> {
  const { DomainId, UserProfileName, UserProfileArn, Status } = profile;
  const { changed, notCleared } = diffUserSettings(input, old, profile);
  await assertCleared(`user profile ${UserProfileName}`, notCleared, ctx);
  // After a failed update, DescribeUserProfile may show values that are not in effect.
  const sent = Status === 'InService' ? omitUnchanged(changed, profile) : changed;
  if (Object.keys(sent).length > 0) {
    const update = () =>
      sagemakerWithoutRetries().send(new UpdateUserProfileCommand({ ...sent, DomainId, UserProfileName }));
    await updateWhenIdle(`Updating user profile ${UserProfileName}`, profile, update, () =>
      findUserProfile({ DomainId: DomainId!, UserProfileName: UserProfileName! }),
    );
  }
  await updateTags(UserProfileArn!, input.Tags, old.Tags);
}

/**
 * Takes over or adopts the existing user profile with the input's name, as `claim` allows, and updates it to the input;
 * settings that the input does not mention keep their values. Returns the profile, or undefined when one has to be
 * created. A profile that this stack has created meanwhile, through a duplicate delivery of the request, is returned
 * unchanged.
 *
 * Throws when the profile must not be adopted, when `mode` is true and there is none, and when the profile belongs to
 * another user of IAM Identity Center.
 */
export async function adoptUserProfile(
  input: CreateUserProfileRequest,
  mode: AdoptExisting,
  ctx: Context,
): Promise<DescribeUserProfileResponse | undefined> {
  const { DomainId, UserProfileName, SingleSignOnUserValue: user } = input;
  const profile = await findUserProfile({ DomainId: DomainId!, UserProfileName: UserProfileName! });
  const what = `user profile ${UserProfileName} of domain ${DomainId}`;
  if (!profile || profile.Status === 'Deleting') {
    // SageMaker itself says that one is being deleted.
    if (!profile) {
      await assertMayCreate(what, mode, async () =>
        (await listUserProfiles(DomainId)).map((one) => one.UserProfileName),
      );
    }
    return undefined;
  }
  const update = async () => {
    if (user !== undefined && profile.SingleSignOnUserValue !== user) {
      throw new Error(
        `Adopting ${what}: its SingleSignOnUserValue is ${profile.SingleSignOnUserValue}, not ${user}, and that cannot ` +
          'be changed. Give its own value',
      );
    }
    ctx.log.info('Adopting a user profile', { DomainId, UserProfileName });
    await updateUserProfile(profile, input, {}, ctx);
  };
  return (await adopt({ what, arn: profile.UserProfileArn!, adopt: mode, DomainId }, update, ctx))
    ? profile
    : undefined;
}
