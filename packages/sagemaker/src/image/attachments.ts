import { isDeepStrictEqual } from 'node:util';
import type { CustomImage } from '@aws-sdk/client-sagemaker';
import type { Context, Place, Status } from '@studio-resources/core';
import { mapConcurrent } from '../client/client.ts';
import { isTransitioning, statusOf } from '../client/status.ts';
import { type Attachment, attachmentsIn, isSameTarget, settingsMember, targetKey } from '../settings/attach-to.ts';
import {
  checkSettingsTargetKey,
  findSettingsTarget,
  listSettingsTargets,
  type SettingsMember,
  type SettingsTarget,
  type SettingsTargetKey,
  settingsTargetId,
  settingsTargetName,
  type TargetSettings,
  updateIfAllowed,
  updateSettingsTarget,
} from '../settings/settings-target.ts';
import { defaultsIn, isNamedBy } from '../settings/shared-lists.ts';
import { type AppConfigs, appImageConfigName, type ImageApp, imageApps, imageAppsOf } from './app-image-config.ts';
import type { DesiredVersion } from './image.ts';

/** Where an image is attached: to a domain, for its users or for its shared spaces, or to one user profile. */
export type ImageAttachment = Omit<Attachment, 'SpaceName'>;

/** The properties that say what is attached, and where. */
export interface AttachmentProperties extends AppConfigs {
  AttachTo?: readonly ImageAttachment[];
  AttachedVersion?: 'Latest' | 'Pinned';
}

/** A desired attachment as observed. */
export interface AttachmentState {
  status: Status;
  /** Attaches the image, where it is not attached yet. */
  attach?(): Promise<void>;
}

/** Adds a problem for each invalid attachment. */
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
    checkSettingsTargetKey({ DomainId, UserProfileName }, one);
    if (Settings === undefined) continue;
    if (UserProfileName !== undefined)
      one.at('Settings').wrong('only a domain has several; leave it out for a profile');
    else if (apps.length > 0 && !apps.some((app) => supportsCustomImages(Settings, app))) {
      one.at('Settings').wrong(`${Settings} have no place for Code Editor's images, only DefaultUserSettings have`);
    }
  }
}

/** Describes every target that the image has to be attached to. */
export function observeAttachments(
  imageName: string,
  props: AttachmentProperties,
  desired: DesiredVersion,
  { since }: Context,
): Promise<AttachmentState[]> {
  return mapConcurrent(targetKeys(props), async (key) => {
    const target = await findSettingsTarget(key);
    const what = settingsTargetName(key);
    if (!target) return { status: { failed: `${what}, a target of AttachTo, does not exist` } };
    if (isTransitioning(target.Status)) return { status: statusOf(target, what) };
    const settings = editCustomImages(target.settings, (images, app, member) => {
      if (!isDesired(props, target, app, member)) return images;
      const image = customImageOf(imageName, app, props, desired);
      return replaceOrAppend(images, image, (each) => isForApp(each, imageName, app));
    });
    // An update that failed before this request started is retried.
    const failedBefore = target.Status === 'Update_Failed' && (target.LastModifiedTime ?? since) < since;
    if (!settings && !failedBefore) return { status: statusOf(target, what) };
    if (target.Status !== 'InService' && !failedBefore) return { status: statusOf(target, what) };
    const status = { pending: `the attachment to ${what}` };
    return { status, attach: () => updateSettingsTarget(target, settings ?? target.settings) };
  });
}

/** Detaches an image from the targets in `old` that are not in `props`. Attachments of others stay. */
export async function detachRemoved(
  imageName: string,
  props: AttachmentProperties,
  old: AttachmentProperties,
): Promise<void> {
  await mapConcurrent(targetKeys(old), async (key) => {
    const refused = await detach(key, (each, app, member, target) => {
      const isKept = isDesired(props, target, app, member) || !isDesired(old, target, app, member);
      // An app does not start with a default image that is not in the list. But without its config, it is of no use there.
      const isNeeded = imageAppsOf(props).includes(app) && isDefaultImage(imageName, app, member, target);
      return isForApp(each, imageName, app) && !isKept && !isNeeded;
    });
    if (refused !== undefined) throw new Error(`Detaching image ${imageName} from ${refused}`);
  });
}

function isDefaultImage(
  imageName: string,
  app: ImageApp,
  member: SettingsMember,
  { settings }: SettingsTarget,
): boolean {
  const held = (settings[member] ?? {}) as Record<string, Record<string, unknown> | undefined>;
  return defaultsIn(held[app.settings] ?? {}).some((arn) => isNamedBy({ ImageName: imageName }, arn));
}

/**
 * Detaches the image, as these apps, from all targets in `props`. Where it is the default, the default goes with it. A target
 * whose domain has been closed since is left as it is.
 */
export async function detachAll(
  imageName: string,
  props: object,
  apps: readonly ImageApp[],
  { log }: Pick<Context, 'log'>,
): Promise<void> {
  await mapConcurrent(targetKeys(props), async (key) => {
    const isDetached = (each: CustomImage, app: ImageApp) => apps.includes(app) && isForApp(each, imageName, app);
    const refused = await detach(key, isDetached, imageName);
    if (refused !== undefined) log.warn('The image stays attached', { refused });
  });
}

/**
 * Detaches an image from everything in the account and Region, including attachments and defaults of others.
 *
 * @throws Error where IAM refuses that, once the rest is done
 */
export async function detachEverywhere(imageName: string): Promise<void> {
  const isOfImage = (each: CustomImage) => each.ImageName === imageName;
  const all = await mapConcurrent(await listSettingsTargets(), (target) => detachFrom(target, isOfImage, imageName));
  const refused = all.filter((each) => each !== undefined);
  if (refused.length > 0) throw new Error(`Deleting image ${imageName}: it is still in ${refused.join(', ')}`);
}

type ShouldDetach = (image: CustomImage, app: ImageApp, member: SettingsMember, target: SettingsTarget) => boolean;

async function detach(key: SettingsTargetKey, goes: ShouldDetach, deleted?: string): Promise<string | undefined> {
  const target = await findSettingsTarget(key);
  return target && target.Status !== 'Deleting' ? detachFrom(target, goes, deleted) : undefined;
}

/** `deleted` is the name of an image that is to be the default no longer. Returns why IAM refuses it, where it does. */
async function detachFrom(target: SettingsTarget, goes: ShouldDetach, deleted?: string): Promise<string | undefined> {
  const settings = editCustomImages(target.settings, (images, app, member) =>
    images.filter((each) => !goes(each, app, member, target)),
  );
  return settings && updateIfAllowed(target, deleted ? withoutDefaultVersion(settings, deleted) : settings);
}

/** Without a version of the image as the default of an app. The API cannot clear a SageMakerImageArn without a version. */
function withoutDefaultVersion<T>(settings: T, imageName: string): T {
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) return settings;
  const isOfImage = (name: string, value: unknown) =>
    name === 'SageMakerImageVersionArn' && typeof value === 'string' && isNamedBy({ ImageName: imageName }, value);
  const members = Object.entries(settings).filter(([name, value]) => !isOfImage(name, value));
  return Object.fromEntries(members.map(([name, value]) => [name, withoutDefaultVersion(value, imageName)])) as T;
}

function customImageOf(
  ImageName: string,
  app: ImageApp,
  { AttachedVersion }: AttachmentProperties,
  { version, isLatest }: DesiredVersion,
): CustomImage {
  const image = { ImageName, AppImageConfigName: appImageConfigName(ImageName, app) };
  // Without a number, SageMaker takes the latest version. After a rollback that need not be the desired one.
  const isPinned = AttachedVersion === 'Pinned' || !isLatest;
  return isPinned ? { ...image, ImageVersionNumber: version.Version } : image;
}

function isForApp(image: CustomImage, imageName: string, app: ImageApp): boolean {
  return image.ImageName === imageName && image.AppImageConfigName === appImageConfigName(imageName, app);
}

function isDesired(props: AttachmentProperties, { key }: SettingsTarget, app: ImageApp, member: string): boolean {
  if (!imageAppsOf(props).includes(app)) return false;
  return attachmentsIn(props).some((each) => isSameTarget(each, key) && settingsMember(each) === member);
}

/** The targets in the properties, without duplicates. */
function targetKeys(props: object): SettingsTargetKey[] {
  return [...new Map(attachmentsIn(props).map((each) => [settingsTargetId(each), targetKey(each)])).values()];
}

/** Returns the new list of custom images for an app. */
export type Edit = (images: CustomImage[], app: ImageApp, member: SettingsMember) => CustomImage[];

/** The settings that can have custom images. Spaces use those of their owner, or the domain's for shared spaces. */
const members = ['DefaultUserSettings', 'DefaultSpaceSettings', 'UserSettings'] as const;

/** Code Editor runs in private spaces only, so a domain's settings for shared spaces have no custom images for it. */
export function supportsCustomImages(member: SettingsMember, app: ImageApp): boolean {
  return member !== 'SpaceSettings' && (member !== 'DefaultSpaceSettings' || app.settings !== 'CodeEditorAppSettings');
}

/** Applies an edit to the custom images in the settings; undefined when nothing changes. */
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

/** Puts an image in the place of the first one that it `replaces`, or at the end. */
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
