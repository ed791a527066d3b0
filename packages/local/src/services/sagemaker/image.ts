import type * as SageMaker from '@aws-sdk/client-sagemaker';
import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { imagesIn } from './custom-images.ts';
import { list } from './pages.ts';
import { checkQuota } from './quotas.ts';
import { all, arnOf, type ImageRecord, inUse, invalid, isVisible, type Operations, tableOf } from './records.ts';
import { roleProblem } from './roles.ts';
import { type Endings, enter } from './statuses.ts';
import { checkTags, tagNew } from './tags.ts';
import { matchesTimes } from './time-filter.ts';
import { visibleFrom } from './visibility.ts';

/** The image of that name. Throws ResourceNotFound. */
export function getImage(ImageName: string | undefined, call: Call): ImageRecord {
  const image = tableOf('image', call).get(ImageName ?? '');
  if (image) return image;
  throw missing(ImageName);
}

function missing(ImageName: string | undefined): AwsError {
  return new AwsError('ResourceNotFound', `Image ${ImageName} does not exist. Please provide a valid ImageName.`);
}

/** What AWS says of an image in a wrong state is known of CreateImageVersion only. */
export function invalidState(ImageName: string): AwsError {
  return invalid(`Image ${ImageName} is in an invalid state.`);
}

/** Nothing is done with an image in which something is under way. */
function mustBeAtRest({ shown: { ImageName, Status } }: ImageRecord): void {
  if (/ING$/.test(Status)) throw inUse(`Image ${ImageName} is in ${Status} status.`);
}

function shownOf({ shown: { Status: ImageStatus, ...shown } }: ImageRecord) {
  return { ...shown, ImageStatus };
}

export const imageOperations: Operations = {
  CreateImage(request, call) {
    checkTags(request.Tags);
    const { ImageName = '', RoleArn = '', DisplayName = ImageName, Description, Tags } = request;
    const images = tableOf('image', call);
    if (images.has(ImageName)) {
      throw inUse(`The Image with ImageName ${ImageName} already exists. Please use a different ImageName.`);
    }
    checkQuota('SageMakerImage images', images.size, call);
    const arn = arnOf('image', ImageName, call);
    const CreationTime = new Date(call.clock.now());
    const image: ImageRecord = {
      key: ImageName,
      arn,
      shown: {
        ImageName,
        ImageArn: arn,
        RoleArn,
        DisplayName,
        ...(Description !== undefined && { Description }),
        Status: 'CREATING',
        CreationTime,
        LastModifiedTime: CreationTime,
      },
      visibleAt: visibleFrom('image', call),
      step: 0,
      lastVersion: 0,
    };
    images.set(ImageName, image);
    tagNew(arn, Tags, call);
    enter('image', image, 'CREATING', call);
    return { ImageArn: arn };
  },

  DescribeImage(request, call) {
    const image = getImage(request.ImageName, call);
    if (!isVisible(image, call)) throw missing(request.ImageName);
    return shownOf(image);
  },

  ListImages(request, call) {
    const part = request.NameContains ?? '';
    const images = all('image', call, ({ key, shown }) => key.includes(part) && matchesTimes(request, shown));
    const { SortOrder = 'DESCENDING' } = request;
    const { items, NextToken } = list({ ...request, SortOrder }, images, detailsOf, call);
    return { Images: items, NextToken };
  },

  UpdateImage(request, call) {
    const { ImageName = '', RoleArn, DisplayName, Description, DeleteProperties = [] } = request;
    const image = getImage(ImageName, call);
    mustBeAtRest(image);
    if (/^(CREATE|DELETE)_FAILED$/.test(image.shown.Status)) throw invalidState(ImageName);
    const { shown } = image;
    if (RoleArn !== undefined) shown.RoleArn = RoleArn;
    if (DeleteProperties.includes('DisplayName')) shown.DisplayName = ImageName;
    if (DeleteProperties.includes('Description')) delete shown.Description;
    if (DisplayName !== undefined) shown.DisplayName = DisplayName;
    if (Description !== undefined) shown.Description = Description;
    enter('image', image, 'UPDATING', call);
    return { ImageArn: image.arn };
  },

  /** It takes its versions along. That one which settings name is refused is not documented, but modelled. */
  DeleteImage(request, call) {
    const { ImageName = '' } = request;
    const image = getImage(ImageName, call);
    mustBeAtRest(image);
    if (imagesIn(call).some((one) => one.ImageName === ImageName)) {
      throw inUse(`Image ${ImageName} is in use by a Domain or UserProfile.`);
    }
    enter('image', image, 'DELETING', call);
    return {};
  },
};

function detailsOf(image: ImageRecord): SageMaker.Image {
  const { RoleArn, ...details } = shownOf(image);
  return details;
}

/** An image fails when SageMaker cannot take on its role. */
async function problemOf(key: string, call: Call): Promise<string | undefined> {
  return roleProblem({ ExecutionRole: getImage(key, call).shown.RoleArn }, call, `image/${key}`);
}

export const imageEndings: Endings['image'] = {
  CREATING: problemOf,
  UPDATING: problemOf,
  async DELETING(key, call) {
    for (const version of all('image-version', call, ({ ImageName }) => ImageName === key)) {
      tableOf('image-version', call).delete(version.key);
    }
    return undefined;
  },
};
