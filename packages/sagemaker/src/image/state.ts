import type { CreateAppImageConfigRequest, DescribeImageResponse } from '@aws-sdk/client-sagemaker';
import type { Context, Status } from '@studio-resources/core';
import { mapConcurrent } from '../client/client.ts';
import { imageStatus, imageVersionStatus } from '../client/status.ts';
import {
  appImageConfigName,
  createAppImageConfigs,
  findAppImageConfigs,
  imageApps,
  imageAppsOf,
} from './app-image-config.ts';
import { type AttachmentProperties, type AttachmentState, observeAttachments } from './attachments.ts';
import { createVersion, type DesiredVersion, findImage, findVersion, pruneVersions } from './image.ts';

/** The desired state of an image. */
export interface DesiredImage extends AttachmentProperties, Pick<CreateAppImageConfigRequest, 'Tags'> {
  BaseImage: string;
  KeepVersions?: number;
}

export interface ImageState {
  image: DescribeImageResponse;
  /** What belongs to the image. Undefined until the image is CREATED. */
  parts?: Parts;
}

interface Parts {
  /** The names of the existing app image configs. */
  configs: ReadonlySet<string>;
  /** The name of a missing app image config. */
  missing?: string;
  desired?: DesiredVersion;
  /** Empty until the app image configs and the version exist. */
  attachments: readonly AttachmentState[];
}

/** Describes an image and everything that belongs to it. A deletion needs the image only. */
export async function observeImage(name: string, props: DesiredImage, ctx: Context): Promise<ImageState | undefined> {
  const image = await findImage(name);
  if (image?.ImageStatus !== 'CREATED' || ctx.requestType === 'Delete') return image && { image };
  const [found, desired] = await Promise.all([findAppImageConfigs(name), findVersion(name, props.BaseImage)]);
  const configs = new Set(found);
  const missing = imageAppsOf(props)
    .map((app) => appImageConfigName(name, app))
    .find((each) => !configs.has(each));
  const isMade = !missing && desired?.version.ImageVersionStatus === 'CREATED';
  const attachments = isMade ? await observeAttachments(name, props, desired, ctx) : [];
  return { image, parts: { configs, missing, desired, attachments } };
}

/** Takes the next steps towards the desired state. */
export async function advanceImage(
  { image, parts }: ImageState,
  props: DesiredImage,
  ctx: Context,
  old: DesiredImage,
): Promise<void> {
  if (!parts) return;
  const name = image.ImageName!;
  const { missing, desired, attachments } = parts;
  if (missing || !desired) await createAppImageConfigs(name, props, ctx);
  if (!desired) {
    await createVersion(name, props.BaseImage, ctx);
    // Keeps the new version, the one that a rollback returns to, and the newest of the others.
    const { BaseImage, KeepVersions } = props;
    if (KeepVersions) await pruneVersions(name, KeepVersions - 1, [BaseImage, old.BaseImage], ctx.log);
  }
  await mapConcurrent(attachments, async ({ attach }) => attach?.());
}

export function statusOfImage({ image, parts }: ImageState): Status {
  if (!parts) return imageStatus(image);
  const { missing, desired, attachments } = parts;
  if (missing) return { pending: `app image config ${missing}` };
  if (!desired) return { pending: `a new version of image ${image.ImageName}` };
  const made = imageVersionStatus(image.ImageName!, desired.version);
  if (made !== 'ready') return made;
  const statuses = attachments.map(({ status }) => status);
  const failed = statuses.find((status) => typeof status === 'object' && 'failed' in status);
  return failed ?? statuses.find((status) => status !== 'ready') ?? 'ready';
}

export function attributesOfImage({ image, parts }: ImageState): Record<string, string> {
  const { ImageName = '', ImageArn = '' } = image;
  const { ImageVersionArn = '', Version = '', ContainerImage = '' } = parts?.desired?.version ?? {};
  const names = imageApps.map((app) => {
    const name = appImageConfigName(ImageName, app);
    return [`${app.config}Name`, parts?.configs.has(name) ? name : ''];
  });
  const version = { ImageVersionArn, ImageVersionNumber: String(Version), ContainerImage };
  return { ImageName, ImageArn, ...version, ...Object.fromEntries(names) };
}
