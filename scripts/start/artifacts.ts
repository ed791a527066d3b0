import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { handlerNames, root, zipPath } from '../handlers.ts';
import { seedCodeNames, seedCodePath } from '../seed-code.ts';

/** The bucket and prefix of a release. */
export interface Artifacts {
  bucket: string;
  prefix: string;
}

/**
 * Creates the bucket and publishes a release into it: the build's output and the templates. Returns the URL of
 * `provider.yaml`, which is too long for a template body in a call.
 */
export async function publish(client: S3Client, artifacts: Artifacts): Promise<string> {
  await publishZips(client, artifacts);
  await publishTemplates(client, artifacts);
  return `https://${artifacts.bucket}.s3.amazonaws.com/${artifacts.prefix}/provider.yaml`;
}

/** Uploads the build's output: the handlers' zips, as `<prefix>/<name>.zip`, and those of seed code. */
export async function publishZips(client: S3Client, { bucket, prefix }: Artifacts): Promise<void> {
  await client.send(new CreateBucketCommand({ Bucket: bucket })).catch((error: Error) => {
    if (error.name !== 'BucketAlreadyOwnedByYou') throw error;
  });
  const put = async (Key: string, path: string) =>
    client.send(new PutObjectCommand({ Bucket: bucket, Key: `${prefix}/${Key}`, Body: await readFile(path) }));
  await Promise.all([
    ...handlerNames().map((name) => put(`${name}.zip`, zipPath(name))),
    ...seedCodeNames().map((name) => put(`project-templates/${name}.zip`, seedCodePath(name))),
  ]);
}

/** Uploads the templates to where Service Catalog's products expect them. */
export async function publishTemplates(client: S3Client, { bucket, prefix }: Artifacts): Promise<void> {
  const folder = join(root, 'cloudformation');
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.yaml'));
  await Promise.all(
    names.map(async (name) => {
      const Body = await readFile(join(folder, name));
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: `${prefix}/${name}`, Body }));
    }),
  );
}

/** Deletes the bucket with its objects. */
export async function deleteBucket(client: S3Client, bucket: string) {
  for await (const { Contents } of paginateListObjectsV2({ client }, { Bucket: bucket })) {
    const Objects = (Contents ?? []).map(({ Key }) => ({ Key }));
    if (Objects.length > 0) await client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects } }));
  }
  await client.send(new DeleteBucketCommand({ Bucket: bucket }));
}
