import { AwsError } from '../../errors.ts';
import { alphanumerics } from '../../random.ts';
import type { Call } from '../../service.ts';
import { checkBody, etagOf, etagOfParts } from './checksums.ts';
import { decrypt, encrypt } from './encryption.ts';
import { checkTags, parseTags } from './object-tags.ts';
import { bytesOf, encryptionOf, headersOf, shownVersionId, store } from './put.ts';
import { getBucket, type ObjectHeaders, type Operations } from './state.ts';

interface Part {
  body: Uint8Array;
  etag: string;
  modified: Date;
}

interface Upload {
  bucket: string;
  key: string;
  headers: ObjectHeaders;
  dataKey?: Uint8Array;
  tagging?: string;
  initiated: Date;
  parts: Map<number, Part>;
}

/** The least that every part but the last must hold. */
const leastPart = 5 * 1024 * 1024;

export const multipartOperations: Operations = {
  async CreateMultipartUpload(input, call) {
    const bucket = getBucket(call, input.Bucket);
    checkTags(parseTags(input.Tagging));
    const encryption = await encrypt(input, bucket, input.Key ?? '', call);
    const id = alphanumerics(call.cloud.store, 32);
    uploads(call).set(id, {
      bucket: bucket.name,
      key: input.Key ?? '',
      headers: { ...headersOf(input), ...encryption.headers },
      dataKey: encryption.dataKey,
      tagging: input.Tagging,
      initiated: new Date(call.clock.now()),
      parts: new Map(),
    });
    return { Bucket: bucket.name, Key: input.Key, UploadId: id };
  },

  async UploadPart(input, call) {
    const upload = getUpload(call, input);
    await decrypt(upload, getBucket(call, input.Bucket), call);
    const number = input.PartNumber ?? 0;
    if (!(number >= 1 && number <= 10_000)) {
      throw new AwsError('InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive');
    }
    const body = bytesOf(input.Body);
    const checksums = checkBody(input, body);
    const part = { body, etag: etagOf(body), modified: new Date(call.clock.now()) };
    upload.parts.set(number, part);
    return { ETag: part.etag, ...checksums };
  },

  async CompleteMultipartUpload(input, call) {
    const upload = getUpload(call, input);
    const bucket = getBucket(call, input.Bucket);
    await decrypt(upload, bucket, call);
    const parts = chosenParts(upload, input.MultipartUpload?.Parts ?? []);
    const version = store(call, bucket, upload.key, {
      body: new Uint8Array(Buffer.concat(parts.map(({ body }) => body))),
      etag: etagOfParts(parts.map(({ etag }) => etag)),
      parts: parts.length,
      checksums: {},
      headers: upload.headers,
      dataKey: upload.dataKey,
      tags: parseTags(upload.tagging),
    });
    uploads(call).delete(input.UploadId ?? '');
    return {
      Location: `${call.cloud.endpoint}/${bucket.name}/${encodeURI(upload.key)}`,
      Bucket: bucket.name,
      Key: upload.key,
      ETag: version.etag,
      VersionId: shownVersionId(bucket, version),
      ...encryptionOf(version),
    };
  },

  AbortMultipartUpload(input, call) {
    getUpload(call, input);
    uploads(call).delete(input.UploadId ?? '');
    return {};
  },

  ListParts(input, call) {
    const { parts } = getUpload(call, input);
    const { Bucket, Key, UploadId } = input;
    const Parts = [...parts]
      .sort(([a], [b]) => a - b)
      .map(([PartNumber, { body, etag, modified }]) => ({
        PartNumber,
        ETag: etag,
        Size: body.length,
        LastModified: modified,
      }));
    return { Bucket, Key, UploadId, Parts, IsTruncated: false };
  },

  ListMultipartUploads({ Bucket, Prefix = '' }, call) {
    const { name } = getBucket(call, Bucket);
    const Uploads = [...uploads(call)]
      .filter(([, { bucket, key }]) => bucket === name && key.startsWith(Prefix))
      .map(([UploadId, { key, initiated }]) => ({ UploadId, Key: key, Initiated: initiated }));
    return { Bucket: name, Prefix, Uploads, IsTruncated: false };
  },
};

function uploads(call: Call): Map<string, Upload> {
  return call.table('uploads');
}

function getUpload(call: Call, input: { Bucket?: string; Key?: string; UploadId?: string }): Upload {
  const bucket = getBucket(call, input.Bucket);
  const upload = uploads(call).get(input.UploadId ?? '');
  if (upload?.bucket === bucket.name && upload.key === input.Key) return upload;
  const message =
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.';
  throw new AwsError('NoSuchUpload', message, { status: 404, members: { UploadId: input.UploadId } });
}

function chosenParts(upload: Upload, chosen: { PartNumber?: number; ETag?: string }[]): Part[] {
  if (chosen.length === 0) throw new AwsError('MalformedXML', 'You must specify at least one part');
  if (chosen.some(({ PartNumber = 0 }, i) => i > 0 && PartNumber <= (chosen[i - 1]?.PartNumber ?? 0))) {
    const message = 'The list of parts was not in ascending order. Parts must be ordered by part number.';
    throw new AwsError('InvalidPartOrder', message);
  }
  return chosen.map(({ PartNumber = 0, ETag = '' }, i) => {
    const part = upload.parts.get(PartNumber);
    if (part?.etag.replaceAll('"', '') !== ETag.replaceAll('"', '') || !part) {
      const message =
        "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.";
      throw new AwsError('InvalidPart', message, { members: { PartNumber, ETag } });
    }
    if (i < chosen.length - 1 && part.body.length < leastPart) {
      const members = { ProposedSize: part.body.length, MinSizeAllowed: leastPart, PartNumber, ETag };
      throw new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
        members,
      });
    }
    return part;
  });
}
