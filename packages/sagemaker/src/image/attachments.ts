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
import { type AppConfigs, appImageConfigName, type ImageApp, imageApps, imageAppsOf } from './app-image-config.ts';
import type { DesiredVersion } from './image.ts';

/** Where an image is attached: to a domain, for its users or for its shared spaces, or to one user profile. */
export interface ImageAttachment {
  DomainId: string;
  UserProfileName?: string;
  Settings?: 'DefaultUserSettings' | 'DefaultSpaceSettings';
}

/** What is attached, and where. */
export interface AttachmentProperties extends AppConfigs {
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
export function checkImageAttachments(props: AttachmentProperties, place: Place): void {
  const { AttachTo = [] } = props;
  const at = place.at('AttachTo');
  const apps = imageAppsOf(props);
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
    else if (apps.length > 0 && !apps.some((app) => supportsCustomImages(Settings, app))) {
      one.at('Settings').wrong(`${Settings} have no place for Code Editor's images, only DefaultUserSettings have`);
    }
  }
}

/** Looks at each place where the image is to be attached. */
export function observeAttachments(
  imageName: string,
  props: AttachmentProperties,
  wanted: DesiredVersion,
  { since }: Context,
): Promise<AttachmentState[]> {
  return mapConcurrent(targetKeys(props), async (key) => {
    const target = await findSettingsTarget(key);
    const what = settingsTargetName(key);
    if (!target) return { status: { failed: `${what}, which it is to be attached to, does not exist` } };
    if (isTransitioning(target.Status)) return { status: statusOf(target, what) };
    const settings = editCustomImages(target.settings, (images, app, member) => {
      if (!isDesired(props, target, app, member)) return images;
      const image = customImageOf(imageName, app, props, wanted);
      return replaceOrAppend(images, image, (each) => isForApp(each, imageName, app));
    });
    // An update that failed before this request was begun is made again.
    const failedBefore = target.Status === 'Update_Failed' && (target.LastModifiedTime ?? since) < since;
    if (!settings && !failedBefore) return { status: statusOf(target, what) };
    if (target.Status !== 'InService' && !failedBefore) return { status: statusOf(target, what) };
    const status = { pending: `the attachment to ${what}` };
    return { status, attach: () => updateSettingsTarget(target, settings ?? target.settings) };
  });
}

/**
 * Detaches an image from where it was attached by `old` and is no longer to be by `props`; what others have attached
 * stays.
 */
export async function detachRemoved(
  imageName: string,
  props: AttachmentProperties,
  old: AttachmentProperties,
): Promise<void> {
  await mapConcurrent(targetKeys(old), (key) =>
    detach(key, (each, app, member, target) => {
      const isKept = isDesired(props, target, app, member) || !isDesired(old, target, app, member);
      return isForApp(each, imageName, app) && !isKept;
    }),
  );
}

/** Detaches the image as these apps from everywhere that `props` attach it to. */
export async function detachAll(imageName: string, props: object, apps: readonly ImageApp[]): Promise<void> {
  await mapConcurrent(targetKeys(props), (key) =>
    detach(key, (each, app) => apps.includes(app) && isForApp(each, imageName, app)),
  );
}

/** Detaches an image wherever in the account and Region somebody has attached it. */
export async function detachEverywhere(imageName: string): Promise<void> {
  const isOfImage = (each: CustomImage) => each.ImageName === imageName;
  await mapConcurrent(await listSettingsTargets(), (target) => detachFrom(target, isOfImage));
}

type ShouldDetach = (image: CustomImage, app: ImageApp, member: string, target: SettingsTarget) => boolean;

async function detach(key: SettingsTargetKey, goes: ShouldDetach): Promise<void> {
  const target = await findSettingsTarget(key);
  if (target && target.Status !== 'Deleting') await detachFrom(target, goes);
}

async function detachFrom(target: SettingsTarget, goes: ShouldDetach): Promise<void> {
  const settings = editCustomImages(target.settings, (images, app, member) =>
    images.filter((each) => !goes(each, app, member, target)),
  );
  if (settings) await updateSettingsTarget(target, settings);
}

function customImageOf(
  ImageName: string,
  app: ImageApp,
  { AttachedVersion }: AttachmentProperties,
  { version, isLatest }: DesiredVersion,
): CustomImage {
  const image = { ImageName, AppImageConfigName: appImageConfigName(ImageName, app) };
  // Without a number it is the latest version, which after a rollback need not be the one that is wanted.
  const isPinned = AttachedVersion === 'Pinned' || !isLatest;
  return isPinned ? { ...image, ImageVersionNumber: version.Version } : image;
}

function isForApp(image: CustomImage, imageName: string, app: ImageApp): boolean {
  return image.ImageName === imageName && image.AppImageConfigName === appImageConfigName(imageName, app);
}

function isDesired(props: AttachmentProperties, { key }: SettingsTarget, app: ImageApp, member: string): boolean {
  if (!imageAppsOf(props).includes(app)) return false;
  return validAttachments(props).some(
    (each) => settingsTargetId(targetKey(each)) === settingsTargetId(key) && memberOf(each) === member,
  );
}

function memberOf({ UserProfileName, Settings }: ImageAttachment): string {
  return UserProfileName !== undefined ? 'UserSettings' : (Settings ?? 'DefaultUserSettings');
}

/** The targets that properties name, each of them once. */
function targetKeys(props: object): SettingsTargetKey[] {
  return [
    ...new Map(validAttachments(props).map((each) => [settingsTargetId(targetKey(each)), targetKey(each)])).values(),
  ];
}

function targetKey({ DomainId, UserProfileName }: ImageAttachment): SettingsTargetKey {
  return { DomainId, ...(UserProfileName !== undefined && { UserProfileName }) };
}

/** A Delete and an old template come with whatever they had: what cannot be understood is left out. */
function validAttachments({ AttachTo }: { AttachTo?: unknown }): ImageAttachment[] {
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
export function supportsCustomImages(member: SettingsMember, app: ImageApp): boolean {
  return member !== 'SpaceSettings' && (member !== 'DefaultSpaceSettings' || app.settings !== 'CodeEditorAppSettings');
}

/** Settings with their custom images edited; undefined where that changes nothing. */
export function editCustomImages(settings: TargetSettings, edit: Edit): TargetSettings | undefined {
  const edited: Record<string, object> = {};
  for (const member of members) {
    if (!(member in settings)) continue;
    const held = (settings[member] ?? {}) as Record<string, { CustomImages?: CustomImage[] } | undefined>;
    const apps = imageApps.filter((app) => supportsCustomImages(member, app));
    const changed = apps.flatMap((app) => {
      const images = held[app.settings]?.CustomImages ?? [];
      const CustomImages = edit(images, app, member);
      return areEqual(images, CustomImages) ? [] : [[app.settings, { ...held[app.settings], CustomImages }] as const];
    });
    if (changed.length > 0) edited[member] = { ...held, ...Object.fromEntries(changed) };
  }
  return Object.keys(edited).length > 0 ? { ...settings, ...edited } : undefined;
}

/** Puts an image in the place of those that it `replaces`, or after all the others. */
export function replaceOrAppend(
  images: readonly CustomImage[],
  image: CustomImage,
  replaces: (image: CustomImage) => boolean,
): CustomImage[] {
  const at = images.findIndex(replaces);
  const others = images.filter((each) => !replaces(each));
  return others.toSpliced(at < 0 ? others.length : at, 0, image);
}

function areEqual(a: readonly CustomImage[], b: readonly CustomImage[]): boolean {
  return isDeepStrictEqual(a.map(comparableImage), b.map(comparableImage));
}

function comparableImage({ ImageName, AppImageConfigName, ImageVersionNumber }: CustomImage) {
  return { ImageName, AppImageConfigName, ImageVersionNumber };
}
