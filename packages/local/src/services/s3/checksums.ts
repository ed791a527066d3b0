import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError } from '../../errors.ts';

const algorithms: Record<string, (body: Uint8Array) => string> = {
  ChecksumCRC32(body) {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(crc32(body));
    return bytes.toString('base64');
  },
  ChecksumSHA1: (body) => createHash('sha1').update(body).digest('base64'),
  ChecksumSHA256: (body) => createHash('sha256').update(body).digest('base64'),
  ChecksumSHA512: (body) => createHash('sha512').update(body).digest('base64'),
  ContentMD5: (body) => createHash('md5').update(body).digest('base64'),
};

/** The members with which a client says what its body sums up to, and is told so when it gets the object. */
export const checksumMembers = [
  'ChecksumCRC32',
  'ChecksumCRC32C',
  'ChecksumCRC64NVME',
  'ChecksumSHA1',
  'ChecksumSHA256',
  'ChecksumSHA512',
] as const;

export type Checksums = { [Member in (typeof checksumMembers)[number]]?: string };

/**
 * The checksums that a client sent with a body. Throws `BadDigest` where one is wrong; CRC32C and CRC64NVME are kept as
 * they come.
 */
export function checkBody(input: Checksums & { ContentMD5?: string }, body: Uint8Array): Checksums {
  for (const member of [...checksumMembers, 'ContentMD5'] as const) {
    const given = input[member];
    if (given === undefined || !algorithms[member] || algorithms[member](body) === given) continue;
    const name = member.replace('Checksum', '').replace('ContentMD5', 'Content-MD5');
    throw new AwsError('BadDigest', `The ${name} you specified did not match what we received.`);
  }
  return pickChecksums(input);
}

export function pickChecksums(from: Checksums): Checksums {
  return Object.fromEntries(
    checksumMembers.filter((member) => from[member] !== undefined).map((member) => [member, from[member]]),
  );
}

/** An ETag, in quotes. */
export function etagOf(body: Uint8Array): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}

/** The ETag of an object that was uploaded in parts: the digest of their digests, and how many they are. */
export function etagOfParts(etags: string[]): string {
  const digests = etags.map((etag) => Buffer.from(etag.replaceAll('"', ''), 'hex'));
  return `"${createHash('md5').update(Buffer.concat(digests)).digest('hex')}-${etags.length}"`;
}
