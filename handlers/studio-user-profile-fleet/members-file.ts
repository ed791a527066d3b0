import { GetObjectCommand } from '@aws-sdk/client-s3';
import { codeOf } from '@studio-resources/sagemaker/client/client';
import { parseS3Uri, s3, s3Uri, wrapS3Errors } from '@studio-resources/sagemaker/client/s3';
import type { Pin } from './request-cache.ts';

/** Enough for a thousand members with settings of their own. */
const maxBytes = 5 * 1024 * 1024;

/** Who grants access to a bucket, for the message after AccessDenied. */
const accessHint =
  "the bucket has to belong to this account, the provider's parameter MembersBuckets has to name it, and its policy must not deny it";

/**
 * Reads the text of a members file. `pin` stores which content was read, so that one request always uses the same, even
 * in a bucket without versioning.
 *
 * Throws when it cannot be read, is too large, or is no UTF-8 text.
 */
export async function readMembersFile(
  { MembersS3Uri, MembersS3VersionId }: { MembersS3Uri: string; MembersS3VersionId?: string },
  pin: Pin,
): Promise<string> {
  const object = parseS3Uri(MembersS3Uri)!;
  const what = `Reading ${s3Uri({ ...object, VersionId: MembersS3VersionId })}`;
  const VersionId = pin.version ?? MembersS3VersionId;
  const get = new GetObjectCommand({ ...object, VersionId, IfMatch: VersionId ? undefined : pin.etag });
  const found = await wrapS3Errors(what, s3().send(get), accessHint).catch((error: Error) => {
    if (codeOf(error.cause) !== 'PreconditionFailed') throw error;
    throw new Error(`${what}: it has changed while its members were being worked on; deploy it again`);
  });
  const { Body, ContentLength = 0 } = found;
  if (ContentLength > maxBytes) {
    throw new Error(`${what}: it has ${ContentLength} bytes, and at most ${maxBytes} are allowed`);
  }
  const bytes = await wrapS3Errors(what, Body!.transformToByteArray(), accessHint);
  pin.version = found.VersionId === 'null' ? undefined : found.VersionId;
  pin.etag = found.ETag;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Error(`${what}: it is not UTF-8 text; save it as UTF-8`, { cause });
  }
}
