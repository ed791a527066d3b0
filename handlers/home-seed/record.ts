import { type Directory, inDirectory, type Owner, UnexpectedFileTypeError } from './directory.ts';
import { pathProblem, recordFolder } from './path.ts';

/**
 * The record of what a seed has written into a home. It is stored in the home, where the user can change it, so it is
 * untrusted: it only says which digests this resource may have written, at paths that are checked like any others. A
 * user who forges a record can at most have their own files overwritten or removed.
 */
export interface Record {
  /**
   * The resource that the seed belongs to. A seed that replaces another one of the same resource takes over its files.
   */
  readonly resource?: string;
  /** The SHA-256 of written files, by path. */
  readonly files: Map<string, string>;
  /**
   * The SHA-256 of files that were about to be written or removed, by path, in case the process was killed before it
   * was done.
   */
  readonly begun: Map<string, string[]>;
  /** The paths of created folders. */
  readonly folders: Set<string>;
  /** The paths of files that it would have written, and that were there already. */
  readonly kept: Set<string>;
}

/** The record of another seed in the same home. */
export interface OtherRecord extends Record {
  readonly id: string;
}

/** Enough for a record of 2000 paths of maximum length. */
const maxBytes = 4 * 1024 * 1024;

/** Enough for five versions of a bundle, each with other files. A record with more paths is not one of this function. */
const maxPaths = 10_000;

/** The records of other seeds are read up to so many bytes together. */
const maxBytesOfOthers = 1024 * 1024;

/** Reads the record of a seed; empty when it is missing or invalid. */
export async function readRecord(home: Directory, id: string): Promise<Record> {
  const found = await inFolder(home, (folder) => read(folder, fileOf(id)));
  return found ?? { files: new Map(), begun: new Map(), folders: new Set(), kept: new Set() };
}

/** All SHA-256 digests that a seed may have written to a path. */
export function digestsOf({ files, begun }: Record, path: string): string[] {
  return [...(files.has(path) ? [files.get(path)!] : []), ...(begun.get(path) ?? [])];
}

/** Whether a seed has a file at a path in its bundle. */
export function names({ files, begun, kept }: Record, path: string): boolean {
  return files.has(path) || begun.has(path) || kept.has(path);
}

/** Writes a record. Returns whether it could: the user may have put something else at its path. */
export async function writeRecord(home: Directory, id: string, record: Record, owner: Owner): Promise<boolean> {
  const sorted = (map: Map<string, unknown>) => Object.fromEntries([...map].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const [files, begun] = [sorted(record.files), sorted(record.begun)];
  const { resource } = record;
  const [folders, kept] = [[...record.folders].sort(), [...record.kept].sort()];
  const text = JSON.stringify({ version: 1, resource, files, begun, folders, kept }, null, 1);
  // It could not be read again.
  if (Buffer.byteLength(text) > maxBytes || !isSimple(text)) return false;
  const settings = { ...owner, mark: id, mode: 0o600, replace: true };
  const make = (parent: Directory, name: string) => parent.findOrCreate(name, 0o700, owner);
  const write = (folder: Directory) => folder.write(fileOf(id), Buffer.from(text), settings);
  return (await inFolder(home, write, make)) ?? false;
}

/** Removes a record. */
export async function removeRecord(home: Directory, id: string): Promise<void> {
  await inFolder(home, async (folder) => {
    await folder.removeTemporaryFiles(id);
    await folder.remove(fileOf(id));
  });
  await home.removeEmpty(recordFolder);
}

/** Reads the records of all other seeds. */
export async function recordsOfOthers(home: Directory, id: string): Promise<OtherRecord[]> {
  const found = await inFolder(home, async (folder) => {
    const names = (await folder.names()).filter((name) => /^[0-9a-f]{16}\.json$/.test(name) && name !== fileOf(id));
    const records: OtherRecord[] = [];
    // A few seeds are usual. Thousands of records can only come from the user.
    let left = maxBytesOfOthers;
    for (const name of names.slice(0, 100)) {
      const { bytes, ...record } = await read(folder, name, Math.min(left, maxBytes));
      left -= bytes;
      records.push({ ...record, id: name.slice(0, -'.json'.length) });
    }
    return records;
  });
  return found ?? [];
}

/** Whether this home has a record of the seed, or the start of one. */
export async function isRecorded(home: Directory, id: string): Promise<boolean> {
  const found = await inFolder(home, async (folder) => {
    const names = await folder.names();
    // A process that was killed after it created the folder leaves it empty.
    return names.length === 0 || names.includes(fileOf(id)) || (await folder.temporaryFiles(id)).length > 0;
  });
  return found ?? false;
}

function fileOf(id: string): string {
  return `${id}.json`;
}

async function inFolder<T>(
  home: Directory,
  run: (folder: Directory) => Promise<T>,
  make?: (parent: Directory, name: string) => Promise<Directory>,
): Promise<T | undefined> {
  try {
    return await inDirectory(home, [recordFolder], run, make);
  } catch (error) {
    if (error instanceof UnexpectedFileTypeError) return undefined;
    throw error;
  }
}

async function read(folder: Directory, name: string, longest = maxBytes): Promise<Record & { bytes: number }> {
  const content = await folder.read(name, longest);
  const { resource, files, begun, folders, kept } = Buffer.isBuffer(content) ? parsed(content.toString()) : {};
  const isDigest = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
  const isPath = (path: unknown): path is string => typeof path === 'string' && pathProblem(path) === undefined;
  const byPath = (value: unknown) => Object.entries(Object(value)).filter(([path]) => isPath(path));
  return {
    bytes: Buffer.isBuffer(content) ? content.length : 0,
    resource: typeof resource === 'string' ? resource : undefined,
    files: new Map(byPath(files).flatMap(([path, value]) => (isDigest(value) ? [[path, value]] : []))),
    begun: new Map(byPath(begun).map(([path, value]) => [path, Array.isArray(value) ? value.filter(isDigest) : []])),
    folders: new Set(Array.isArray(folders) ? folders.filter(isPath) : []),
    kept: new Set(Array.isArray(kept) ? kept.filter(isPath) : []),
  };
}

/** Whether a text has as few objects, lists and members as a record has: parsed, others take many times their size. */
function isSimple(text: string): boolean {
  let [lists, members] = [0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x5b || code === 0x7b) lists += 1;
    else if (code === 0x2c) members += 1;
  }
  return lists <= maxPaths + 10 && members <= 5 * maxPaths;
}

function parsed(text: string): { [Name in keyof Record]?: unknown } {
  if (!isSimple(text)) return {};
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
