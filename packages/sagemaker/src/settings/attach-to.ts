import {
  isSettingsTargetKey,
  type SettingsMember,
  type SettingsTargetKey,
  settingsTargetId,
} from './settings-target.ts';

/** Which of a domain's settings, where both can have it. */
export const domainSettings = ['DefaultUserSettings', 'DefaultSpaceSettings'] as const;

/** A target in a template's AttachTo: a domain, or one of its user profiles or spaces. */
export interface Attachment extends SettingsTargetKey {
  Settings?: (typeof domainSettings)[number];
}

/** The attachments of a template. A Delete and old properties are unchecked: invalid attachments are skipped. */
export function attachmentsIn<A extends Attachment>(props: object): A[] {
  const { AttachTo } = props as { AttachTo?: unknown };
  return (Array.isArray(AttachTo) ? AttachTo : []).filter((each: unknown): each is A => isSettingsTargetKey(each));
}

export function targetKey({ DomainId, UserProfileName, SpaceName }: Attachment): SettingsTargetKey {
  return {
    DomainId,
    ...(UserProfileName !== undefined && { UserProfileName }),
    ...(SpaceName !== undefined && { SpaceName }),
  };
}

/** The settings of the target that get the attachment. */
export function settingsMember({ UserProfileName, SpaceName, Settings }: Attachment): SettingsMember {
  if (UserProfileName !== undefined) return 'UserSettings';
  return SpaceName === undefined ? (Settings ?? 'DefaultUserSettings') : 'SpaceSettings';
}

export function isSameTarget(a: SettingsTargetKey, b: SettingsTargetKey): boolean {
  return settingsTargetId(a) === settingsTargetId(b);
}
