import { createHash } from 'node:crypto';
import { posix } from 'node:path';

/** A file of a release. */
export interface ReleaseFile {
  /** Below the release's prefix: `provider.yaml`, `studio-domain-0123456789abcdef.zip`. */
  readonly path: string;
  readonly body: Uint8Array;
  /** Of the body, in hexadecimal digits. */
  readonly sha256: string;
  readonly contentType: string;
  /** Whether it is the zip of a Lambda function, whose digest Lambda calls CodeSha256. */
  readonly isFunction: boolean;
}

const contentTypes: Readonly<Record<string, string>> = {
  '': 'text/plain',
  '.json': 'application/json',
  '.py': 'text/x-python',
  '.yaml': 'application/yaml',
  '.zip': 'application/zip',
};

export function releaseFile(path: string, body: Uint8Array, isFunction = false): ReleaseFile {
  const sha256 = createHash('sha256').update(body).digest('hex');
  const contentType = contentTypes[posix.extname(path)] ?? 'application/octet-stream';
  return { path, body, sha256, contentType, isFunction };
}

/** The digest of a file as S3 and Lambda write it. */
export function inBase64({ sha256 }: Pick<ReleaseFile, 'sha256'>): string {
  return Buffer.from(sha256, 'hex').toString('base64');
}

/** Where a zip is in a release: its path with the first 16 digits of its digest, so that another zip has another path. */
export function zipInRelease(path: string, body: Uint8Array, isFunction: boolean): ReleaseFile {
  const { sha256 } = releaseFile(path, body);
  return releaseFile(path.replace(/\.zip$/, `-${sha256.slice(0, 16)}.zip`), body, isFunction);
}
