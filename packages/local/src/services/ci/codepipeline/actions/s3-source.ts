import type * as S3 from '@aws-sdk/client-s3';
import { putArtifact } from '../artifacts.ts';
import { ActionFailure, type Provider, perform } from '../job.ts';

/** Takes an object, a zip, out of a bucket that keeps versions. */
export const s3Source: Provider = {
  async start(job) {
    const { S3Bucket: Bucket, S3ObjectKey: Key } = job.configuration;
    const { Status } = await perform<typeof S3, 'GetBucketVersioning'>(job, 's3', 'GetBucketVersioning', { Bucket });
    if (Status !== 'Enabled') {
      throw new ActionFailure('ConfigurationError', `The versioning of the source bucket ${Bucket} is not enabled`);
    }
    const VersionId = job.execution.overrides[job.action.name!];
    const input = { Bucket, Key, VersionId };
    const {
      Body,
      ETag,
      VersionId: version = '',
    } = await perform<typeof S3, 'GetObject'>(job, 's3', 'GetObject', input);
    const name = job.action.outputArtifacts![0]!.name!;
    await putArtifact(job, name, Body!);
    const created = new Date(job.call.clock.now());
    job.execution.revisions.push({
      name,
      revisionId: version,
      revisionSummary: `Amazon S3 version id: ${version}`,
      created,
    });
    const variables = { BucketName: Bucket!, ObjectKey: Key!, VersionId: version, ETag: ETag!.replaceAll('"', '') };
    return { status: 'Succeeded', variables, externalExecutionId: version };
  },
};
