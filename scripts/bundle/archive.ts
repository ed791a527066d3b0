import { type Zippable, zipSync } from 'fflate';

/** What files are in a zip, by their paths. */
type Files = Readonly<Record<string, Uint8Array>>;

/** A zip has local time: that of the same day and hour everywhere. */
const modified = new Date(2020, 0, 1);

/** A regular file that everybody may read, of a system with such attributes (3, Unix): Lambda runs nothing else. */
const unixFile = { os: 3, attrs: (0o100644 << 16) >>> 0 };

/** Zips files so that the same contents give the same bytes on any machine and day. */
export function archive(files: Files): Uint8Array {
  const sorted = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
  const entries: Zippable = Object.fromEntries(sorted.map(([path, contents]) => [path, [contents, unixFile]]));
  return zipSync(entries, { level: 9, mtime: modified });
}
