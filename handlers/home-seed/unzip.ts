import { crc32, inflateRawSync } from 'node:zlib';

/** A file in a zip. */
export interface ZippedFile {
  name: string;
  content: Uint8Array;
  executable: boolean;
}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const fileSignature = 0x04034b50;
const endLength = 22;
const longestComment = 0xffff;

/** The file type and mode in the upper 16 bits of the external attributes, for zips created on Unix. */
const typeMask = 0o170000;
const types = { link: 0o120000, directory: 0o040000, file: 0o100000 };

interface Entry {
  name: string;
  mode: number;
  method: number;
  crc: number;
  packed: number;
  size: number;
  offset: number;
}

/**
 * Reads and checks all of a zip before it returns its files. It rejects links and other special files, and zips that
 * are damaged, encrypted, larger than they declare or larger than the limits.
 *
 * @throws an Error with the problem, without the name of the zip
 */
export function unzip(bytes: Uint8Array, limits: { maxFiles: number; maxBytes: number }): ZippedFile[] {
  const zip = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = [...entriesOf(zip)].filter(({ name, mode }) => isFile(name, mode));
  if (entries.length > limits.maxFiles) throw new Error(`it has more than ${limits.maxFiles} files`);
  const size = entries.reduce((sum, each) => sum + each.size, 0);
  if (size > limits.maxBytes) {
    throw new Error(`it has ${size} bytes once it is unpacked, and at most ${limits.maxBytes} are allowed`);
  }
  return entries.map((entry) => ({
    name: entry.name,
    content: contentOf(entry, zip),
    executable: (entry.mode & 0o111) !== 0,
  }));
}

/** Reads the central directory at the end of a zip. Only what it lists is in the zip. */
function* entriesOf(zip: Buffer): Generator<Entry> {
  const end = endOf(zip);
  const count = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  if (count === 0xffff || at === 0xffffffff) throw new Error('it is a Zip64 file, which is not supported');
  for (let number = 0; number < count; number += 1) {
    if (at + 46 > end || zip.readUInt32LE(at) !== entrySignature) throw new Error('its directory is damaged');
    const [name, extra, comment] = [28, 30, 32].map((member) => zip.readUInt16LE(at + member)) as [
      number,
      number,
      number,
    ];
    if (at + 46 + name > end) throw new Error('its directory is damaged');
    const entry = {
      name: nameIn(zip.subarray(at + 46, at + 46 + name)),
      // 3 is Unix, 19 is macOS. Others have no modes.
      mode: [3, 19].includes(zip[at + 5]!) ? zip.readUInt16LE(at + 40) : 0,
      method: zip.readUInt16LE(at + 10),
      crc: zip.readUInt32LE(at + 16),
      packed: zip.readUInt32LE(at + 20),
      size: zip.readUInt32LE(at + 24),
      offset: zip.readUInt32LE(at + 42),
    };
    if (zip.readUInt16LE(at + 8) & 1) throw new Error(`${entry.name} is encrypted`);
    yield entry;
    at += 46 + name + extra + comment;
  }
}

function endOf(zip: Buffer): number {
  const first = Math.max(0, zip.length - endLength - longestComment);
  for (let at = zip.length - endLength; at >= first; at -= 1) {
    if (zip.readUInt32LE(at) === endSignature) return at;
  }
  throw new Error('it is not a zip; Source has to name one, or a folder with a slash at its end');
}

function nameIn(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Error(`the name of ${JSON.stringify(bytes.toString('latin1'))} is not in UTF-8`);
  }
}

/** Directories are created with their files. A link could lead out of the home. */
function isFile(name: string, mode: number): boolean {
  const type = mode & typeMask;
  if (type === types.link) throw new Error(`${name} is a link; put a copy of what it leads to in its place`);
  if (type !== 0 && type !== types.file && type !== types.directory)
    throw new Error(`${name} is neither a file nor a folder`);
  return type !== types.directory && !name.endsWith('/');
}

function contentOf({ name, method, crc, packed, size, offset }: Entry, zip: Buffer): Buffer {
  const damaged = (cause?: unknown) => new Error(`${name} is damaged`, { cause });
  if (offset + 30 > zip.length || zip.readUInt32LE(offset) !== fileSignature) throw damaged();
  const start = offset + 30 + zip.readUInt16LE(offset + 26) + zip.readUInt16LE(offset + 28);
  if (start + packed > zip.length) throw damaged();
  const content = unpacked(zip.subarray(start, start + packed), { method, size, name }, damaged);
  if (content.length !== size || crc32(content) !== crc) throw damaged();
  return content;
}

function unpacked(
  bytes: Buffer,
  { method, size, name }: Pick<Entry, 'method' | 'size' | 'name'>,
  damaged: (cause: unknown) => Error,
): Buffer {
  if (method === 0) return bytes;
  if (method !== 8)
    throw new Error(`${name} is packed by method ${method}; only stored and deflated files are supported`);
  try {
    // Decompresses at most the declared size.
    return inflateRawSync(bytes, { maxOutputLength: Math.max(size, 1) });
  } catch (cause) {
    throw damaged(cause);
  }
}
