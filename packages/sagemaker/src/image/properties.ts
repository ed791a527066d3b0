import { integer, matching, type Place, type } from '@studio-resources/core';
import { type AppConfigs, appImageConfigName, imageAppsOf, maxConfigNameLength } from './app-image-config.ts';
import { checkImageAttachments, type ImageAttachment } from './attachments.ts';

interface ImageProperties extends AppConfigs {
  ImageName: string;
  BaseImage: string;
  AttachTo?: readonly ImageAttachment[];
}

/**
 * `<account>.dkr.ecr.<Region>.amazonaws.com/<repository>`, with a tag or a digest. Some partitions have another domain
 * name.
 */
const imageUri =
  /^\d{12}\.dkr[.-]ecr(-fips)?\.[a-z0-9-]+\.[a-z0-9.-]+\/[a-z0-9][a-z0-9._/-]*(:[\w.-]+|@sha256:[0-9a-f]{64})?$/;

export const baseImage = matching(
  imageUri,
  'the URI of an image in Amazon ECR, such as 111122223333.dkr.ecr.eu-west-1.amazonaws.com/studio:1.4',
);

export const keepVersions = type(
  (value, place) => {
    const count = integer().read(value, place);
    if (count === undefined || count >= 1) return count;
    return place.wrong(`expected 1 or more, as a rollback needs the version before; got ${count}`);
  },
  integer().words,
  { min: 1 },
);

/** SageMaker's limit on the URIs of images. */
const maxUriLength = 255;

/** Adds a problem for each invalid property of an image. */
export function checkImageProperties(props: ImageProperties, place: Place): void {
  const { ImageName, BaseImage } = props;
  if (BaseImage.length > maxUriLength) {
    place.at('BaseImage').wrong(`has ${BaseImage.length} characters; SageMaker takes ${maxUriLength}`);
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
