import {
  type CreateImageRequest,
  DeleteImageCommand,
  DescribeImageCommand,
  type DescribeImageResponse,
  UpdateImageCommand,
  type UpdateImageRequest,
} from '@aws-sdk/client-sagemaker';
import { BusyError, unlessBusy } from '../client/busy.ts';
import { sagemaker } from '../client/clients.ts';
import { ifFound } from '../client/failures.ts';
import { startDeletion } from '../client/start-deletion.ts';

export function isImageName(name: unknown): name is string {
  return typeof name === 'string' && /^[a-zA-Z0-9]([-.]?[a-zA-Z0-9]){0,62}$/.test(name);
}

export function findImage(ImageName: string): Promise<DescribeImageResponse | undefined> {
  return ifFound(sagemaker().send(new DescribeImageCommand({ ImageName })));
}

export async function getImage(ImageName: string): Promise<DescribeImageResponse> {
  const image = await findImage(ImageName);
  if (image) return image;
  throw new Error(`Reading image ${ImageName}: it does not exist; it was deleted outside of this stack`);
}

/**
 * Starts deleting an image with all its versions; what they were made from stays in its registry. `release` lets go of
 * it where SageMaker says that it is in use.
 */
export async function deleteImage(ImageName: string, release: () => Promise<void>): Promise<void> {
  try {
    await startDeletion(`image ${ImageName}`, () => sagemaker().send(new DeleteImageCommand({ ImageName })));
  } catch (error) {
    if (error instanceof BusyError) await release();
    throw error;
  }
}

type Settings = Pick<CreateImageRequest, 'RoleArn' | 'DisplayName' | 'Description'>;

/** Changes an image in place from `old` to `input`; what the image holds already is not sent. */
export async function changeImage(image: DescribeImageResponse, input: Settings, old: Settings): Promise<void> {
  const { ImageName } = image;
  const change = changeOf(image, input, old);
  if (Object.keys(change).length === 0) return;
  const update = () => sagemaker().send(new UpdateImageCommand({ ...change, ImageName }));
  await unlessBusy(`Updating image ${ImageName}`, described(image), update, async () => {
    const now = await findImage(ImageName!);
    return now && described(now);
  });
}

function described({ ImageStatus, LastModifiedTime }: DescribeImageResponse) {
  return { Status: ImageStatus, LastModifiedTime };
}

function changeOf(image: DescribeImageResponse, input: Settings, old: Settings): Partial<UpdateImageRequest> {
  // An image whose last update failed need not hold what it shows.
  const isHeld = (name: keyof Settings) => image.ImageStatus === 'CREATED' && image[name] === input[name];
  const names = ['RoleArn', 'DisplayName', 'Description'] as const;
  const set = names.filter((name) => input[name] !== undefined && !isHeld(name));
  // An image without a name to display is shown by its own.
  const isGone = (name: keyof Settings) => image[name] === undefined || image[name] === image.ImageName;
  const cleared = names.filter((name) => input[name] === undefined && old[name] !== undefined && !isGone(name));
  return {
    ...Object.fromEntries(set.map((name) => [name, input[name]])),
    ...(cleared.length > 0 && { DeleteProperties: cleared }),
  };
}
