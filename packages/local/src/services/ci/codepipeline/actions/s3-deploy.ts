import type * as S3 from '@aws-sdk/client-s3';
import { readArtifact, unzipped } from '../artifacts.ts';
import { ActionFailure, type Job, type Provider, perform } from '../job.ts';

/** Puts an artifact, or each of its files, into a bucket. */
export const s3Deploy: Provider = {
  async start(job) {
    const { Extract, ObjectKey = '' } = job.configuration;
    const artifact = job.action.inputArtifacts![0]!.name!;
    const zip = await readArtifact(job, artifact);
    if (Extract !== 'true') {
      if (ObjectKey === '') throw new ActionFailure('ConfigurationError', 'ObjectKey is required if Extract is false');
      await put(job, ObjectKey, zip);
      return { status: 'Succeeded' };
    }
    const prefix = ObjectKey === '' ? '' : `${ObjectKey.replace(/\/$/, '')}/`;
    for (const [path, content] of Object.entries(unzipped(zip, artifact))) {
      if (!path.endsWith('/')) await put(job, prefix + path, content);
    }
    return { status: 'Succeeded' };
  },
};

async function put(job: Job, Key: string, Body: Uint8Array): Promise<void> {
  const { BucketName: Bucket, CacheControl } = job.configuration;
  await perform<typeof S3, 'PutObject'>(job, 's3', 'PutObject', { Bucket, Key, Body, CacheControl });
}
