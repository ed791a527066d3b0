import { type Zippable, zipSync } from 'fflate';

/** A file in a zip. */
export interface File {
  name: string;
  content: Uint8Array;
}

const unix = 3;
const regularFile = 0o100644;
/** 1980-01-01, the first date of the format, which has local times: the same files give the same bytes. */
const day = new Date(1980, 0, 1);

/** Creates a zip of these files, sorted by name. At most 65,535 files and less than 4 GB. */
export function zipOf(files: readonly File[]): Uint8Array {
  const entries: Zippable = {};
  for (const { name, content } of files.toSorted((a, b) => (a.name < b.name ? -1 : 1))) entries[name] = content;
  return zipSync(entries, { level: 9, mtime: day, os: unix, attrs: regularFile << 16 });
}

/** Whether it starts like a zip with at least one file. */
export function isZip(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 4)).equals(Buffer.from([0x50, 0x4b, 0x03, 0x04]));
}
