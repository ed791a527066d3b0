import { createHash } from 'node:crypto';
import {
  type CreateImageRequest,
  CreateImageVersionCommand,
  DeleteImageCommand,
  DeleteImageVersionCommand,
  DescribeImageCommand,
  type DescribeImageResponse,
  DescribeImageVersionCommand,
  type DescribeImageVersionResponse,
  type ImageVersion,
  paginateListImages,
  paginateListImageVersions,
  UpdateImageCommand,
  type UpdateImageRequest,
} from '@aws-sdk/client-sagemaker';
import type { Context, Log } from '@studio-resources/core';
import { BusyError, codeOf, mapConcurrent, requestDeletion, sagemaker, undefinedIfNotFound } from '../client/client.ts';
import { updateWhenIdle } from '../client/status.ts';

export function isImageName(name: unknown): name is string {
  return typeof name === 'string' && /^[a-zA-Z0-9]([-.]?[a-zA-Z0-9]){0,62}$/.test(name);
}

export function findImage(ImageName: string): Promise<DescribeImageResponse | undefined> {
  return undefinedIfNotFound(sagemaker().send(new DescribeImageCommand({ ImageName })));
}

export async function listImageNames(): Promise<string[]> {
  const pages = await Array.fromAsync(paginateListImages({ client: sagemaker(), pageSize: 100 }, {}));
  return pages.flatMap(({ Images = [] }) => Images.map(({ ImageName }) => ImageName!));
}

export async function getImage(ImageName: string): Promise<DescribeImageResponse> {
  const image = await findImage(ImageName);
  if (image) return image;
  throw new Error(`Reading image ${ImageName}: it does not exist; it was deleted outside of this stack`);
}

/**
 * Calls the deletion of an image with all its versions. The container images in ECR stay. `detach` removes the image
 * from all settings when SageMaker says that it is in use.
 */
export async function deleteImage(ImageName: string, release: () => Promise<void>): Promise<void> {
  try {
    await requestDeletion(`image ${ImageName}`, () => sagemaker().send(new DeleteImageCommand({ ImageName })), {
      isGone: async () => !(await findImage(ImageName)),
    });
  } catch (error) {
    if (error instanceof BusyError) await release();
    throw error;
  }
}

type Settings = Pick<CreateImageRequest, 'RoleArn' | 'DisplayName' | 'Description'>;

/** Updates an image in place from `old` to `input`. Values that the image already has are not sent. */
export async function updateImage(image: DescribeImageResponse, input: Settings, old: Settings): Promise<void> {
  const { ImageName } = image;
  const change = diffImage(image, input, old);
  if (Object.keys(change).length === 0) return;
  const update = () => sagemaker().send(new UpdateImageCommand({ ...change, ImageName }));
  await updateWhenIdle(`Updating image ${ImageName}`, described(image), update, async () => {
    const now = await findImage(ImageName!);
    return now && described(now);
  });
}

function described({ ImageStatus, LastModifiedTime }: DescribeImageResponse) {
  return { Status: ImageStatus, LastModifiedTime };
}

function diffImage(image: DescribeImageResponse, input: Settings, old: Settings): Partial<UpdateImageRequest> {
  // After a failed update, DescribeImage may show values that are not in effect.
  const isHeld = (name: keyof Settings) => image.ImageStatus === 'CREATED' && image[name] === input[name];
  const names = ['RoleArn', 'DisplayName', 'Description'] as const;
  const set = names.filter((name) => input[name] !== undefined && !isHeld(name));
  // An image without a DisplayName shows its ImageName.
  const isGone = (name: keyof Settings) => image[name] === undefined || image[name] === image.ImageName;
  const cleared = names.filter((name) => input[name] === undefined && old[name] !== undefined && !isGone(name));
  return {
    ...Object.fromEntries(set.map((name) => [name, input[name]])),
    ...(cleared.length > 0 && { DeleteProperties: cleared }),
  };
}

/** A version created from the desired BaseImage, and whether it is the latest, which apps use by default. */
export interface DesiredVersion {
  version: DescribeImageVersionResponse;
  isLatest: boolean;
}

/** The newest version from that base image. A failed version counts only when there is no other. */
export async function findVersion(ImageName: string, BaseImage: string): Promise<DesiredVersion | undefined> {
  const versions = await listVersions(ImageName);
  const usable = versions.filter(({ ImageVersionStatus }) => !/FAILED$/.test(ImageVersionStatus ?? ''));
  const failed = versions.filter((version) => !usable.includes(version));
  for (const { Version } of [...usable, ...failed]) {
    const version = await describeVersion(ImageName, Version!);
    if (version?.BaseImage === BaseImage) return { version, isLatest: Version === versions[0]?.Version };
  }
  return undefined;
}

/** Starts the creation of a version. The token makes a retry of the same request idempotent. */
export async function createVersion(ImageName: string, BaseImage: string, { requestId }: Context): Promise<void> {
  const ClientToken = createHash('sha256').update(`${requestId} ${BaseImage}`).digest('hex').slice(0, 36);
  try {
    await sagemaker().send(new CreateImageVersionCommand({ ImageName, BaseImage, ClientToken }));
  } catch (cause) {
    const what = `Creating a version of image ${ImageName} from ${BaseImage}`;
    // Another operation on the image has started since it was described.
    const isBusy = codeOf(cause) === 'ResourceInUse' || /in an invalid state/.test(String(cause));
    throw isBusy ? new BusyError(what, { cause }) : new Error(what, { cause });
  }
}

/** Deletes the failed versions from these base images: they cannot be used, and they hide usable ones. */
export async function deleteFailedVersions(ImageName: string, baseImages: readonly string[]): Promise<void> {
  for (const { Version, ImageVersionStatus } of await listVersions(ImageName)) {
    if (ImageVersionStatus !== 'CREATE_FAILED') continue;
    const version = await describeVersion(ImageName, Version!);
    if (baseImages.includes(version?.BaseImage ?? '')) {
      await requestDeletion(`version ${Version} of image ${ImageName}`, () => deleteVersion(ImageName, Version!));
    }
  }
}

/**
 * Deletes all versions except those from `retainedBaseImages` and the `keep` newest of the others. Versions that are in
 * use, or in transition, stay until a later update.
 */
export async function pruneVersions(
  ImageName: string,
  keep: number,
  retainedBaseImages: readonly string[],
  log: Log,
): Promise<void> {
  const retained = await mapConcurrent(
    retainedBaseImages,
    async (base) => (await findVersion(ImageName, base))?.version.Version,
  );
  const others = (await listVersions(ImageName)).filter(
    ({ Version, ImageVersionStatus }) => ImageVersionStatus === 'CREATED' && !retained.includes(Version),
  );
  for (const { Version } of others.slice(keep)) {
    try {
      await deleteVersion(ImageName, Version!);
      log.info('Deleting an old version', { ImageName, Version });
    } catch (error) {
      if (!['ResourceInUse', 'ResourceNotFound', 'ValidationException'].includes(codeOf(error))) throw error;
      log.warn('An old version is in use, and is retained', { ImageName, Version, error });
    }
  }
}

function deleteVersion(ImageName: string, Version: number): Promise<unknown> {
  return sagemaker().send(new DeleteImageVersionCommand({ ImageName, Version }));
}

function describeVersion(ImageName: string, Version: number): Promise<DescribeImageVersionResponse | undefined> {
  return undefinedIfNotFound(sagemaker().send(new DescribeImageVersionCommand({ ImageName, Version })));
}

/** Lists the versions that are not being deleted, the newest first. */
async function listVersions(ImageName: string): Promise<ImageVersion[]> {
  const versions: ImageVersion[] = [];
  for await (const page of paginateListImageVersions({ client: sagemaker(), pageSize: 100 }, { ImageName })) {
    versions.push(...(page.ImageVersions ?? []));
  }
  return versions
    .filter(({ ImageVersionStatus }) => ImageVersionStatus !== 'DELETING')
    .sort((a, b) => b.Version! - a.Version!);
}
