import { isDeepStrictEqual } from 'node:util';
import type { CustomImage } from '@aws-sdk/client-sagemaker';
import type { Context, Place, Status } from '@studio-resources/core';
import { mapConcurrent } from '../client/client.ts';
import { isTransitioning, statusOf } from '../client/status.ts';
import { isDomainId } from '../domain/domain.ts';
import {
  findSettingsTarget,
  listSettingsTargets,
  type SettingsMember,
  type SettingsTarget,
  type SettingsTargetKey,
  settingsTargetId,
  settingsTargetName,
  type TargetSettings,
  updateSettingsTarget,
} from '../settings/settings-target.ts';
import { isStudioName } from '../user-profile/user-profile.ts';
import { type AppConfigs, appsOf, configName, type ImageApp, imageApps } from './app-image-config.ts';
import type { WantedVersion } from './image.ts';

/** Where an image is attached: to a domain, for its users or for its shared spaces, or to one user profile. */
export interface ImageAttachment {
  DomainId: string;
  UserProfileName?: string;
  Settings?: 'DefaultUserSettings' | 'DefaultSpaceSettings';
}

/** What is attached, and where. */
export interface Attached extends AppConfigs {
  AttachTo?: readonly ImageAttachment[];
  AttachedVersion?: 'Latest' | 'Pinned';
}

/** An attachment that is wanted, as it stands. */
export interface AttachmentState {
  status: Status;
  /** Attaches the image there, where it is not. */
  attach?(): Promise<void>;
}

/** Notes what is wrong with where an image is to be attached. */
export function checkImageAttachments(props: Attached, place: Place): void {
  const { AttachTo = [] } = props;
  const at = place.at('AttachTo');
  const apps = appsOf(props);
  if (AttachTo.length > 0 && apps.length === 0) {
    const names = imageApps.map(({ config }) => config).join(', ');
    at.wrong(`nothing says how the image runs; give at least one of ${names} as well`);
  }
  for (const [index, { DomainId, UserProfileName, Settings }] of AttachTo.entries()) {
    const one = at.at(index);
    if (!isDomainId(DomainId)) one.at('DomainId').wrong(`expected a domain's id, such as d-1a2b3c; got ${DomainId}`);
    if (UserProfileName !== undefined && !isStudioName(UserProfileName)) {
      one.at('UserProfileName').wrong(`expected letters, digits and hyphens, at most 63; got ${UserProfileName}`);
    }
    if (Settings === undefined) continue;
    if (UserProfileName !== undefined)
      one.at('Settings').wrong('only a domain has several; leave it out for a profile');
    else if (apps.length > 0 && !apps.some((app) => hasPlace(Settings, app))) {
      one.at('Settings').wrong(`${Settings} have no place for Code Editor's images, only DefaultUserSettings have`);
    }
  }
}

/** Looks at each place where the image is to be attached. */
export function lookAtAttachments(
  imageName: string,
  props: Attached,
  wanted: WantedVersion,
  { since }: Context,
): Promise<AttachmentState[]> {
  return mapConcurrent(keysOf(props), async (key) => {
    const holder = await findSettingsTarget(key);
    const what = settingsTargetName(key);
    if (!holder) return { status: { failed: `${what}, which it is to be attached to, does not exist` } };
    if (isTransitioning(holder.Status)) return { status: statusOf(holder, what) };
    const settings = withEdited(holder.settings, (images, app, member) => {
      if (!isWanted(props, holder, app, member)) return images;
      const image = entryOf(imageName, app, props, wanted);
      return placed(images, image, (each) => isOfApp(each, imageName, app));
    });
    // An update that failed before this request was begun is made again.
    const failedBefore = holder.Status === 'Update_Failed' && (holder.LastModifiedTime ?? since) < since;
    if (!settings && !failedBefore) return { status: statusOf(holder, what) };
    if (holder.Status !== 'InService' && !failedBefore) return { status: statusOf(holder, what) };
    const status = { pending: `the attachment to ${what}` };
    return { status, attach: () => updateSettingsTarget(holder, settings ?? holder.settings) };
  });
}

/**
 * Detaches an image from where it was attached by `old` and is no longer to be by `props`; what others have attached
 * stays.
 */
export async function detachDropped(imageName: string, props: Attached, old: Attached): Promise<void> {
  await mapConcurrent(keysOf(old), (key) =>
    detach(key, (each, app, member, holder) => {
      const isKept = isWanted(props, holder, app, member) || !isWanted(old, holder, app, member);
      return isOfApp(each, imageName, app) && !isKept;
    }),
  );
}

/** Detaches the image as these apps from everywhere that `props` attach it to. */
export async function detachAll(imageName: string, props: object, apps: readonly ImageApp[]): Promise<void> {
  await mapConcurrent(keysOf(props), (key) =>
    detach(key, (each, app) => apps.includes(app) && isOfApp(each, imageName, app)),
  );
}

/** Detaches an image wherever in the account and Region somebody has attached it. */
export async function detachEverywhere(imageName: string): Promise<void> {
  const isOfImage = (each: CustomImage) => each.ImageName === imageName;
  await mapConcurrent(await listSettingsTargets(), (holder) => detachFrom(holder, isOfImage));
}

type Goes = (image: CustomImage, app: ImageApp, member: string, holder: SettingsTarget) => boolean;

async function detach(key: SettingsTargetKey, goes: Goes): Promise<void> {
  const holder = await findSettingsTarget(key);
  if (holder && holder.Status !== 'Deleting') await detachFrom(holder, goes);
}

async function detachFrom(holder: SettingsTarget, goes: Goes): Promise<void> {
  const settings = withEdited(holder.settings, (images, app, member) =>
    images.filter((each) => !goes(each, app, member, holder)),
  );
  if (settings) await updateSettingsTarget(holder, settings);
}

function entryOf(
  ImageName: string,
  app: ImageApp,
  { AttachedVersion }: Attached,
  { version, isLatest }: WantedVersion,
): CustomImage {
  const image = { ImageName, AppImageConfigName: configName(ImageName, app) };
  // Without a number it is the latest version, which after a rollback need not be the one that is wanted.
  const isPinned = AttachedVersion === 'Pinned' || !isLatest;
  return isPinned ? { ...image, ImageVersionNumber: version.Version } : image;
}

function isOfApp(image: CustomImage, imageName: string, app: ImageApp): boolean {
  return image.ImageName === imageName && image.AppImageConfigName === configName(imageName, app);
}

function isWanted(props: Attached, { key }: SettingsTarget, app: ImageApp, member: string): boolean {
  if (!appsOf(props).includes(app)) return false;
  return attachmentsIn(props).some(
    (each) => settingsTargetId(keyOf(each)) === settingsTargetId(key) && memberOf(each) === member,
  );
}

function memberOf({ UserProfileName, Settings }: ImageAttachment): string {
  return UserProfileName !== undefined ? 'UserSettings' : (Settings ?? 'DefaultUserSettings');
}

/** The holders that properties name, each of them once. */
function keysOf(props: object): SettingsTargetKey[] {
  return [...new Map(attachmentsIn(props).map((each) => [settingsTargetId(keyOf(each)), keyOf(each)])).values()];
}

function keyOf({ DomainId, UserProfileName }: ImageAttachment): SettingsTargetKey {
  return { DomainId, ...(UserProfileName !== undefined && { UserProfileName }) };
}

/** A Delete and an old template come with whatever they had: what cannot be understood is left out. */
function attachmentsIn({ AttachTo }: { AttachTo?: unknown }): ImageAttachment[] {
  return (Array.isArray(AttachTo) ? AttachTo : []).filter((each: unknown): each is ImageAttachment => {
    const { DomainId, UserProfileName: name } = (each ?? {}) as { [Key in keyof ImageAttachment]?: unknown };
    return isDomainId(String(DomainId)) && (name === undefined || isStudioName(String(name)));
  });
}

/** What becomes of the custom images that settings have for an app. */
export type Edit = (images: CustomImage[], app: ImageApp, member: SettingsMember) => CustomImage[];

/** Where custom images can be: spaces take theirs from their owner, or the domain's settings for shared ones. */
const members = ['DefaultUserSettings', 'DefaultSpaceSettings', 'UserSettings'] as const;

/** Code Editor runs in private spaces only, so a domain's settings for shared ones have no place for its images. */
export function hasPlace(member: SettingsMember, app: ImageApp): boolean {
  return member !== 'SpaceSettings' && (member !== 'DefaultSpaceSettings' || app.settings !== 'CodeEditorAppSettings');
}

/** Settings with their custom images edited; undefined where that changes nothing. */
export function withEdited(settings: TargetSettings, edit: Edit): TargetSettings | undefined {
  const edited: Record<string, object> = {};
  for (const member of members) {
    if (!(member in settings)) continue;
    const held = (settings[member] ?? {}) as Record<string, { CustomImages?: CustomImage[] } | undefined>;
    const apps = imageApps.filter((app) => hasPlace(member, app));
    const changed = apps.flatMap((app) => {
      const images = held[app.settings]?.CustomImages ?? [];
      const CustomImages = edit(images, app, member);
      return isSame(images, CustomImages) ? [] : [[app.settings, { ...held[app.settings], CustomImages }] as const];
    });
    if (changed.length > 0) edited[member] = { ...held, ...Object.fromEntries(changed) };
  }
  return Object.keys(edited).length > 0 ? { ...settings, ...edited } : undefined;
}

/** Puts an image in the place of those that it `replaces`, or after all the others. */
export function placed(
  images: readonly CustomImage[],
  image: CustomImage,
  replaces: (image: CustomImage) => boolean,
): CustomImage[] {
  const at = images.findIndex(replaces);
  const others = images.filter((each) => !replaces(each));
  return others.toSpliced(at < 0 ? others.length : at, 0, image);
}

function isSame(a: readonly CustomImage[], b: readonly CustomImage[]): boolean {
  return isDeepStrictEqual(a.map(plain), b.map(plain));
}

function plain({ ImageName, AppImageConfigName, ImageVersionNumber }: CustomImage) {
  return { ImageName, AppImageConfigName, ImageVersionNumber };
}
