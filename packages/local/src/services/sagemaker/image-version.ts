import { createHash } from 'node:crypto';
import type * as SageMaker from '@aws-sdk/client-sagemaker';
import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { ecr } from '../ecr/index.ts';
import { imagesIn } from './custom-images.ts';
import { getImage, invalidState } from './image.ts';
import { self } from './network.ts';
import { list } from './pages.ts';
import { all, arnOf, type ImageVersionRecord, inUse, invalid, isVisible, type Operations, tableOf } from './records.ts';
import { type Endings, enter } from './statuses.ts';
import { matchesTimes } from './time-filter.ts';
import { visibleFrom } from './visibility.ts';

/** Sorts as the numbers do. */
function keyOf(ImageName: string, Version: number): string {
  return `${ImageName}/${String(Version).padStart(10, '0')}`;
}

/** Which version of an image a request is about. */
export interface VersionChoice {
  ImageName?: string;
  Version?: number;
  Alias?: string;
}

/** The version of that number or alias, or the latest one. Throws ResourceNotFound. */
export function getVersion({ ImageName = '', Version, Alias }: VersionChoice, call: Call): ImageVersionRecord {
  const versions = versionsOf(ImageName, call).filter((one) => isVisible(one, call));
  const isMeant = ({ shown, aliases }: ImageVersionRecord) =>
    Alias === undefined ? shown.Version === Version : aliases.includes(Alias);
  const version = (Version ?? Alias) === undefined ? versions.at(-1) : versions.find(isMeant);
  if (version) return version;
  const number = Version === undefined ? 'Latest ImageVersion' : `ImageVersion ${Version}`;
  const what = Alias === undefined ? number : `ImageVersion with Alias ${Alias}`;
  throw new AwsError(
    'ResourceNotFound',
    `${what} with ImageName ${ImageName} does not exist. Please provide a valid ImageName.`,
  );
}

/** The version that a change names by its number or by an alias, which is at rest. */
export function getVersionToChange({ ImageName, Version, Alias }: VersionChoice, call: Call): ImageVersionRecord {
  if ((Version === undefined) === (Alias === undefined)) {
    throw invalid('Exactly one of Version and Alias must be specified.');
  }
  const version = getVersion({ ImageName, Version, Alias }, call);
  const { Status } = version.shown;
  if (/ING$/.test(Status)) throw inUse(`ImageVersion [${version.arn}] is in ${Status} status.`);
  return version;
}

export function versionsOf(ImageName: string, call: Call): ImageVersionRecord[] {
  return all('image-version', call, (one) => one.ImageName === ImageName);
}

/** An alias names one version of an image. */
export function checkAliases(ImageName: string, aliases: readonly string[], call: Call): void {
  const taken = versionsOf(ImageName, call).flatMap((one) => one.aliases);
  const [first] = aliases.filter((alias) => taken.includes(alias));
  if (first !== undefined) throw inUse(`Alias ${first} already exists for Image ${ImageName}.`);
}

/** The registry's own name of what a tag stood for at the time. */
function resolved(BaseImage: string, digest: string): string {
  return BaseImage.includes('@') ? BaseImage : `${BaseImage.replace(/:[^/:]*$/, '')}@${digest}`;
}

const registry =
  /^(?<registryId>\d{12})\.dkr\.ecr\.(?<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?\/(?<repositoryName>[a-z0-9._/-]+?)(:(?<imageTag>[\w.-]+)|@(?<imageDigest>sha256:[0-9a-f]{64}))?$/;

/**
 * The digest of a base image, or why SageMaker does not find it. A registry of another account or Region is not here,
 * and so all that is named in one is there.
 */
async function digestOrProblem(BaseImage: string, call: Call): Promise<{ digest: string } | { problem: string }> {
  const { registryId, region, repositoryName, imageTag, imageDigest } = registry.exec(BaseImage)!.groups!;
  if (registryId !== call.account || region !== call.region) {
    return { digest: `sha256:${createHash('sha256').update(BaseImage).digest('hex')}` };
  }
  const imageIds = [imageDigest ? { imageDigest } : { imageTag: imageTag ?? 'latest' }];
  try {
    const { images = [] } = await call.invoke(ecr, 'BatchGetImage', { repositoryName, imageIds }, self(call));
    const digest = images[0]?.imageId?.imageDigest;
    return digest ? { digest } : { problem: `Requested image ${BaseImage} not found.` };
  } catch (cause) {
    if (!(cause instanceof AwsError && cause.name === 'RepositoryNotFoundException')) throw cause;
    return { problem: `Cannot find repository: ${repositoryName} in registry ID: ${registryId}` };
  }
}

export const imageVersionOperations: Operations = {
  CreateImageVersion(request, call) {
    const { ImageName = '', BaseImage = '', ClientToken: token = '', Aliases = [], ...more } = request;
    const image = getImage(ImageName, call);
    if (!registry.test(BaseImage)) throw invalid(`BaseImage ${BaseImage} is not a valid Amazon ECR URI.`);
    const [same] = all('image-version', call, (one) => one.ImageName === ImageName && one.token === token);
    if (same) return { ImageVersionArn: same.arn };
    if (!/^(CREATED|UPDATE_FAILED)$/.test(image.shown.Status)) throw invalidState(ImageName);
    checkAliases(ImageName, Aliases, call);
    image.lastVersion += 1;
    const Version = image.lastVersion;
    const arn = arnOf('image-version', `${ImageName}/${Version}`, call);
    const CreationTime = new Date(call.clock.now());
    const version: ImageVersionRecord = {
      key: keyOf(ImageName, Version),
      arn,
      ImageName,
      token,
      aliases: [...new Set(Aliases)],
      shown: {
        ...more,
        BaseImage,
        ImageArn: image.arn,
        ImageVersionArn: arn,
        Version,
        Status: 'CREATING',
        CreationTime,
        LastModifiedTime: CreationTime,
      },
      visibleAt: visibleFrom('image-version', call),
      step: 0,
    };
    tableOf('image-version', call).set(version.key, version);
    enter('image-version', version, 'CREATING', call);
    return { ImageVersionArn: arn };
  },

  DescribeImageVersion(request, call) {
    const { Status: ImageVersionStatus, ...shown } = getVersion(request, call).shown;
    return { ...shown, ImageVersionStatus };
  },

  ListImageVersions(request, call) {
    const { ImageName, SortOrder = 'DESCENDING' } = request;
    getImage(ImageName, call);
    const versions = all(
      'image-version',
      call,
      (one) => one.ImageName === ImageName && matchesTimes(request, one.shown),
    );
    const { items, NextToken } = list({ ...request, SortOrder }, versions, detailsOf, call);
    return { ImageVersions: items, NextToken };
  },

  DeleteImageVersion(request, call) {
    const version = getVersionToChange(request, call);
    const { ImageName, shown } = version;
    if (imagesIn(call).some((one) => one.ImageName === ImageName && one.ImageVersionNumber === shown.Version)) {
      throw inUse(`ImageVersion [${version.arn}] is in use by a Domain or UserProfile.`);
    }
    enter('image-version', version, 'DELETING', call);
    return {};
  },
};

/**
 * SageMaker's words for what is missing are those of CreateTrainingJob and CreateModel: aws/amazon-sagemaker-examples
 * issue 2534, and aws-samples/easy-amazon-sagemaker-deployments issue 4.
 */
export const imageVersionEndings: Endings['image-version'] = {
  async CREATING(key, call) {
    const { shown } = tableOf('image-version', call).get(key)!;
    const found = await digestOrProblem(shown.BaseImage, call);
    if ('problem' in found) return found.problem;
    shown.ContainerImage = resolved(shown.BaseImage, found.digest);
    return undefined;
  },
};

function detailsOf({ shown }: ImageVersionRecord): SageMaker.ImageVersion {
  const { CreationTime, FailureReason, ImageArn, ImageVersionArn, LastModifiedTime, Version, Status } = shown;
  return {
    ...{ CreationTime, FailureReason, ImageArn, ImageVersionArn, LastModifiedTime, Version },
    ImageVersionStatus: Status,
  };
}
