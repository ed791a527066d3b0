import { createHash } from 'node:crypto';
import type * as ECR from '@aws-sdk/client-ecr';
import { AwsError } from '../../errors.ts';
import { pageOf } from '../../pages.ts';
import type { Call } from '../../service.ts';
import { getRepository, type ImageRecord, invalid, named, type Operations, type RepositoryRecord } from './records.ts';

const dockerManifest = 'application/vnd.docker.distribution.manifest.v2+json';

/** How long a scan takes, in seconds. */
const scanning = [10, 60] as const;

/** Virtual milliseconds for which an authorisation token is good. */
const tokenValidity = 12 * 3600_000;

function digestOf(manifest: string): string {
  return `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
}

function findImage({ images }: RepositoryRecord, { imageDigest, imageTag }: ECR.ImageIdentifier) {
  const found = Object.values(images).find(
    ({ digest, tags }) =>
      (imageDigest === undefined || digest === imageDigest) && (imageTag === undefined || tags.includes(imageTag)),
  );
  return imageDigest === undefined && imageTag === undefined ? undefined : found;
}

function notFound(repository: RepositoryRecord, id: ECR.ImageIdentifier): AwsError {
  const { repositoryName, registryId } = named(repository);
  const message = `The image with imageId {imageDigest:'${id.imageDigest ?? 'null'}', imageTag:'${id.imageTag ?? 'null'}'} does not exist within the repository with name '${repositoryName}' in the registry with id '${registryId}'`;
  return new AwsError('ImageNotFoundException', message);
}

function mediaTypeOf({ imageManifest = '', imageManifestMediaType }: ECR.PutImageRequest): string {
  let manifest: { mediaType?: unknown };
  try {
    manifest = JSON.parse(imageManifest) as typeof manifest;
  } catch {
    throw invalid("Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'Invalid JSON syntax'");
  }
  return imageManifestMediaType ?? (typeof manifest.mediaType === 'string' ? manifest.mediaType : dockerManifest);
}

function detailOf(repository: RepositoryRecord, image: ImageRecord): ECR.ImageDetail {
  return {
    ...named(repository),
    imageDigest: image.digest,
    imageTags: image.tags.length > 0 ? image.tags : undefined,
    imageSizeInBytes: sizeOf(image.manifest),
    imagePushedAt: image.pushed,
    imageManifestMediaType: image.mediaType,
    ...(image.scanned && {
      imageScanStatus: { status: 'COMPLETE', description: 'The scan was completed successfully.' },
      imageScanFindingsSummary: { imageScanCompletedAt: image.scanned, findingSeverityCounts: {} },
    }),
  };
}

/** What the manifest says of its layers. */
function sizeOf(manifest: string): number {
  const { layers = [] } = JSON.parse(manifest) as { layers?: { size?: number }[] };
  return layers.reduce((sum, { size = 0 }) => sum + size, 0);
}

export const imageOperations: Operations = {
  /** Layers go over Docker's own registry protocol, which nothing speaks here: a manifest stands for its image. */
  PutImage(input, call) {
    const repository = getRepository(input, call);
    const { imageManifest: manifest = '', imageTag } = input;
    const mediaType = mediaTypeOf(input);
    const digest = digestOf(manifest);
    if (input.imageDigest !== undefined && input.imageDigest !== digest) {
      throw new AwsError('ImageDigestDoesNotMatchException', 'The provided digest does not match the manifest');
    }
    const { repositoryName } = named(repository);
    const tagged = imageTag === undefined ? undefined : findImage(repository, { imageTag });
    const known = repository.images[digest];
    if (known && (imageTag === undefined || tagged === known)) {
      const message = `Image with digest '${digest}' and tag '${imageTag ?? 'null'}' already exists in the repository with name '${repositoryName}' in registry with id '${call.account}'`;
      throw new AwsError('ImageAlreadyExistsException', message);
    }
    if (tagged && repository.shown.imageTagMutability === 'IMMUTABLE') {
      const message = `The image tag '${imageTag}' already exists in the '${repositoryName}' repository and cannot be overwritten because the tag is immutable.`;
      throw new AwsError('ImageTagAlreadyExistsException', message);
    }
    if (tagged) tagged.tags = tagged.tags.filter((tag) => tag !== imageTag);
    const image = known ?? { digest, manifest, mediaType, tags: [], pushed: new Date(call.clock.now()) };
    if (imageTag !== undefined) image.tags.push(imageTag);
    repository.images[digest] = image;
    if (!known && repository.shown.imageScanningConfiguration?.scanOnPush) {
      call.takes(scanning, 'scanned', { repositoryName, digest });
    }
    const imageId = { imageDigest: digest, imageTag };
    return { image: { ...named(repository), imageId, imageManifest: manifest, imageManifestMediaType: mediaType } };
  },

  BatchGetImage(input, call) {
    const repository = getRepository(input, call);
    const images: ECR.Image[] = [];
    const failures: ECR.ImageFailure[] = [];
    for (const imageId of input.imageIds ?? []) {
      const found = findImage(repository, imageId);
      if (found) {
        images.push({
          ...named(repository),
          imageId: { imageDigest: found.digest, imageTag: imageId.imageTag },
          imageManifest: found.manifest,
          imageManifestMediaType: found.mediaType,
        });
      } else failures.push({ imageId, failureCode: 'ImageNotFound', failureReason: 'Requested image not found' });
    }
    return { images, failures };
  },

  DescribeImages(input, call) {
    const repository = getRepository(input, call);
    const chosen = input.imageIds?.map((id) => {
      const found = findImage(repository, id);
      if (!found) throw notFound(repository, id);
      return found;
    });
    const status = input.filter?.tagStatus ?? 'ANY';
    const fits = ({ tags }: ImageRecord) => status === 'ANY' || (status === 'TAGGED') === tags.length > 0;
    const all = (chosen ?? Object.values(repository.images)).filter(fits);
    const { items, token } = page(all, input);
    return { imageDetails: items.map((image) => detailOf(repository, image)), nextToken: token };
  },

  ListImages(input, call) {
    const repository = getRepository(input, call);
    const { items, token } = page(Object.values(repository.images), input);
    const idsOf = ({ digest: imageDigest, tags }: ImageRecord) =>
      tags.length > 0 ? tags.map((imageTag) => ({ imageDigest, imageTag })) : [{ imageDigest }];
    return { imageIds: items.flatMap(idsOf), nextToken: token };
  },

  BatchDeleteImage(input, call) {
    const repository = getRepository(input, call);
    const imageIds: ECR.ImageIdentifier[] = [];
    const failures: ECR.ImageFailure[] = [];
    for (const imageId of input.imageIds ?? []) {
      const found = findImage(repository, imageId);
      if (!found) {
        failures.push({ imageId, failureCode: 'ImageNotFound', failureReason: 'Requested image not found' });
        continue;
      }
      // Deleted by tag, an image loses the tag, and is deleted with its last one.
      found.tags = imageId.imageDigest ? [] : found.tags.filter((tag) => tag !== imageId.imageTag);
      if (found.tags.length === 0) delete repository.images[found.digest];
      imageIds.push({ imageDigest: found.digest, imageTag: imageId.imageTag });
    }
    return { imageIds, failures };
  },

  DescribeImageScanFindings(input, call) {
    const repository = getRepository(input, call);
    const image = findImage(repository, input.imageId ?? {});
    if (!image) throw notFound(repository, input.imageId ?? {});
    if (!image.scanned) {
      const message = `Image scan does not exist for the image with digest '${image.digest}'`;
      throw new AwsError('ScanNotFoundException', message);
    }
    return {
      ...named(repository),
      imageId: { imageDigest: image.digest, imageTag: input.imageId?.imageTag },
      imageScanStatus: { status: 'COMPLETE', description: 'The scan was completed successfully.' },
      imageScanFindings: { imageScanCompletedAt: image.scanned, findings: [], findingSeverityCounts: {} },
    };
  },

  GetAuthorizationToken(_, call) {
    const { account, region, clock, requestId } = call;
    const authorizationToken = Buffer.from(`AWS:${requestId}`).toString('base64');
    const proxyEndpoint = `https://${account}.dkr.ecr.${region}.amazonaws.com`;
    const expiresAt = new Date(clock.now() + tokenValidity);
    return { authorizationData: [{ authorizationToken, expiresAt, proxyEndpoint }] };
  },
};

function page(all: ImageRecord[], { nextToken, maxResults = 100 }: { nextToken?: string; maxResults?: number }) {
  const request = { token: nextToken, size: maxResults };
  return pageOf(
    all,
    ({ digest }) => digest,
    request,
    () => invalid('The nextToken is not valid'),
  );
}

export const imageTasks = {
  /** Nothing is ever found in an image here. */
  scanned({ repositoryName, digest }: { repositoryName: string; digest: string }, call: Call): void {
    const image = call.table<RepositoryRecord>('repositories').get(repositoryName)?.images[digest];
    if (image) image.scanned = new Date(call.clock.now());
  },
};
