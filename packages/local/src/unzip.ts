import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { unzipSync } from 'fflate';

/** Unpacks a zip into a directory, with the modes that it has of its files. Throws for what is no zip. */
export async function unzipInto(directory: string, zip: Uint8Array): Promise<void> {
  const modes = modesIn(zip);
  for (const [name, content] of Object.entries(unzipSync(zip))) {
    const path = join(directory, name);
    // A zip can name a file outside the directory that it is unzipped into.
    if (relative(directory, path).split(sep)[0] === '..') throw new Error(`Unzipping ${name}: it lies outside the zip`);
    if (name.endsWith('/')) {
      await mkdir(path, { recursive: true });
      continue;
    }
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    await chmod(path, modes.get(name) ?? 0o644);
  }
}

/** The permissions of files in a zip that was made on a Unix: the upper half of each entry's external attributes. */
function modesIn(zip: Uint8Array): Map<string, number> {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const modes = new Map<string, number>();
  let end = zip.byteLength - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end -= 1;
  if (end < 0) return modes;
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left -= 1) {
    const [name, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true)) as [
      number,
      number,
      number,
    ];
    const madeOn = view.getUint8(at + 5);
    const mode = (view.getUint32(at + 38, true) >>> 16) & 0o777;
    const path = new TextDecoder().decode(zip.subarray(at + 46, at + 46 + name));
    if (madeOn === 3 && mode !== 0) modes.set(path, mode);
    at += 46 + name + extra + comment;
  }
  return modes;
}
