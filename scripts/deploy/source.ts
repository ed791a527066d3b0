import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { count } from './text.ts';

/**
 * What CloudFormation takes, in bytes: in a call, and from S3
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html).
 */
const limits = { call: 51_200, bucket: 1_000_000 };

/** A template as CloudFormation's calls take it. */
export type TemplateSource = { TemplateBody: string } | { TemplateURL: string };

/**
 * How CloudFormation gets the template: in the call, or from the bucket, where one that is too long for that is uploaded.
 *
 * @throws Error where it is too long, or cannot be uploaded
 */
export async function templateSource(
  s3: S3Client,
  { file, body, bucket }: { file: string; body: string; bucket?: string },
): Promise<TemplateSource> {
  const bytes = Buffer.byteLength(body);
  if (bytes <= limits.call) return { TemplateBody: body };
  if (bytes > limits.bucket) {
    throw new Error(
      `Reading ${file}: it has ${count(bytes)} bytes, and CloudFormation takes no more than ${count(limits.bucket)}. Divide it into nested stacks`,
    );
  }
  if (bucket === undefined) {
    throw new Error(
      `Reading ${file}: it has ${count(bytes)} bytes, and CloudFormation takes ${count(limits.call)} in a call. Add --bucket NAME with a bucket in the stack's Region, to which it is uploaded`,
    );
  }
  const Key = `templates/${createHash('sha256').update(body).digest('hex')}${extname(file)}`;
  try {
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: body }));
  } catch (cause) {
    throw new Error(`Uploading ${file} to ${bucket} (--bucket): ${(cause as Error).message}`, { cause });
  }
  const region = await s3.config.region();
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return { TemplateURL: `https://${bucket}.s3.${region}.${suffix}/${Key}` };
}
