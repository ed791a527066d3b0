import {
  CreateRepositoryCommand,
  type CreateRepositoryCommandInput,
  ECRClient,
  type ECRClientConfig,
  PutImageCommand,
  type PutImageCommandInput,
} from '@aws-sdk/client-ecr';

/** Where images are pushed: an ECR client, or calls of the local cloud's ECR. */
export interface Registry {
  create(input: CreateRepositoryCommandInput): Promise<unknown>;
  put(input: PutImageCommandInput): Promise<unknown>;
}

export function registryOf(options: ECRClientConfig): Registry {
  const ecr = new ECRClient(options);
  return {
    create: (input) => ecr.send(new CreateRepositoryCommand(input)),
    put: (input) => ecr.send(new PutImageCommand(input)),
  };
}

/** ECR in a cloud of this process, which `call` calls. */
export function localRegistry(
  call: (operation: 'CreateRepository' | 'PutImage', input: object) => Promise<unknown>,
): Registry {
  return { create: (input) => call('CreateRepository', input), put: (input) => call('PutImage', input) };
}

/** What `docker push` leaves behind: a repository with an image for each tag, each with other contents. */
export async function pushImages(
  { create, put }: Registry,
  repositoryName: string,
  imageTags: string[],
): Promise<void> {
  await create({ repositoryName });
  for (const imageTag of imageTags) {
    const imageManifest = JSON.stringify({ schemaVersion: 2, annotations: { tag: imageTag } });
    await put({ repositoryName, imageManifest, imageTag });
  }
}
