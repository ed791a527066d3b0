import { createHash } from 'node:crypto';
import { type BundleFile, limits } from './bundle.ts';
import { type Directory, type Entry, InTheWayError, within } from './directory.ts';
import type { Home } from './home.ts';
import type { Props } from './properties.ts';
import { type Record, readRecord, recordedByOthers, removeRecord, writeRecord } from './record.ts';

/** What is to be in homes. */
export interface Seed {
  /** What it is remembered by: 16 hexadecimal digits. */
  id: string;
  files: readonly BundleFile[];
  overwrite: Props['Overwrite'];
}

/** What has become of a home, in numbers of files. */
export interface Seeded {
  written: number;
  /** Those that had the wanted content already. */
  same: number;
  /** Those that were left to the user. */
  kept: number;
  /** Whether it could be remembered. */
  remembered: boolean;
}

/** The id of the seed that such texts name together. */
export function seedId(...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

/** Puts a seed into a home. Doing it again does what is left, and nothing twice. */
export async function seedHome({ directory, uid, gid }: Home, { id, files, overwrite }: Seed): Promise<Seeded> {
  const owner = { uid, gid };
  const record = await readRecord(directory, id);
  const count = { written: 0, same: 0, kept: 0 };
  let remembered = false;
  try {
    for (const file of files) {
      const path = file.path.join('/');
      const fate = await settled(directory, file, { overwrite, recorded: record.files.get(path) });
      const done = fate === 'write' || fate === 'replace' ? await put(directory, file, fate, record, owner) : fate;
      count[done] += 1;
      if (done !== 'kept') record.files.set(path, file.sha256);
    }
  } finally {
    remembered = await writeRecord(directory, id, record, owner);
  }
  return { ...count, remembered };
}

/** Removes what a seed has written and the user has not changed, and forgets the seed. */
export async function clearHome({ directory }: Home, id: string): Promise<{ removed: number; kept: number }> {
  const record = await readRecord(directory, id);
  const others = await recordedByOthers(directory, id);
  const count = { removed: 0, kept: 0 };
  for (const [path, sha256] of record.files) {
    const isOthers = others.get(path) === sha256;
    const isGone = !isOthers && (await unlessInTheWay(() => removeIf(directory, path.split('/'), sha256)));
    count[isGone ? 'removed' : 'kept'] += 1;
  }
  // The deepest first.
  for (const path of [...record.folders].toSorted((a, b) => b.split('/').length - a.split('/').length)) {
    const [name, ...above] = path.split('/').toReversed() as [string, ...string[]];
    await unlessInTheWay(() => within(directory, above.toReversed(), (parent) => parent.removeEmpty(name)));
  }
  await removeRecord(directory, id);
  return count;
}

type Fate = 'write' | 'replace' | 'same' | 'kept';

/** What is to become of a file: `recorded` is the digest of what was written there before. */
async function settled(
  home: Directory,
  { path, sha256 }: BundleFile,
  { overwrite, recorded }: { overwrite: Seed['overwrite']; recorded?: string },
): Promise<Fate> {
  const [name, folder] = split(path);
  let entry: Entry | undefined;
  try {
    entry = await within(home, folder, (parent) => parent.look(name, limits.mostBytes));
  } catch (error) {
    // A folder of the bundle is something else in this home, such as a link to somewhere.
    if (error instanceof InTheWayError) return 'kept';
    throw error;
  }
  // Deleting is a change as well.
  if (!entry) return recorded === undefined || overwrite === 'Always' ? 'write' : 'kept';
  if (entry.sha256 === sha256) return 'same';
  if (overwrite === 'Always') return 'replace';
  return overwrite === 'IfUnchanged' && entry.sha256 !== undefined && entry.sha256 === recorded ? 'replace' : 'kept';
}

async function put(
  home: Directory,
  { path, content, executable }: BundleFile,
  fate: 'write' | 'replace',
  record: Record,
  owner: { uid: number; gid: number },
): Promise<'written' | 'kept'> {
  const [name, folder] = split(path);
  const made: string[] = [];
  const make = async (parent: Directory, child: string) => {
    made.push(child);
    return parent.make(child, 0o755, owner);
  };
  const settings = { ...owner, mode: executable ? 0o755 : 0o644, replace: fate === 'replace' };
  const written = await unlessInTheWay(() =>
    within(home, folder, (parent) => parent.write(name, content, settings), make),
  );
  for (let depth = folder.length - made.length + 1; depth <= folder.length; depth += 1) {
    record.folders.add(folder.slice(0, depth).join('/'));
  }
  return written ? 'written' : 'kept';
}

async function removeIf(home: Directory, path: readonly string[], sha256: string): Promise<boolean | undefined> {
  const [name, folder] = split(path);
  return within(home, folder, async (parent) => {
    const entry = await parent.look(name, limits.mostBytes);
    if (entry?.sha256 !== sha256) return false;
    await parent.remove(name);
    return true;
  });
}

function split(path: readonly string[]): [name: string, folder: readonly string[]] {
  return [path.at(-1)!, path.slice(0, -1)];
}

async function unlessInTheWay<T>(run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof InTheWayError) return undefined;
    throw error;
  }
}
