import type { StudioLifecycleConfigAppType } from '@aws-sdk/client-sagemaker';
import type { Place } from '@studio-resources/core';
import {
  type Attachment as AnyAttachment,
  attachmentsIn,
  isSameTarget,
  settingsMember,
  targetKey,
} from '../settings/attach-to.ts';
import {
  checkSettingsTargetKey,
  type SettingsMember,
  type SettingsTargetKey,
  settingsTargetId,
  type TargetSettings,
} from '../settings/settings-target.ts';

/** A target in a template's AttachTo, and how the configuration is attached to it. */
export interface Attachment extends AnyAttachment {
  As?: AttachmentMode;
}

/** The places at one target. */
export interface AttachmentTarget {
  key: SettingsTargetKey;
  places: SettingsPlace[];
}

interface AttachmentProperties {
  AppType: StudioLifecycleConfigAppType;
  AttachTo?: readonly Attachment[];
}

/** Adds a problem for each invalid attachment. */
export function checkAttachments({ AppType, AttachTo = [] }: AttachmentProperties, place: Place): void {
  for (const [index, attachment] of AttachTo.entries()) {
    checkAttachment(attachment, AppType, place.at('AttachTo').at(index));
  }
}

function checkAttachment(attachment: Attachment, appType: StudioLifecycleConfigAppType, place: Place): void {
  const { UserProfileName, SpaceName, Settings, As } = attachment;
  checkSettingsTargetKey(attachment, place);
  if (UserProfileName !== undefined && SpaceName !== undefined) {
    place.at('SpaceName').wrong('is given with UserProfileName; give only one of them');
  }
  const isDomain = UserProfileName === undefined && SpaceName === undefined;
  if (Settings !== undefined && !isDomain) {
    place.at('Settings').wrong('only a domain has several; leave it out for a user profile or a space');
    return;
  }
  const member = settingsMember(attachment);
  const possible = supportedModes(member, appType);
  if (possible.length === 0) place.at('Settings').wrong(`${member} have no place for ${appType}`);
  else if (As !== undefined && !possible.some((each) => each === As)) {
    place.at('As').wrong(`expected ${possible.join(' or ')}, the only places for ${appType} in ${member}; got ${As}`);
  }
}

/** The desired places, grouped by target. */
export function attachmentTargets(props: object): AttachmentTarget[] {
  const { AppType } = props as { AppType: StudioLifecycleConfigAppType };
  const targets = new Map<string, AttachmentTarget>();
  for (const attachment of attachmentsIn<Attachment>(props)) {
    const member = settingsMember(attachment);
    const mode = attachmentModes.find((each) => each === attachment.As) ?? supportedModes(member, AppType)[0];
    if (mode === undefined) continue;
    const id = settingsTargetId(attachment);
    const target = targets.get(id) ?? { key: targetKey(attachment), places: [] };
    target.places.push({ member, appType: AppType, mode });
    targets.set(id, target);
  }
  return [...targets.values()];
}

/** The old places at a target that are not among the new ones. */
export function removedPlaces(
  old: readonly AttachmentTarget[],
  now: readonly AttachmentTarget[],
  key: SettingsTargetKey,
): SettingsPlace[] {
  const at = (targets: readonly AttachmentTarget[]) =>
    targets.find((each) => isSameTarget(each.key, key))?.places ?? [];
  const retained = new Set(at(now).map(placeId));
  return at(old).filter((place) => !retained.has(placeId(place)));
}

function placeId({ member, appType, mode }: SettingsPlace): string {
  return `${member}/${appType}/${mode}`;
}

/**
 * How a lifecycle configuration is attached: users can choose it; it is the default when they choose none; or it runs
 * before the default.
 */
export const attachmentModes = ['Listed', 'Default', 'BuiltIn'] as const;
export type AttachmentMode = (typeof attachmentModes)[number];

/** The settings of an app that concern lifecycle configurations. */
interface AppSettings {
  LifecycleConfigArns?: readonly string[];
  DefaultResourceSpec?: { LifecycleConfigArn?: string; InstanceType?: string };
  BuiltInLifecycleConfigArn?: string;
}

/** One setting of a target that can have a lifecycle configuration. */
export interface SettingsPlace {
  member: SettingsMember;
  appType: StudioLifecycleConfigAppType;
  mode: AttachmentMode;
}

/**
 * The modes that are possible at this place, the usual one first. Empty when the settings have no place for the app.
 */
export function supportedModes(
  member: SettingsMember,
  appType: StudioLifecycleConfigAppType,
): readonly [AttachmentMode, ...AttachmentMode[]] | [] {
  if (isClassic(appType)) return ['Listed', 'Default'];
  // A space uses the list of its owner or its domain.
  if (member === 'SpaceSettings') return ['Default'];
  if (member === 'DefaultSpaceSettings' && appType === 'CodeEditor') return [];
  return ['Listed', 'Default', 'BuiltIn'];
}

/**
 * Adds the ARN to the settings, and keeps what others have added.
 *
 * Throws when the place holds one ARN only, and another ARN is there.
 */
export function withAttached(
  settings: TargetSettings,
  { member, appType, mode }: SettingsPlace,
  arn: string,
): TargetSettings {
  const name = `${appType}AppSettings`;
  const held = (settings[member] ?? {}) as Record<string, AppSettings | undefined>;
  const app = held[name] ?? {};
  const { LifecycleConfigArns = [], DefaultResourceSpec, BuiltInLifecycleConfigArn } = app;
  const canBeListed = supportedModes(member, appType)[0] === 'Listed';
  let next: AppSettings;
  if (mode === 'BuiltIn') {
    assertUnoccupied(BuiltInLifecycleConfigArn, arn, 'the built-in one', canBeListed);
    next = { ...app, BuiltInLifecycleConfigArn: arn };
  } else {
    if (mode === 'Default') assertUnoccupied(DefaultResourceSpec?.LifecycleConfigArn, arn, 'the default', canBeListed);
    const listed = LifecycleConfigArns.includes(arn) ? LifecycleConfigArns : [...LifecycleConfigArns, arn];
    const hasList = member !== 'SpaceSettings' || isClassic(appType);
    next = {
      ...app,
      // An app does not start with a default that is not in the list as well.
      ...(hasList && { LifecycleConfigArns: listed }),
      ...(mode === 'Default' && { DefaultResourceSpec: { ...DefaultResourceSpec, LifecycleConfigArn: arn } }),
      // For Studio Classic, the API requires DefaultResourceSpec with the list.
      ...(mode === 'Listed' &&
        isClassic(appType) && { DefaultResourceSpec: DefaultResourceSpec ?? { InstanceType: 'system' } }),
    };
  }
  return { ...settings, [member]: { ...held, [name]: next } };
}

/**
 * Takes these ARNs from one place. What others have attached stays, and so does an ARN in the list that is still a
 * default: an app does not start with a default that is not in the list.
 */
export function withDetached(
  settings: TargetSettings,
  { member, appType, mode }: SettingsPlace,
  arns: readonly string[],
): TargetSettings {
  const name = `${appType}AppSettings`;
  const held = (settings[member] ?? {}) as Record<string, AppSettings | undefined>;
  const app = held[name];
  if (!app) return settings;
  const { DefaultResourceSpec, BuiltInLifecycleConfigArn, LifecycleConfigArns } = app;
  let next: AppSettings = app;
  if (mode === 'BuiltIn') next = { ...next, BuiltInLifecycleConfigArn: withReplaced(BuiltInLifecycleConfigArn, arns) };
  if (mode === 'Default') next = { ...next, DefaultResourceSpec: withReplaced(DefaultResourceSpec, arns) };
  if (mode !== 'BuiltIn' && LifecycleConfigArns) {
    const inUse = [next.DefaultResourceSpec?.LifecycleConfigArn, next.BuiltInLifecycleConfigArn];
    const removed = arns.filter((arn) => !inUse.includes(arn));
    next = { ...next, LifecycleConfigArns: withReplaced(LifecycleConfigArns, removed) };
  }
  return { ...settings, [member]: { ...held, [name]: next } };
}

/** Whether the settings contain one of these ARNs, at any depth. */
export function references(settings: unknown, arns: readonly string[]): boolean {
  if (typeof settings === 'string') return arns.includes(settings);
  return (
    typeof settings === 'object' && settings !== null && Object.values(settings).some((each) => references(each, arns))
  );
}

/** Replaces these ARNs in the settings with another one; without another one, removes them. */
export function withReplaced<T>(settings: T, arns: readonly string[], by?: string): T {
  if (!references(settings, arns)) return settings;
  if (typeof settings === 'string') return by as T;
  if (Array.isArray(settings)) {
    const items = settings.flatMap((each) => (references(each, arns) ? (by ?? []) : each));
    return [...new Set(items)] as T;
  }
  const members = Object.entries(settings as object).map(([name, value]) =>
    typeof value === 'string' && arns.includes(value) ? [name, by] : [name, withReplaced(value, arns, by)],
  );
  return Object.fromEntries(members.filter(([, value]) => value !== undefined)) as T;
}

function assertUnoccupied(held: string | undefined, arn: string, what: string, canBeListed: boolean): void {
  if (held === undefined || held === 'None' || held === arn) return;
  const or = canBeListed ? ', or attach this one as Listed' : '';
  throw new Error(`${held} is ${what} there, and there is room for one. Detach it first${or}`);
}

/** Whether it is an app of Studio Classic. */
function isClassic(appType: StudioLifecycleConfigAppType): boolean {
  return appType === 'JupyterServer' || appType === 'KernelGateway';
}
