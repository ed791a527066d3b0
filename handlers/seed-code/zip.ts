import { type Zippable, zipSync } from 'fflate';

/** A file in a zip. */
export interface File {
  name: string;
  content: Uint8Array;
}

const unix = 3;
const regularFile = 0o100644;
/** The first day that a zip can hold, in local time as zips do: the same files make the same bytes. */
const day = new Date(1980, 0, 1);

/** A zip of these files, in the order of their names. At most 65,535 of them, and less than 4 GB. */
export function zipOf(files: readonly File[]): Uint8Array {
  const entries: Zippable = {};
  for (const { name, content } of files.toSorted((a, b) => (a.name < b.name ? -1 : 1))) entries[name] = content;
  return zipSync(entries, { level: 9, mtime: day, os: unix, attrs: regularFile << 16 });
}

/** Does it begin as a zip does that has something in it? */
export function isZip(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 4)).equals(Buffer.from([0x50, 0x4b, 0x03, 0x04]));
}
