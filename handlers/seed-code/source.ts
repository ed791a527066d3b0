import { readFolder, readObject, type S3Limits, s3Uri } from '@studio-resources/sagemaker/client/s3';
import { accessHint } from './bucket.ts';
import type { Props } from './properties.ts';
import { isZip, zipOf } from './zip.ts';

/** The function holds the bytes in memory twice. */
const limits: S3Limits = { maxBytes: 50 * 1024 * 1024, maxFiles: 1000, accessHint };

/** Returns the seed code as a zip: the given one, or one with all files of the given folder. */
export async function readSource(props: Props): Promise<Uint8Array> {
  const { SourceBucket, SourceKey, SourceVersionId, SourcePrefix } = props;
  if (SourceKey === undefined) {
    return zipOf(await readFolder(SourceBucket, SourcePrefix!.replace(/\/?$/, '/'), limits));
  }
  const where = { Bucket: SourceBucket, Key: SourceKey, VersionId: SourceVersionId };
  const bytes = await readObject(where, limits);
  if (!isZip(bytes))
    throw new Error(`Reading ${s3Uri(where)}: it is not a zip, or it is empty. SourceKey has to be the key of a zip`);
  return bytes;
}
