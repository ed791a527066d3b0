import { type Directory, InTheWayError, type Owner, within } from './directory.ts';
import { problemWithPath, recordFolder } from './path.ts';

/**
 * What a seed has put into a home, kept in the home itself. It belongs to the user, who may have changed it, so it is
 * never believed: all that it says is which digests are of our making, at paths that are walked as carefully as any. Who
 * forges it gives files of their own away to be overwritten or removed, as they might themselves.
 */
export interface Record {
  /** The SHA-256 of what was written, by path. */
  readonly files: Map<string, string>;
  /** The folders that were made, by path. */
  readonly folders: Set<string>;
}

/** A record of 2000 paths of the longest kind. */
const longest = 4 * 1024 * 1024;

/** What is remembered of a seed; nothing where there is no record, or one that cannot be read. */
export async function readRecord(home: Directory, id: string): Promise<Record> {
  return (await inFolder(home, (folder) => read(folder, fileOf(id)))) ?? { files: new Map(), folders: new Set() };
}

/** Remembers a seed. Gives whether it could: the user may have put something in the way. */
export async function writeRecord(home: Directory, id: string, record: Record, owner: Owner): Promise<boolean> {
  const files = Object.fromEntries([...record.files].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const text = JSON.stringify({ version: 1, files, folders: [...record.folders].sort() }, null, 1);
  const settings = { ...owner, mode: 0o600, replace: true };
  const make = (parent: Directory, name: string) => parent.make(name, 0o700, owner);
  const write = (folder: Directory) => folder.write(fileOf(id), Buffer.from(text), settings);
  return (await inFolder(home, write, make)) ?? false;
}

/** Forgets a seed. */
export async function removeRecord(home: Directory, id: string): Promise<void> {
  await inFolder(home, (folder) => folder.remove(fileOf(id)));
  await home.removeEmpty(recordFolder);
}

/** What other seeds than this one remember, by path. */
export async function recordedByOthers(home: Directory, id: string): Promise<Map<string, string>> {
  const found = await inFolder(home, async (folder) => {
    const names = (await folder.names()).filter((name) => /^[0-9a-f]{16}\.json$/.test(name) && name !== fileOf(id));
    const records: Record[] = [];
    // A handful of seeds is usual; thousands of records would be a user's own.
    for (const name of names.slice(0, 100)) records.push(await read(folder, name));
    return new Map(records.flatMap(({ files }) => [...files]));
  });
  return found ?? new Map();
}

/** Has a seed been remembered in this home? */
export async function isRecorded(home: Directory, id: string): Promise<boolean> {
  return (await inFolder(home, (folder) => folder.look(fileOf(id), longest))) !== undefined;
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
    return await within(home, [recordFolder], run, make);
  } catch (error) {
    if (error instanceof InTheWayError) return undefined;
    throw error;
  }
}

async function read(folder: Directory, name: string): Promise<Record> {
  const content = await folder.read(name, longest);
  const { files, folders } = Buffer.isBuffer(content) ? parsed(content.toString()) : {};
  const isDigest = (entry: [string, unknown]): entry is [string, string] => /^[0-9a-f]{64}$/.test(String(entry[1]));
  const isPath = (path: unknown): path is string => typeof path === 'string' && problemWithPath(path) === undefined;
  return {
    files: new Map(
      Object.entries(Object(files))
        .filter(isDigest)
        .filter(([path]) => isPath(path)),
    ),
    folders: new Set(Array.isArray(folders) ? folders.filter(isPath) : []),
  };
}

function parsed(text: string): { files?: unknown; folders?: unknown } {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
