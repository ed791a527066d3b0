import { createHash } from 'node:crypto';
import { type BundleFile, limits } from './bundle.ts';
import { type Directory, type Entry, inDirectory, type Owner, UnexpectedFileTypeError } from './directory.ts';
import type { Home } from './home.ts';
import type { Props } from './properties.ts';
import {
  digestsOf,
  names,
  type OtherRecord,
  type Record,
  readRecord,
  recordsOfOthers,
  removeRecord,
  writeRecord,
} from './record.ts';

/** The desired content of homes. */
export interface Seed {
  /** The id of its record: 16 hexadecimal digits. */
  id: string;
  /** Identifies the resource that the seed belongs to. */
  resource: string;
  files: readonly BundleFile[];
  overwrite: Props['Overwrite'];
}

/** The result for one home, in numbers of files. */
export interface Seeded {
  written: number;
  /** Files that already had the desired content. */
  same: number;
  /** Files that were left as the user has them. */
  kept: number;
  /** Whether the record could be written. */
  remembered: boolean;
}

/** Of a path, a record has the last digests that a process began to write; each is of one that was killed. */
const maxDigests = 20;

/** The id of a seed: a hash of these texts. */
export function seedId(...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

/**
 * Seeds a home. It is idempotent. It records what it is about to write first, so that a retry after the process was
 * killed knows which files may be from this seed.
 */
export async function seedHome({ directory, uid, gid }: Home, seed: Seed): Promise<Seeded> {
  const { id, resource, files, overwrite } = seed;
  const owner = { uid, gid };
  const before = await readRecord(directory, id);
  const others = await recordsOfOthers(directory, id);
  const earlier = [before, ...others.filter((other) => other.resource === resource)];
  const record = { ...structuredClone(before), resource, kept: new Set<string>() };
  const count = { written: 0, same: 0, kept: 0 };
  const due: BundleFile[] = [];
  const budget = budgetOf();
  for (const file of files) {
    const path = file.path.join('/');
    const { action, has } = await decide(directory, file, { overwrite, earlier, budget });
    // Takes over what another seed of the same resource has written.
    if (has !== undefined && isWrittenBy(earlier, path, has)) record.files.set(path, has);
    for (const folder of foldersOf(file).map(joined)) {
      if (others.some(({ folders }) => folders.has(folder))) record.folders.add(folder);
    }
    if (action === 'write' || action === 'replace') {
      due.push(file);
      record.begun.set(path, [...new Set([...(record.begun.get(path) ?? []), file.sha256])].slice(-maxDigests));
      for (const folder of foldersOf(file)) {
        if (!(await isFolder(directory, folder))) record.folders.add(joined(folder));
      }
    } else {
      count[action] += 1;
      if (action === 'same') record.files.set(path, file.sha256);
      else record.kept.add(path);
    }
  }
  let remembered = await writeRecord(directory, id, record, owner);
  if (due.length === 0) return { ...count, remembered };
  try {
    for (const file of due) {
      const path = file.path.join('/');
      // The user may have changed it since the first check.
      const { action } = await decide(directory, file, { overwrite, earlier, budget });
      const done =
        action === 'write' || action === 'replace' ? await writeFile(directory, file, action, { id, owner }) : action;
      count[done] += 1;
      if (done === 'kept') record.kept.add(path);
      else record.files.set(path, file.sha256);
      record.begun.delete(path);
    }
  } finally {
    remembered = await writeRecord(directory, id, record, owner);
  }
  return { ...count, remembered };
}

/**
 * Removes the files of a seed that the user has not changed, and the record. A file whose path another seed names stays,
 * and is that seed's from then on: a logical id that was renamed, or moved to another stack, has seeded it again.
 */
export async function clearHome(home: Home, id: string): Promise<{ removed: number; kept: number }> {
  const { directory } = home;
  const record = await readRecord(directory, id);
  const others = await recordsOfOthers(directory, id);
  const count = { removed: 0, kept: 0 };
  const paths = [...new Set([...record.files.keys(), ...record.begun.keys()])];
  const budget = budgetOf();
  const shared = await passOn(home, record, paths, others);
  for (const path of paths) record.begun.set(path, digestsOf(record, path));
  if (record.files.size > 0) {
    record.files.clear();
    // After a kill, a retry has to know that this function removed the files, and not the user.
    await writeRecord(directory, id, record, home);
  }
  for (const path of paths) {
    const own = shared.has(path) ? [] : digestsOf(record, path);
    const isGone = await ignoreUnexpectedFileType(() =>
      removeIfUnchanged(directory, path.split('/'), { id, own, budget }),
    );
    count[isGone ? 'removed' : 'kept'] += 1;
  }
  // Deepest first.
  for (const path of [...record.folders].toSorted((a, b) => b.split('/').length - a.split('/').length)) {
    const [name, ...above] = path.split('/').toReversed() as [string, ...string[]];
    await ignoreUnexpectedFileType(() =>
      inDirectory(directory, above.toReversed(), (parent) => parent.removeEmpty(name)),
    );
  }
  await ignoreUnexpectedFileType(() => removeRecord(directory, id));
  return count;
}

/**
 * Notes the files of a seed in the records of the other seeds that name them, as such that those have written. Gives the
 * paths that another seed names.
 */
async function passOn(
  home: Home,
  record: Record,
  paths: readonly string[],
  others: readonly OtherRecord[],
): Promise<Set<string>> {
  const shared = new Set<string>();
  for (const other of others) {
    let isChanged = false;
    for (const path of paths.filter((each) => names(other, each))) {
      shared.add(path);
      const known = digestsOf(other, path);
      const added = digestsOf(record, path).filter((each) => !known.includes(each));
      if (added.length === 0) continue;
      other.begun.set(path, [...(other.begun.get(path) ?? []), ...added]);
      isChanged = true;
    }
    if (isChanged) await writeRecord(home.directory, other.id, other, home);
  }
  return shared;
}

/** Whether one of these seeds has written a file with this SHA-256 to the path. */
function isWrittenBy(seeds: readonly Record[], path: string, sha256: string): boolean {
  return seeds.some((each) => digestsOf(each, path).includes(sha256));
}

/** The parent folders of a file, from the top. */
function foldersOf({ path }: BundleFile): string[][] {
  return path.slice(0, -1).map((_, depth) => path.slice(0, depth + 1));
}

function joined(path: readonly string[]): string {
  return path.join('/');
}

async function isFolder(home: Directory, path: readonly string[]): Promise<boolean> {
  return (await ignoreUnexpectedFileType(() => inDirectory(home, path, async () => true))) ?? false;
}

/** How many bytes of one home are read, so that a user with very large files does not use up the time of others. */
interface Budget {
  take(bytes: number): boolean;
}

/** A bundle's files are read twice. What is larger together than four bundles is left as it is. */
function budgetOf(): Budget {
  let left = 4 * limits.maxBytes;
  return {
    take(bytes) {
      left -= bytes;
      return left >= 0;
    },
  };
}

type Action = 'write' | 'replace' | 'same' | 'kept';

/**
 * Decides what to do with a file, and returns the SHA-256 of what is there. `earlier` are the records of earlier seeds.
 */
async function decide(
  home: Directory,
  { path, sha256 }: BundleFile,
  { overwrite, earlier, budget }: { overwrite: Seed['overwrite']; earlier: readonly Record[]; budget: Budget },
): Promise<{ action: Action; has?: string }> {
  const [name, folder] = split(path);
  let entry: Entry | undefined;
  try {
    entry = await inDirectory(home, folder, (parent) => parent.inspect(name, limits.maxBytes, budget.take));
  } catch (error) {
    // A folder of the bundle is something else in this home, such as a link.
    if (error instanceof UnexpectedFileTypeError) return { action: 'kept' };
    throw error;
  }
  const whole = joined(path);
  // A deletion by the user counts as a change.
  const isDeleted = earlier.some(({ files }) => files.has(whole));
  if (!entry) return { action: isDeleted && overwrite !== 'Always' ? 'kept' : 'write' };
  const { sha256: has } = entry;
  if (has === sha256) return { action: 'same', has };
  if (overwrite === 'Always') return { action: 'replace', has };
  const isUnchanged = has !== undefined && isWrittenBy(earlier, whole, has);
  return { action: overwrite === 'IfUnchanged' && isUnchanged ? 'replace' : 'kept', has };
}

async function writeFile(
  home: Directory,
  { path, content, executable }: BundleFile,
  action: 'write' | 'replace',
  { id, owner }: { id: string; owner: Owner },
): Promise<'written' | 'kept'> {
  const [name, folder] = split(path);
  const make = (parent: Directory, child: string) => parent.findOrCreate(child, 0o755, owner);
  const settings = { ...owner, mark: id, mode: executable ? 0o755 : 0o644, replace: action === 'replace' };
  const written = await ignoreUnexpectedFileType(() =>
    inDirectory(home, folder, (parent) => parent.write(name, content, settings), make),
  );
  return written ? 'written' : 'kept';
}

async function removeIfUnchanged(
  home: Directory,
  path: readonly string[],
  { id, own, budget }: { id: string; own: readonly string[]; budget: Budget },
): Promise<boolean | undefined> {
  const [name, folder] = split(path);
  return inDirectory(home, folder, async (parent) => {
    await parent.removeTemporaryFiles(id);
    const entry = await parent.inspect(name, limits.maxBytes, budget.take);
    if (entry?.sha256 === undefined || !own.includes(entry.sha256)) return false;
    await parent.remove(name);
    return true;
  });
}

function split(path: readonly string[]): [name: string, folder: readonly string[]] {
  return [path.at(-1)!, path.slice(0, -1)];
}

async function ignoreUnexpectedFileType<T>(run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof UnexpectedFileTypeError) return undefined;
    throw error;
  }
}
