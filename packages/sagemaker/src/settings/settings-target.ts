import {
  DescribeSpaceCommand,
  UpdateDomainCommand,
  UpdateDomainRequest$,
  UpdateSpaceCommand,
  UpdateSpaceRequest$,
  UpdateUserProfileCommand,
  UpdateUserProfileRequest$,
} from '@aws-sdk/client-sagemaker';
import { errorMessage, type Place } from '@studio-resources/core';
import { isDenial, mapConcurrent, sagemaker, sagemakerWithoutRetries, undefinedIfNotFound } from '../client/client.ts';
import { type Described, updateWhenIdle } from '../client/status.ts';
import { listSpaces } from '../contents/contents.ts';
import { findDomain, listDomains } from '../domain/domain.ts';
import { isDomainId } from '../domain/domain-id.ts';
import { findUserProfile, isStudioName, listUserProfiles } from '../user-profile/user-profile.ts';
import { diffSettings } from './settings-change.ts';

/** Identifies a domain, one of its user profiles, or one of its spaces. */
export interface SettingsTargetKey {
  DomainId: string;
  UserProfileName?: string;
  SpaceName?: string;
}

/** The members of domains, user profiles and spaces that contain the settings of apps. */
export type SettingsMember = 'DefaultUserSettings' | 'DefaultSpaceSettings' | 'UserSettings' | 'SpaceSettings';

/** The settings by member. Each app has its own member in them, such as `JupyterLabAppSettings`. */
export type TargetSettings = { readonly [Member in SettingsMember]?: object };

/** What has settings that something can be attached to: a domain, a user profile or a space. */
export interface SettingsTarget extends Described {
  key: SettingsTargetKey;
  LastModifiedTime?: Date;
  settings: TargetSettings;
}

/** Adds a problem for each invalid part of a target's key in a template. */
export function checkSettingsTargetKey(
  { DomainId, UserProfileName, SpaceName }: SettingsTargetKey,
  place: Place,
): void {
  if (!isDomainId(DomainId))
    place.at('DomainId').wrong(`expected the id of a domain, such as d-1a2b3c; got ${DomainId}`);
  for (const [name, value] of Object.entries({ UserProfileName, SpaceName })) {
    if (value === undefined || isStudioName(value)) continue;
    place.at(name).wrong(`expected letters, digits and hyphens, at most 63; got ${value}`);
  }
}

/** Whether unchecked properties, such as those of a Delete, identify a target. */
export function isSettingsTargetKey(value: unknown): value is SettingsTargetKey {
  if (typeof value !== 'object' || value === null) return false;
  const { DomainId, UserProfileName, SpaceName } = value as { [Key in keyof SettingsTargetKey]?: unknown };
  const isName = (name: unknown) => name === undefined || isStudioName(String(name));
  return isDomainId(String(DomainId)) && isName(UserProfileName) && isName(SpaceName);
}

/** A target's name in messages: `user profile ana of domain d-1`. */
export function settingsTargetName({ DomainId, UserProfileName, SpaceName }: SettingsTargetKey): string {
  if (UserProfileName !== undefined) return `user profile ${UserProfileName} of domain ${DomainId}`;
  return SpaceName === undefined ? `domain ${DomainId}` : `space ${SpaceName} of domain ${DomainId}`;
}

/** Equal for two keys of the same target. */
export function settingsTargetId({ DomainId, UserProfileName, SpaceName }: SettingsTargetKey): string {
  return [DomainId, UserProfileName?.toLowerCase(), SpaceName].join('/');
}

export async function findSettingsTarget(key: SettingsTargetKey): Promise<SettingsTarget | undefined> {
  const { DomainId, UserProfileName, SpaceName } = key;
  if (UserProfileName !== undefined) {
    const profile = await findUserProfile({ DomainId, UserProfileName });
    return profile && settingsTarget(key, profile, { UserSettings: profile.UserSettings });
  }
  if (SpaceName !== undefined) {
    const space = await undefinedIfNotFound(sagemaker().send(new DescribeSpaceCommand({ DomainId, SpaceName })));
    return space && settingsTarget(key, space, { SpaceSettings: space.SpaceSettings });
  }
  const domain = await findDomain(DomainId);
  if (!domain) return undefined;
  const { DefaultUserSettings, DefaultSpaceSettings } = domain;
  return settingsTarget(key, domain, { DefaultUserSettings, DefaultSpaceSettings });
}

/** Every domain, user profile and space of the account and Region. */
export async function listSettingsTargets(): Promise<SettingsTarget[]> {
  const keys: SettingsTargetKey[] = [
    ...(await listDomains()).map(({ DomainId }) => ({ DomainId: DomainId! })),
    ...(await listUserProfiles()).map(({ DomainId, UserProfileName }) => ({ DomainId: DomainId!, UserProfileName })),
    ...(await listSpaces()).map(({ DomainId, SpaceName }) => ({ DomainId: DomainId!, SpaceName })),
  ];
  const found = await mapConcurrent(keys, findSettingsTarget);
  // Leaves out what was deleted after the list call.
  return found.filter((each) => each !== undefined);
}

/**
 * Updates a target's settings. It sends only the differences, so that concurrent attachments of others stay: `[]` for
 * an emptied list, `None` for a removed ARN. After a failed update it sends the settings of all apps again, because
 * Describe may show values that are not in effect.
 *
 * Throws BusyError when the update has to wait.
 */
export async function updateSettingsTarget(before: SettingsTarget, settings: TargetSettings): Promise<void> {
  const { shape, send } = updates[kindOf(before.key)];
  const { changed } = diffSettings(shape, settings, before.settings);
  const again = before.Status === 'Update_Failed' ? diffSettings(shape, appSettingsOf(settings), {}).changed : {};
  const sent = Object.keys(changed).length > 0 ? changed : again;
  if (Object.keys(sent).length === 0) return;
  await updateWhenIdle(
    `Updating ${settingsTargetName(before.key)}`,
    before,
    () => send({ ...sent, ...before.key }),
    () => findSettingsTarget(before.key),
  );
}

/**
 * The same where others may have attached something. Returns what keeps its settings because IAM refuses the update, and
 * why; undefined where it is updated: the role may not change what another provider's resources have created.
 */
export async function updateIfAllowed(before: SettingsTarget, settings: TargetSettings): Promise<string | undefined> {
  try {
    await updateSettingsTarget(before, settings);
    return undefined;
  } catch (error) {
    if (!isDenial(error)) throw error;
    return `${settingsTargetName(before.key)}: ${errorMessage(error)}`;
  }
}

const updates = {
  domain: {
    shape: UpdateDomainRequest$,
    send: (input: SettingsTargetKey): Promise<unknown> =>
      sagemakerWithoutRetries().send(new UpdateDomainCommand(input)),
  },
  profile: {
    shape: UpdateUserProfileRequest$,
    send: ({ UserProfileName, ...input }: SettingsTargetKey) =>
      sagemakerWithoutRetries().send(new UpdateUserProfileCommand({ UserProfileName, ...input })),
  },
  space: {
    shape: UpdateSpaceRequest$,
    send: ({ SpaceName, ...input }: SettingsTargetKey) =>
      sagemakerWithoutRetries().send(new UpdateSpaceCommand({ SpaceName, ...input })),
  },
};

function kindOf({ UserProfileName, SpaceName }: SettingsTargetKey): keyof typeof updates {
  if (UserProfileName !== undefined) return 'profile';
  return SpaceName === undefined ? 'domain' : 'space';
}

function settingsTarget(
  key: SettingsTargetKey,
  described: Described & { LastModifiedTime?: Date },
  settings: TargetSettings,
): SettingsTarget {
  const { Status, FailureReason, LastModifiedTime } = described;
  return { key, Status, FailureReason, LastModifiedTime, settings };
}

/** Only the settings of apps: attachments change no others. */
function appSettingsOf(settings: TargetSettings): object {
  return Object.fromEntries(
    Object.entries(settings).map(([member, one]) => [
      member,
      Object.fromEntries(Object.entries(one ?? {}).filter(([name]) => name.endsWith('AppSettings'))),
    ]),
  );
}
