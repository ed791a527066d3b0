import type { Place } from '@studio-resources/core';
import { type AppConfigs, appImageConfigName, imageAppsOf, maxConfigNameLength } from './app-image-config.ts';
import { checkImageAttachments, type ImageAttachment } from './attachments.ts';
import { isImageName } from './image.ts';

interface ImageProperties extends AppConfigs {
  ImageName: string;
  BaseImage: string;
  KeepVersions?: number;
  AttachTo?: readonly ImageAttachment[];
}

/**
 * `<account>.dkr.ecr.<Region>.amazonaws.com/<repository>`, with a tag or a digest. Some partitions have another domain
 * name.
 */
const imageUri =
  /^\d{12}\.dkr[.-]ecr(-fips)?\.[a-z0-9-]+\.[a-z0-9.-]+\/[a-z0-9][a-z0-9._/-]*(:[\w.-]+|@sha256:[0-9a-f]{64})?$/;

/** SageMaker's limit on the URIs of images. */
const maxUriLength = 255;

/** Adds a problem for each invalid property of an image. */
export function checkImageProperties(props: ImageProperties, place: Place): void {
  const { ImageName, BaseImage, KeepVersions } = props;
  if (!isImageName(ImageName)) {
    place
      .at('ImageName')
      .wrong(`expected 1 to 63 letters and digits, with single hyphens or dots between them; got ${ImageName}`);
  }
  if (!imageUri.test(BaseImage)) {
    place
      .at('BaseImage')
      .wrong(
        `expected the URI of an image in Amazon ECR, such as 111122223333.dkr.ecr.eu-west-1.amazonaws.com/studio:1.4; got ${BaseImage}`,
      );
  } else if (BaseImage.length > maxUriLength) {
    place.at('BaseImage').wrong(`has ${BaseImage.length} characters; SageMaker takes ${maxUriLength}`);
  }
  if (KeepVersions !== undefined && KeepVersions < 1) {
    place.at('KeepVersions').wrong(`expected 1 or more, as a rollback needs the version before; got ${KeepVersions}`);
  }
  for (const app of imageAppsOf(props)) {
    const name = appImageConfigName(ImageName, app);
    const excess = name.length - maxConfigNameLength;
    if (excess <= 0) continue;
    place
      .at('ImageName')
      .wrong(
        `makes ${name} the name of the app image config for ${app.config}, ${excess} characters more than the ` +
          `${maxConfigNameLength} that SageMaker takes; shorten it`,
      );
  }
  checkImageAttachments(props, place);
}
