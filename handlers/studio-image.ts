import {
  type CreateAppImageConfigRequest,
  CreateAppImageConfigRequest$,
  CreateImageCommand,
  type CreateImageRequest,
  CreateImageRequest$,
  type DescribeImageResponse,
} from '@aws-sdk/client-sagemaker';
import {
  type Context,
  fromConstrainedApi,
  type Holder,
  list,
  oneOf,
  type Resource,
  serve,
  string,
  structure,
} from '@studio-resources/core';
import { allowedDomainsPermissions, domainsIn, refusalOfDomains } from '@studio-resources/sagemaker/allowed-domains';
import { sagemakerWithoutRetries } from '@studio-resources/sagemaker/client/client';
import { passRole } from '@studio-resources/sagemaker/client/permissions';
import { isTransitioning } from '@studio-resources/sagemaker/client/status';
import { createAppImageConfigConstraints, createImageConstraints } from '@studio-resources/sagemaker/constraints';
import {
  assertConfigsCleared,
  createAppImageConfigs,
  deleteAppImageConfigs,
  findAppImageConfigs,
  findOwnedApps,
  imageApps,
  imageAppsOf,
  returnAppImageConfigs,
  transferAppImageConfigs,
  updateAppImageConfigs,
} from '@studio-resources/sagemaker/image/app-image-config';
import { detachAll, detachEverywhere, detachRemoved } from '@studio-resources/sagemaker/image/attachments';
import {
  deleteFailedVersions,
  deleteImage,
  findImage,
  getImage,
  isImageName,
  listImageNames,
  pruneVersions,
  updateImage,
} from '@studio-resources/sagemaker/image/image';
import { imagePermissions } from '@studio-resources/sagemaker/image/permissions';
import { baseImage, checkImageProperties, keepVersions } from '@studio-resources/sagemaker/image/properties';
import {
  advanceImage,
  attributesOfImage,
  type ImageState,
  observeImage,
  statusOfImage,
} from '@studio-resources/sagemaker/image/state';
import {
  adopt,
  adoptExisting,
  assertMayCreate,
  holderIn,
  isOwned,
  isSameHolder,
  ownershipTags,
  returnOwnership,
} from '@studio-resources/sagemaker/ownership';
import { domainSettings } from '@studio-resources/sagemaker/settings/attach-to';
import { listTags, tagsWithStack, updateTags } from '@studio-resources/sagemaker/tags';

const schema = fromConstrainedApi<CreateImageRequest & Partial<CreateAppImageConfigRequest>>(
  { shape: CreateImageRequest$, constraints: createImageConstraints },
  { shape: CreateAppImageConfigRequest$, constraints: createAppImageConfigConstraints },
)
  .omit('AppImageConfigName')
  .with({
    /**
     * Whether to take over an image with this name that another stack of this project created and has given up: `true` if
     * it has to exist, `IfExists` to create it otherwise. An image that others created is refused.
     */
    AdoptExisting: adoptExisting().default(false),
    /** The URI of a container image in Amazon ECR. A change creates a new version. */
    BaseImage: baseImage,
    /** How many versions to keep besides the one from BaseImage. If omitted, all. */
    KeepVersions: keepVersions.optional(),
    /** Where the image is attached. Attachments of others stay. */
    AttachTo: list(
      structure({
        DomainId: string(),
        /** A user profile of the domain. If omitted, the domain itself. */
        UserProfileName: string().optional(),
        /** For a domain: whether the settings for users or for shared spaces. If omitted, those for users. */
        Settings: oneOf(...domainSettings).optional(),
      }),
    ).default([]),
    /** Whether apps use the latest version, including versions that others create, or always the one from BaseImage. */
    AttachedVersion: oneOf('Latest', 'Pinned').default('Latest'),
  })
  .check(checkImageProperties);

type Props = NonNullable<(typeof schema)['~standard']['types']>['output'];

/**
 * A custom image from a container image in Amazon ECR, with its versions, and attached to domains and user profiles.
 */
export const studioImage: Resource<Props, ImageState> = {
  type: 'Custom::StudioImage',
  schema,
  nameProperties: ['ImageName'],
  immutable: ['ImageName'],
  // The arguments and environment variables of containers may be secrets.
  sensitive: ['JupyterLabAppImageConfig', 'CodeEditorAppImageConfig'],
  permissions: [...imagePermissions, ...allowedDomainsPermissions, passRole],
  ownsId: (id) => /^arn:[\w-]+:sagemaker:[\w-]+:\d{12}:image\/[^/]+$/.test(id),

  authorize: ({ AttachTo }, ctx) => refusalOfDomains(domainsIn(AttachTo), ctx),

  async find({ ImageName }, ctx) {
    // A Delete's properties may not fit the schema.
    const image = isImageName(ImageName) ? await findImage(ImageName) : undefined;
    if (!image || (image.ImageStatus === 'DELETING' && ctx.requestType !== 'Delete')) return undefined;
    return (await isOwned(image.ImageArn!, ctx)) ? image.ImageArn : undefined;
  },

  async create(props, ctx) {
    const { ImageName, RoleArn, DisplayName, Description } = props;
    const Tags = await tagsWithStack(props.Tags, ctx);
    const image = await findImage(ImageName);
    const what = `image ${ImageName}`;
    if (image && image.ImageStatus !== 'DELETING') {
      // An image that no stack created is refused: new versions and KeepVersions would change what others run.
      const claimed = { what, arn: image.ImageArn!, adopt: props.AdoptExisting };
      const update = (holder: Holder | undefined) => updateTransferred(image, { ...props, Tags }, holder, ctx);
      if (await adopt(claimed, update, ctx)) return image.ImageArn!;
    } else if (!image) {
      await assertMayCreate(what, props.AdoptExisting, listImageNames);
    }
    const input = { ImageName, RoleArn, DisplayName, Description, Tags: [...Tags, ...ownershipTags(ctx)] };
    const { ImageArn } = await sagemakerWithoutRetries().send(new CreateImageCommand(input));
    return ImageArn!;
  },

  read: (id, props, ctx) => observeImage(nameOf(id, props), props, ctx),

  advance: advanceImage,

  async update(id, properties, old, ctx) {
    const props = { ...properties, Tags: await tagsWithStack(properties.Tags, ctx) };
    await assertConfigsCleared(props, old, ctx);
    const { ImageName, BaseImage, KeepVersions } = props;
    const image = await getImage(ImageName);
    await updateImage(image, props, old);
    await updateTags(id, props.Tags, old.Tags);
    await updateAppImageConfigs(ImageName, props, old, ctx);
    await createAppImageConfigs(ImageName, props, ctx);
    await detachRemoved(ImageName, props, old);
    const removed = (await findOwnedApps(ImageName, ctx)).filter((app) => !imageAppsOf(props).includes(app));
    await deleteAppImageConfigs(ImageName, removed);
    await deleteFailedVersions(ImageName, [BaseImage, old.BaseImage]);
    if (KeepVersions && BaseImage === old.BaseImage) await pruneVersions(ImageName, KeepVersions, [BaseImage], ctx.log);
  },

  async delete(id, props, ctx) {
    const name = nameOf(id, props);
    const image = await findImage(name);
    if (image && isTransitioning(image.ImageStatus)) return undefined;
    const tags = image && (await listTags(id));
    const isOwn = tags !== undefined && isSameHolder(holderIn(tags), ctx);
    const apps = await returnAppImageConfigs(name, ctx);
    const isReturned = isOwn && (await returnOwnership(`image ${name}`, id, tags, ctx));
    const isDeleted = isOwn && !isReturned;
    await detachAll(name, props, isDeleted ? imageApps : apps, ctx);
    await deleteAppImageConfigs(name, apps);
    if (isReturned) return 'retained';
    if (isDeleted) {
      await deleteImage(name, () => detachEverywhere(name));
      return undefined;
    }
    if (image) {
      ctx.log.info('The image does not have the tags of this stack and logical id, so it is retained', { id });
    }
    // What remains was created by another stack or by hand.
    const isLeft = image !== undefined || (await findAppImageConfigs(name)).length > 0;
    return isLeft && apps.length === 0 ? 'retained' : undefined;
  },

  async remainingAfterDelete(id, props) {
    const configs = await findAppImageConfigs(nameOf(id, props));
    return configs.length > 0 ? configs.map((name) => `app image config ${name}`).join(', ') : undefined;
  },

  status: statusOfImage,

  attributes: attributesOfImage,

  // Several times the longest delay that was observed in SageMaker's descriptions.
  visibleWithin: 30,

  pace: {
    create: { expectedSeconds: 80, pollIntervalSeconds: 3 },
    update: { expectedSeconds: 60, pollIntervalSeconds: 3 },
    delete: { expectedSeconds: 30, pollIntervalSeconds: 3 },
  },
};

export const handler = serve(studioImage);

/** Changes an existing image, with the app image configs of its holder, to what the template says. */
async function updateTransferred(
  image: DescribeImageResponse,
  props: Props,
  holder: Holder | undefined,
  ctx: Context,
): Promise<void> {
  const { ImageName } = props;
  if (holder) await transferAppImageConfigs(ImageName, holder, ctx);
  await updateImage(image, props, { RoleArn: props.RoleArn });
  const before = Object.fromEntries(imageAppsOf(props).map(({ config }) => [config, {}]));
  await updateAppImageConfigs(ImageName, props, before, ctx);
  await updateTags(image.ImageArn!, props.Tags);
}

/** An image's ARN may have its name in lower case. */
function nameOf(id: string, { ImageName }: Partial<Props>): string {
  const name = id.split('/').at(-1)!;
  return isImageName(ImageName) && ImageName.toLowerCase() === name.toLowerCase() ? ImageName : name;
}
