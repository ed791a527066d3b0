import { isDeepStrictEqual } from 'node:util';
import type { CustomImage } from '@aws-sdk/client-sagemaker';
import type { HeldSettings, SettingsMember } from '../settings/settings-target.ts';
import { type ImageApp, imageApps } from './image-apps.ts';

/** What becomes of the custom images that settings have for an app. */
export type Edit = (images: CustomImage[], app: ImageApp, member: SettingsMember) => CustomImage[];

/** Where custom images can be: spaces take theirs from their owner, or the domain's settings for shared ones. */
const members = ['DefaultUserSettings', 'DefaultSpaceSettings', 'UserSettings'] as const;

/** Code Editor runs in private spaces only, so a domain's settings for shared ones have no place for its images. */
export function hasPlace(member: SettingsMember, app: ImageApp): boolean {
  return member !== 'SpaceSettings' && (member !== 'DefaultSpaceSettings' || app.settings !== 'CodeEditorAppSettings');
}

/** Settings with their custom images edited; undefined where that changes nothing. */
export function withEdited(settings: HeldSettings, edit: Edit): HeldSettings | undefined {
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
