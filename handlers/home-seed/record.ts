import { type Directory, inDirectory, type Owner, UnexpectedFileTypeError } from './directory.ts';
import { pathProblem, recordFolder } from './path.ts';

/**
 * What a seed has put into a home, kept in the home itself. It belongs to the user, who may have changed it, so it is
 * never believed: all that it says is which digests are of our making, at paths that are walked as carefully as any. Who
 * forges it gives files of their own away to be overwritten or removed, as they might themselves.
 */
export interface Record {
  /** Names the resource whose seed it is. One that takes the place of another seed of its own goes on with its files. */
  readonly resource?: string;
  /** The SHA-256 of what was written, by path. */
  readonly files: Map<string, string>;
  /** Those of what was to be written or removed, by path: whoever began may have been ended before it was done. */
  readonly begun: Map<string, string[]>;
  /** The folders that were made, by path. */
  readonly folders: Set<string>;
}

/** A record of 2000 paths of the longest kind. */
const maxBytes = 4 * 1024 * 1024;

/** What is remembered of a seed; nothing where there is no record, or one that cannot be read. */
export async function readRecord(home: Directory, id: string): Promise<Record> {
  const found = await inFolder(home, (folder) => read(folder, fileOf(id)));
  return found ?? { files: new Map(), begun: new Map(), folders: new Set() };
}

/** The SHA-256 of all that a seed may have put to a path. */
export function digestsOf({ files, begun }: Record, path: string): string[] {
  return [...(files.has(path) ? [files.get(path)!] : []), ...(begun.get(path) ?? [])];
}

/** Remembers a seed. Gives whether it could: the user may have put something in the way. */
export async function writeRecord(home: Directory, id: string, record: Record, owner: Owner): Promise<boolean> {
  const sorted = (map: Map<string, unknown>) => Object.fromEntries([...map].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const [files, begun] = [sorted(record.files), sorted(record.begun)];
  const { resource } = record;
  const text = JSON.stringify({ version: 1, resource, files, begun, folders: [...record.folders].sort() }, null, 1);
  const settings = { ...owner, mark: id, mode: 0o600, replace: true };
  const make = (parent: Directory, name: string) => parent.findOrCreate(name, 0o700, owner);
  const write = (folder: Directory) => folder.write(fileOf(id), Buffer.from(text), settings);
  return (await inFolder(home, write, make)) ?? false;
}

/** Forgets a seed. */
export async function removeRecord(home: Directory, id: string): Promise<void> {
  await inFolder(home, async (folder) => {
    await folder.removeTemporaryFiles(id);
    await folder.remove(fileOf(id));
  });
  await home.removeEmpty(recordFolder);
}

/** What is remembered of other seeds than this one. */
export async function recordsOfOthers(home: Directory, id: string): Promise<Record[]> {
  const found = await inFolder(home, async (folder) => {
    const names = (await folder.names()).filter((name) => /^[0-9a-f]{16}\.json$/.test(name) && name !== fileOf(id));
    const records: Record[] = [];
    // A handful of seeds is usual; thousands of records would be a user's own.
    for (const name of names.slice(0, 100)) records.push(await read(folder, name));
    return records;
  });
  return found ?? [];
}

/** Has a seed been remembered in this home, or was it to be? */
export async function isRecorded(home: Directory, id: string): Promise<boolean> {
  const found = await inFolder(home, async (folder) => {
    const names = await folder.names();
    // An empty folder is left where whoever made it was ended.
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

async function read(folder: Directory, name: string): Promise<Record> {
  const content = await folder.read(name, maxBytes);
  const { resource, files, begun, folders } = Buffer.isBuffer(content) ? parsed(content.toString()) : {};
  const isDigest = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
  const isPath = (path: unknown): path is string => typeof path === 'string' && pathProblem(path) === undefined;
  const byPath = (value: unknown) => Object.entries(Object(value)).filter(([path]) => isPath(path));
  return {
    resource: typeof resource === 'string' ? resource : undefined,
    files: new Map(byPath(files).flatMap(([path, value]) => (isDigest(value) ? [[path, value]] : []))),
    begun: new Map(byPath(begun).map(([path, value]) => [path, Array.isArray(value) ? value.filter(isDigest) : []])),
    folders: new Set(Array.isArray(folders) ? folders.filter(isPath) : []),
  };
}

function parsed(text: string): { [Name in keyof Record]?: unknown } {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
