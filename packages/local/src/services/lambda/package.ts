import { createHash } from 'node:crypto';
import type { FunctionCode } from '@aws-sdk/client-lambda';
import { unzipSync } from 'fflate';
import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { regionOfBucket } from '../s3/state.ts';
import { invalidParameter } from './errors.ts';
import { packagesOf } from './records.ts';

const megabyte = 1024 * 1024;

/** What a request may carry; a larger zip has to come from S3. */
const maxUpload = 50 * megabyte;
const maxUnzipped = 250 * megabyte;

/** A deployment package, as a configuration names it. */
export interface Package {
  CodeSha256: string;
  CodeSize: number;
}

/** Takes in the zip that a request carries or names in S3, which is read with the caller's rights. */
export async function takePackage(code: FunctionCode, call: Call): Promise<Package> {
  if (code.ImageUri)
    throw invalidParameter('The local cloud runs zips, not container images. Use ZipFile or S3Bucket.');
  const { zip, sha256 } = await readPackage(code, call);
  packagesOf(call).set(sha256, zip);
  return { CodeSha256: sha256, CodeSize: zip.byteLength };
}

/** The same zip, and its hash, which are not kept. */
export async function readPackage(
  code: Pick<FunctionCode, 'ZipFile' | 'S3Bucket' | 'S3Key' | 'S3ObjectVersion'>,
  call: Call,
): Promise<{ zip: Uint8Array; sha256: string }> {
  const zip = code.ZipFile ? uploaded(code.ZipFile, call) : await fromS3(code, call);
  checkZip(zip);
  return { zip, sha256: createHash('sha256').update(zip).digest('base64') };
}

function uploaded(zip: Uint8Array, { operation }: Call): Uint8Array {
  if (zip.byteLength > maxUpload) {
    // AWS counts the request's bytes, in which the zip is in base64.
    const message = `Request must be smaller than ${Math.ceil((maxUpload * 4) / 3)} bytes for the ${operation} operation`;
    throw new AwsError('RequestEntityTooLargeException', message);
  }
  return new Uint8Array(zip);
}

async function fromS3({ S3Bucket, S3Key, S3ObjectVersion }: FunctionCode, call: Call): Promise<Uint8Array> {
  if (!S3Bucket || !S3Key) throw invalidParameter('Please provide a source for function code.');
  const input = { Bucket: S3Bucket, Key: S3Key, VersionId: S3ObjectVersion };
  const { cloud, principal, region } = call;
  // Lambda asks S3 in its own Region, which leads elsewhere before it looks at rights.
  const home = regionOfBucket(call, S3Bucket);
  if (home !== undefined && home !== region) {
    const message = `The bucket is in this region: ${home}. Please use this region to retry the request`;
    throw invalidParameter(
      `Error occurred while GetObject. S3 Error Code: PermanentRedirect. S3 Error Message: ${message}`,
    );
  }
  try {
    const { Body } = await cloud.call({ service: 's3', operation: 'GetObject', input, principal, region });
    return Body as Uint8Array;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const reason = `S3 Error Code: ${error.name}. S3 Error Message: ${error.message}`;
    if (error.name !== 'AccessDenied') throw invalidParameter(`Error occurred while GetObject. ${reason}`);
    const message = `Your access has been denied by S3, please make sure your request credentials have permission to GetObject for ${S3Bucket}/${S3Key}. ${reason}`;
    throw new AwsError('AccessDeniedException', message);
  }
}

function checkZip(zip: Uint8Array): void {
  let files = 0;
  let unzipped = 0;
  try {
    unzipSync(zip, {
      filter: ({ originalSize }) => {
        files += 1;
        unzipped += originalSize;
        return false;
      },
    });
  } catch {
    throw invalidParameter('Could not unzip uploaded file. Please check your file, then try to upload again.');
  }
  if (files === 0) throw invalidParameter('Uploaded file must be a non-empty zip');
  if (unzipped > maxUnzipped) throw invalidParameter(`Unzipped size must be smaller than ${maxUnzipped} bytes`);
}
