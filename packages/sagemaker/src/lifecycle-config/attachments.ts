import type { StudioLifecycleConfigAppType } from '@aws-sdk/client-sagemaker';
import type { Place } from '@studio-resources/core';
import { isDomainId } from '../domain/domain.ts';
import { type HolderKey, holderId, type SettingsMember } from '../settings/settings-target.ts';
import { isStudioName } from '../user-profile/user-profile.ts';
import { type AttachedAs, attachedAs, possibleAt, type SettingsPlace } from './lifecycle-config-settings.ts';

/** Which of a domain's settings, where both have a place. */
export const domainSettings = ['DefaultUserSettings', 'DefaultSpaceSettings'] as const;

/** Where a template has a lifecycle configuration attached: a domain, or one of its profiles or spaces. */
export interface Attachment extends HolderKey {
  Settings?: (typeof domainSettings)[number];
  As?: AttachedAs;
}

/** The places at one holder. */
export interface Target {
  key: HolderKey;
  places: SettingsPlace[];
}

interface Attached {
  AppType: StudioLifecycleConfigAppType;
  AttachTo?: readonly Attachment[];
}

/** Notes what is wrong with where something is to be attached. */
export function checkAttachments({ AppType, AttachTo = [] }: Attached, place: Place): void {
  for (const [index, attachment] of AttachTo.entries()) {
    checkAttachment(attachment, AppType, place.at('AttachTo').at(index));
  }
}

function checkAttachment(attachment: Attachment, appType: StudioLifecycleConfigAppType, place: Place): void {
  const { DomainId, UserProfileName, SpaceName, Settings, As } = attachment;
  if (!isDomainId(DomainId))
    place.at('DomainId').wrong(`expected the id of a domain, such as d-1a2b3c; got ${DomainId}`);
  for (const [name, value] of Object.entries({ UserProfileName, SpaceName })) {
    if (value === undefined || isStudioName(value)) continue;
    place.at(name).wrong(`expected letters, digits and hyphens, at most 63; got ${value}`);
  }
  if (UserProfileName !== undefined && SpaceName !== undefined) {
    place.at('SpaceName').wrong('is given with UserProfileName; give only one of them');
  }
  const isDomain = UserProfileName === undefined && SpaceName === undefined;
  if (Settings !== undefined && !isDomain) {
    place.at('Settings').wrong('only a domain has several; leave it out for a user profile or a space');
    return;
  }
  const member = memberOf(attachment);
  const possible = possibleAt(member, appType);
  if (possible.length === 0) place.at('Settings').wrong(`${member} have no place for ${appType}`);
  else if (As !== undefined && !possible.some((each) => each === As)) {
    place.at('As').wrong(`expected ${possible.join(' or ')}, the only places for ${appType} in ${member}; got ${As}`);
  }
}

/**
 * What is to be attached, by holder. A Delete and an old template come with whatever they had: what cannot be understood
 * is left out.
 */
export function targetsOf(props: object): Target[] {
  const { AppType, AttachTo } = props as { AppType: StudioLifecycleConfigAppType; AttachTo?: unknown };
  const targets = new Map<string, Target>();
  for (const attachment of Array.isArray(AttachTo) ? AttachTo : []) {
    if (!isAttachment(attachment)) continue;
    const { DomainId, UserProfileName, SpaceName } = attachment;
    const member = memberOf(attachment);
    const as = attachedAs.find((each) => each === attachment.As) ?? possibleAt(member, AppType)[0];
    if (as === undefined) continue;
    const key = {
      DomainId,
      ...(UserProfileName !== undefined && { UserProfileName }),
      ...(SpaceName !== undefined && { SpaceName }),
    };
    const target = targets.get(holderId(key)) ?? { key, places: [] };
    target.places.push({ member, appType: AppType, as });
    targets.set(holderId(key), target);
  }
  return [...targets.values()];
}

/** Those of the old places at a holder that are not among the new ones. */
export function placesLeft(old: readonly Target[], now: readonly Target[], key: HolderKey): SettingsPlace[] {
  const at = (targets: readonly Target[]) => targets.find((each) => holderId(each.key) === holderId(key))?.places ?? [];
  const kept = new Set(at(now).map(placeId));
  return at(old).filter((place) => !kept.has(placeId(place)));
}

function placeId({ member, appType, as }: SettingsPlace): string {
  return `${member}/${appType}/${as}`;
}

function memberOf({ UserProfileName, SpaceName, Settings }: Attachment): SettingsMember {
  if (UserProfileName !== undefined) return 'UserSettings';
  return SpaceName === undefined ? (Settings ?? 'DefaultUserSettings') : 'SpaceSettings';
}

function isAttachment(value: unknown): value is Attachment {
  if (typeof value !== 'object' || value === null) return false;
  const { DomainId, UserProfileName, SpaceName } = value as { [Key in keyof Attachment]?: unknown };
  const isName = (name: unknown) => name === undefined || isStudioName(String(name));
  return isDomainId(String(DomainId)) && isName(UserProfileName) && isName(SpaceName);
}
