import { crc32, deflateRawSync } from 'node:zlib';

/** A file in a zip. */
export interface File {
  name: string;
  content: Uint8Array;
}

/** The names are in UTF-8. */
const flags = 0x0800;
const deflated = 8;
/** Version 2.0 is needed to extract; created on Unix, where files have modes. */
const needed = 20;
const madeBy = (3 << 8) | needed;
const mode = (0o100644 << 16) >>> 0;
/** 1980-01-01, the first date of the format, so that the same files give the same bytes. */
const day = (1 << 5) | 1;

/** Creates a zip of these files, sorted by name. At most 65,535 files and less than 4 GB. */
export function zipOf(files: readonly File[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content } of files.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = Buffer.from(name);
    const packed = deflateRawSync(content, { level: 9 });
    const facts = factsOf(content, packed, path);
    const local = Buffer.concat([words([0x04034b50, 4], [needed, 2]), facts, path, packed]);
    directory.push(
      words([0x02014b50, 4], [madeBy, 2], [needed, 2]),
      facts,
      // No comment, on the first disk, no internal attributes.
      words([0, 2], [0, 2], [0, 2], [mode, 4], [offset, 4]),
      path,
    );
    parts.push(local);
    offset += local.length;
  }
  const index = Buffer.concat(directory);
  const count = files.length;
  const end = words([0x06054b50, 4], [0, 2], [0, 2], [count, 2], [count, 2], [index.length, 4], [offset, 4], [0, 2]);
  return Buffer.concat([...parts, index, end]);
}

/** Whether it starts like a zip with at least one file. */
export function isZip(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 4)).equals(words([0x04034b50, 4]));
}

/** The fields that the local header and the central directory have in common. */
function factsOf(content: Uint8Array, packed: Buffer, path: Buffer): Buffer {
  return words(
    [flags, 2],
    [deflated, 2],
    [0, 2],
    [day, 2],
    [crc32(content), 4],
    [packed.length, 4],
    [content.length, 4],
    [path.length, 2],
    [0, 2],
  );
}

/** Encodes numbers in little-endian order, each with its length in bytes. */
function words(...all: [value: number, bytes: number][]): Buffer {
  return Buffer.concat(
    all.map(([value, bytes]) => {
      const word = Buffer.alloc(bytes);
      word.writeUIntLE(value, 0, bytes);
      return word;
    }),
  );
}
