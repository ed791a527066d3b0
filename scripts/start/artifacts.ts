import { readFile } from 'node:fs/promises';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { handlerNames, zipPath } from '../handlers.ts';

/** Puts the built zips where `provider.yaml` looks for them: `<prefix>/<name>.zip` in the bucket, which is made. */
export async function publishZips(client: S3Client, { bucket, prefix }: { bucket: string; prefix: string }) {
  await client.send(new CreateBucketCommand({ Bucket: bucket })).catch((error: Error) => {
    if (error.name !== 'BucketAlreadyOwnedByYou') throw error;
  });
  await Promise.all(
    handlerNames().map(async (name) =>
      client.send(
        new PutObjectCommand({ Bucket: bucket, Key: `${prefix}/${name}.zip`, Body: await readFile(zipPath(name)) }),
      ),
    ),
  );
}

/** Takes the bucket away with all that is in it. */
export async function deleteBucket(client: S3Client, bucket: string) {
  for await (const { Contents } of paginateListObjectsV2({ client }, { Bucket: bucket })) {
    const Objects = (Contents ?? []).map(({ Key }) => ({ Key }));
    if (Objects.length > 0) await client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects } }));
  }
  await client.send(new DeleteBucketCommand({ Bucket: bucket }));
}
