import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError } from '../../errors.ts';

const algorithms: Record<string, (body: Uint8Array) => string> = {
  ChecksumCRC32: (body) => inBase64(BigInt(crc32(body)), 4),
  ChecksumCRC32C: (body) => inBase64(castagnoli(body), 4),
  ChecksumCRC64NVME: (body) => inBase64(nvme(body), 8),
  ChecksumSHA1: (body) => createHash('sha1').update(body).digest('base64'),
  ChecksumSHA256: (body) => createHash('sha256').update(body).digest('base64'),
  ChecksumSHA512: (body) => createHash('sha512').update(body).digest('base64'),
  ContentMD5: (body) => createHash('md5').update(body).digest('base64'),
};

const castagnoli = reflectedCrc(0x82f63b78n, 32);
const nvme = reflectedCrc(0x9a6c9329ac4bc9b5n, 64);

/** A cyclic redundancy check of so many bits, by its polynomial with the lowest bit first. */
function reflectedCrc(polynomial: bigint, bits: number): (body: Uint8Array) => bigint {
  const all = (1n << BigInt(bits)) - 1n;
  const table = Array.from({ length: 256 }, (_, byte) => {
    let entry = BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) entry = entry & 1n ? (entry >> 1n) ^ polynomial : entry >> 1n;
    return entry;
  });
  return (body) => body.reduce((sum, byte) => (sum >> 8n) ^ table[Number(sum & 0xffn) ^ byte]!, all) ^ all;
}

function inBase64(sum: bigint, bytes: number): string {
  return Buffer.from(sum.toString(16).padStart(2 * bytes, '0'), 'hex').toString('base64');
}

/** The checksum that S3 itself makes of a body. */
export function summedUp(algorithm: string, body: Uint8Array): Checksums {
  const member = `Checksum${algorithm}`;
  return { [member]: algorithms[member]!(body) };
}

/** The members for the checksum of a body, in requests that put it and responses that get it. */
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
 * The checksums that a client sent with a body, or the one that S3 makes of a body that has none. Throws `BadDigest` where
 * one is wrong.
 */
export function checkBody(input: Checksums & { ContentMD5?: string }, body: Uint8Array): Checksums {
  for (const member of [...checksumMembers, 'ContentMD5'] as const) {
    const given = input[member];
    if (given === undefined || algorithms[member]!(body) === given) continue;
    const name = member.replace('Checksum', '').replace('ContentMD5', 'Content-MD5');
    throw new AwsError('BadDigest', `The ${name} you specified did not match what we received.`);
  }
  const sent = pickChecksums(input);
  return Object.keys(sent).length > 0 ? sent : summedUp('CRC64NVME', body);
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
