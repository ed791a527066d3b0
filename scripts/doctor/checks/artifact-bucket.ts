import { HeadBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import { ask } from '../ask.ts';
import type { Check } from '../check.ts';
import { mend } from '../finding.ts';

/** The bucket of the release is where Lambda reads it: in the stack's Region. */
export const artifactBucket: Check = {
  name: 'artifact bucket',
  async find({ clients, artifacts: { bucket }, region }) {
    const found = await ask('s3:ListBucket', regionOf(clients.s3, bucket), /^(NotFound|NoSuchBucket)/);
    if (found === undefined) {
      const cure = 'Update the stack with the ArtifactBucket and ArtifactPrefix of a release';
      return [mend(`The bucket ${bucket} does not exist. The functions run, and cannot be updated`, cure)];
    }
    if (found === region) return [];
    const cure = `Update the stack with an ArtifactBucket in ${region}: Lambda takes code from no other Region`;
    return [mend(`The bucket ${bucket} is in ${found}, and the stack in ${region}`, cure)];
  },
};

/** S3 names the Region of a bucket elsewhere in the response with which it refuses a call, as the SDK's own redirection reads it. */
async function regionOf(s3: S3Client, Bucket: string): Promise<string> {
  try {
    return (await s3.send(new HeadBucketCommand({ Bucket }))).BucketRegion ?? 'an unknown Region';
  } catch (error) {
    const { $response } = error as { $response?: { headers?: Record<string, string> } };
    const region = $response?.headers?.['x-amz-bucket-region'];
    if (region === undefined) throw error;
    return region;
  }
}
