import type * as SageMaker from '@aws-sdk/client-sagemaker';
import { type Caller, type ResourceContext, ResourceFailure } from '../resources/resource-type.ts';
import { nativeType } from './native-type.ts';
import { asIn, flag, list, optional, required, tags, text } from './property.ts';
import { retagArn, sagemakerClient } from './sagemaker-domain.ts';
import { pollUntil, undefinedIfNotFound } from './service-client.ts';

/** Seconds between two polls of an image or a version. */
const POLL_SECONDS = 5;

interface Described {
  status?: string;
  reason?: string;
}

/** Waits until an image or a version is at rest as it was asked for. What cannot be seen yet is not at rest. */
async function created<T extends Described>(
  context: ResourceContext,
  name: string,
  read: () => Promise<T | undefined>,
): Promise<T> {
  return pollUntil(context, POLL_SECONDS, async () => {
    const seen = await read();
    if (/FAILED$/.test(seen?.status ?? '')) {
      throw new ResourceFailure(`${name} is in state ${seen!.status}: ${seen!.reason ?? ''}`);
    }
    return seen?.status === 'CREATED' ? seen : undefined;
  });
}

/** Deletes an image or a version once nothing is under way in it, and waits until it is gone. */
async function remove(
  context: ResourceContext,
  name: string,
  read: () => Promise<Described | undefined>,
  call: () => Promise<unknown>,
): Promise<void> {
  const isBusy = ({ status = '' }: Described) => /^(CREATING|UPDATING)$/.test(status);
  await pollUntil(context, POLL_SECONDS, async () => !isBusy((await read()) ?? {}) || undefined);
  await undefinedIfNotFound(call());
  await pollUntil(context, POLL_SECONDS, async () => {
    const seen = await read();
    if (seen?.status === 'DELETE_FAILED') throw new ResourceFailure(`${name}: ${seen.reason ?? seen.status}`);
    return seen === undefined || undefined;
  });
}

async function readImage(caller: Caller, ImageName: string) {
  const image = await undefinedIfNotFound(sagemakerClient(caller)('DescribeImage', { ImageName }));
  return image && { ...image, status: image.ImageStatus, reason: image.FailureReason };
}

async function imageMade(context: ResourceContext, ImageName: string) {
  const { ImageArn = '' } = await created(context, `Image ${ImageName}`, () => readImage(context, ImageName));
  return { physicalId: ImageArn, attributes: { ImageArn } };
}

/** The name in the ARN of an image, or of an image's version. */
function imageNameIn(arn = ''): string {
  return arn.split('/')[1] ?? '';
}

const image = nativeType({
  type: 'AWS::SageMaker::Image',
  properties: {
    ImageDescription: optional(text),
    ImageDisplayName: optional(text),
    ImageName: required(text, 'replaces'),
    ImageRoleArn: required(text),
    Tags: optional(tags),
  },
  async create({ ImageName, ImageRoleArn: RoleArn, ImageDisplayName, ImageDescription, Tags }, context) {
    const described = { DisplayName: ImageDisplayName, Description: ImageDescription };
    const { ImageArn } = await sagemakerClient(context)('CreateImage', { ImageName, RoleArn, ...described, Tags });
    context.initiated(ImageArn!);
    return imageMade(context, ImageName);
  },
  async update({ physicalId, values, old, changed }, context) {
    const sagemaker = sagemakerClient(context);
    const { ImageName, ImageRoleArn: RoleArn, ImageDisplayName, ImageDescription, Tags } = values;
    if (changed.has('ImageRoleArn') || changed.has('ImageDisplayName') || changed.has('ImageDescription')) {
      const DeleteProperties = [
        ...(old.ImageDisplayName !== undefined && ImageDisplayName === undefined ? ['DisplayName'] : []),
        ...(old.ImageDescription !== undefined && ImageDescription === undefined ? ['Description'] : []),
      ];
      await sagemaker('UpdateImage', {
        ...{ ImageName, RoleArn, DisplayName: ImageDisplayName, Description: ImageDescription },
        ...(DeleteProperties.length > 0 && { DeleteProperties }),
      });
    }
    const made = await imageMade(context, ImageName);
    await retagArn(sagemaker, physicalId, Tags, old.Tags);
    return made;
  },
  async delete(physicalId, _, context) {
    const ImageName = imageNameIn(physicalId);
    const call = () => sagemakerClient(context)('DeleteImage', { ImageName });
    await remove(context, `Image ${ImageName}`, () => readImage(context, ImageName), call);
  },
  imports: {
    identifier: ['ImageArn'],
    async find({ ImageArn = '' }, caller) {
      const found = await readImage(caller, imageNameIn(ImageArn));
      return found?.ImageArn === ImageArn ? { physicalId: ImageArn, attributes: { ImageArn } } : undefined;
    },
  },
});

/** The image's name and the version's number in the version's ARN. */
function versionIn(arn: string) {
  return { ImageName: imageNameIn(arn), Version: Number(arn.split('/')[2]) };
}

async function readVersion(caller: Caller, arn: string) {
  const version = await undefinedIfNotFound(sagemakerClient(caller)('DescribeImageVersion', versionIn(arn)));
  return version && { ...version, status: version.ImageVersionStatus, reason: version.FailureReason };
}

function versionResource({ ImageVersionArn = '', ...version }: SageMaker.DescribeImageVersionResponse) {
  const { ContainerImage, ImageArn, Version } = version;
  return { physicalId: ImageVersionArn, attributes: { ContainerImage, ImageArn, ImageVersionArn, Version } };
}

async function versionMade(context: ResourceContext, arn: string) {
  return versionResource(await created(context, `ImageVersion ${arn}`, () => readVersion(context, arn)));
}

interface Named {
  Alias?: string;
  Aliases?: string[];
}

function aliasesOf({ Alias, Aliases = [] }: Named): string[] {
  return [...new Set([...(Alias === undefined ? [] : [Alias]), ...Aliases])];
}

const imageVersion = nativeType({
  type: 'AWS::SageMaker::ImageVersion',
  properties: {
    Alias: optional(text),
    Aliases: optional(list(text)),
    BaseImage: required(text, 'replaces'),
    Horovod: optional(flag),
    ImageName: required(text, 'replaces'),
    JobType: optional(asIn<SageMaker.JobType>()),
    MLFramework: optional(text),
    Processor: optional(asIn<SageMaker.Processor>()),
    ProgrammingLang: optional(text),
    ReleaseNotes: optional(text),
    VendorGuidance: optional(asIn<SageMaker.VendorGuidance>()),
  },
  async create({ Alias, Aliases, ...values }, context) {
    const { ImageVersionArn } = await sagemakerClient(context)('CreateImageVersion', {
      ...values,
      ClientToken: context.requestId,
      Aliases: aliasesOf({ Alias, Aliases }),
    });
    context.initiated(ImageVersionArn!);
    return versionMade(context, ImageVersionArn!);
  },
  async update({ physicalId, values, old }, context) {
    const { Alias, Aliases, BaseImage: _, ImageName: __, ...described } = values;
    const [now, before] = [aliasesOf({ Alias, Aliases }), aliasesOf(old)];
    await sagemakerClient(context)('UpdateImageVersion', {
      ...versionIn(physicalId),
      ...described,
      AliasesToAdd: now.filter((alias) => !before.includes(alias)),
      AliasesToDelete: before.filter((alias) => !now.includes(alias)),
    });
    return versionMade(context, physicalId);
  },
  async delete(physicalId, _, context) {
    const call = () => sagemakerClient(context)('DeleteImageVersion', versionIn(physicalId));
    await remove(context, `ImageVersion ${physicalId}`, () => readVersion(context, physicalId), call);
  },
  imports: {
    identifier: ['ImageVersionArn'],
    async find({ ImageVersionArn = '' }, caller) {
      const found = await readVersion(caller, ImageVersionArn);
      return found?.ImageVersionArn === ImageVersionArn ? versionResource(found) : undefined;
    },
  },
});

const appImageConfig = nativeType({
  type: 'AWS::SageMaker::AppImageConfig',
  properties: {
    AppImageConfigName: required(text, 'replaces'),
    CodeEditorAppImageConfig: optional(asIn<SageMaker.CodeEditorAppImageConfig>()),
    JupyterLabAppImageConfig: optional(asIn<SageMaker.JupyterLabAppImageConfig>()),
    KernelGatewayImageConfig: optional(asIn<SageMaker.KernelGatewayImageConfig>()),
    Tags: optional(tags),
  },
  async create(values, context) {
    const { AppImageConfigArn } = await sagemakerClient(context)('CreateAppImageConfig', values);
    return { physicalId: values.AppImageConfigName, attributes: { AppImageConfigArn } };
  },
  async update({ physicalId, values, old }, context) {
    const sagemaker = sagemakerClient(context);
    const { Tags, ...config } = values;
    const { AppImageConfigArn } = await sagemaker('UpdateAppImageConfig', config);
    await retagArn(sagemaker, AppImageConfigArn, Tags, old.Tags);
    return { physicalId, attributes: { AppImageConfigArn } };
  },
  async delete(AppImageConfigName, _, context) {
    await undefinedIfNotFound(sagemakerClient(context)('DeleteAppImageConfig', { AppImageConfigName }));
  },
  imports: {
    identifier: ['AppImageConfigName'],
    async find({ AppImageConfigName = '' }, caller) {
      const found = await undefinedIfNotFound(
        sagemakerClient(caller)('DescribeAppImageConfig', { AppImageConfigName }),
      );
      return found && { physicalId: AppImageConfigName, attributes: { AppImageConfigArn: found.AppImageConfigArn } };
    },
  },
});

export const imageTypes = [image, imageVersion, appImageConfig];
