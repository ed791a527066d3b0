import { createHash, randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { type FileHandle, link, mkdir, open, opendir, rename, rmdir, unlink } from 'node:fs/promises';
import { temporaryPrefix } from './path.ts';

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;

/** The owner of a file. */
export interface Owner {
  uid: number;
  gid: number;
}

/** What a name refers to: a regular file that was read, or something else. */
export interface Entry {
  /** Undefined for a link, a directory, a pipe, and a file that is larger than the limit. */
  sha256?: string;
}

/** A file is hashed in pieces of so many bytes. */
const pieceBytes = 256 * 1024;

/** Of a directory, at most so many entries are looked at. Only its user can have put more there. */
const maxEntries = 10_000;

/**
 * A directory was expected and something else is there, or the other way round; or the user has removed or replaced it
 * while this process was at work on it.
 */
export class UnexpectedFileTypeError extends Error {
  override readonly name = 'InTheWayError';
}

/**
 * An open directory in a tree that its user may be changing at the same time, while this process runs as root.
 *
 * Node has no openat(). But the kernel resolves `/proc/self/fd/N/name` from the directory that descriptor N has open,
 * even when the path to that directory now leads elsewhere. So a path is walked one name at a time, each opened from
 * the one before it and never through a link (O_NOFOLLOW), and every call below names an entry of an open directory. A
 * user who replaces a directory with a link changes where the path leads, but not what this process has open.
 */
export class Directory {
  readonly #handle: FileHandle;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** Opens a directory by a path that users cannot change. */
  static async open(path: string): Promise<Directory> {
    return new Directory(await open(path, O_RDONLY | O_DIRECTORY));
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  stat(): Promise<Stats> {
    return this.#handle.stat();
  }

  /**
   * Opens a subdirectory; undefined when nothing has that name.
   *
   * @throws UnexpectedFileTypeError when it is something else, such as a link to a directory
   */
  async find(name: string): Promise<Directory | undefined> {
    const handle = await this.#openIn(name, O_RDONLY | O_DIRECTORY).catch(ignoreCode('ENOENT'));
    return handle && new Directory(handle);
  }

  /** Opens a subdirectory, and creates it when it does not exist. */
  async findOrCreate(name: string, mode: number, owner: Owner): Promise<Directory> {
    const directory = (await this.find(name)) ?? (await this.#mkdir(name));
    try {
      await directory.finishCreation(mode, owner);
      return directory;
    } catch (error) {
      await directory.close();
      throw error;
    }
  }

  /**
   * Sets the mode and owner of a directory that was just created, by this process or by an earlier one that was killed.
   * Does nothing unless it is empty and belongs to root: then it existed before, or the user has replaced it.
   */
  async finishCreation(mode: number, { uid, gid }: Owner): Promise<void> {
    if ((await this.stat()).uid !== 0 || (await this.names(1)).length > 0) return;
    await this.#handle.chmod(mode);
    await this.#handle.chown(uid, gid);
  }

  /**
   * Reads a file of at most `longest` bytes piece by piece and returns its SHA-256; undefined when nothing has that name.
   * `onRead` is told of each piece's bytes, and whether to read on is what it returns.
   */
  async inspect(name: string, longest: number, onRead: (bytes: number) => boolean = () => true) {
    return this.#read(name, longest, async (handle): Promise<Entry> => {
      const hash = createHash('sha256');
      const piece = Buffer.allocUnsafe(pieceBytes);
      for (let at = 0; ; ) {
        const { bytesRead } = await handle.read(piece, 0, piece.length, at);
        if (bytesRead === 0) return { sha256: hash.digest('hex') };
        at += bytesRead;
        // The file may grow while it is read.
        if (at > longest || !onRead(bytesRead)) return {};
        hash.update(piece.subarray(0, bytesRead));
      }
    }).then((entry) => (entry === 'other' ? {} : entry));
  }

  /** Reads a file. Undefined when nothing has that name; `other` when it is no regular file, or is larger. */
  async read(name: string, longest: number): Promise<Buffer | 'other' | undefined> {
    return this.#read(name, longest, async (handle, size) => {
      // The file may grow or shrink while it is read.
      const buffer = Buffer.alloc(size);
      let length = 0;
      for (let read = -1; read !== 0 && length < buffer.length; length += read) {
        read = (await handle.read(buffer, length, buffer.length - length, length)).bytesRead;
      }
      return buffer.subarray(0, length);
    });
  }

  async #read<T>(
    name: string,
    longest: number,
    run: (handle: FileHandle, size: number) => Promise<T>,
  ): Promise<T | 'other' | undefined> {
    // Without O_NONBLOCK, opening a pipe blocks until another process writes to it. Files ignore the flag.
    const handle = await this.#openIn(name, O_RDONLY | O_NONBLOCK).catch((error) => {
      if (error instanceof UnexpectedFileTypeError) return 'other' as const;
      return ignoreCode('ENOENT')(error);
    });
    if (handle === undefined || handle === 'other') return handle;
    try {
      const stats = await handle.stat();
      if (!stats.isFile() || stats.size > longest) return 'other';
      return await run(handle, stats.size);
    } catch (error) {
      // On NFS, a file that was removed meanwhile cannot be read any more.
      if (inTheWay.includes(codeOf(error))) return 'other';
      throw error;
    } finally {
      await handle.close();
    }
  }

  /**
   * Writes a file atomically: first to a temporary file with the right owner and mode, which then takes the name.
   * Returns whether it did: without `replace`, an existing entry stays. `mark` is part of the temporary file's name, so
   * that files of a killed process can be found.
   */
  async write(
    name: string,
    content: Uint8Array,
    { mark, mode, replace, uid, gid }: Owner & { mark: string; mode: number; replace: boolean },
  ): Promise<boolean> {
    const draft = `${temporaryPrefix}${mark}-${randomBytes(8).toString('hex')}`;
    const handle = await this.#openIn(draft, O_WRONLY | O_CREAT | O_EXCL, 0o600).catch(throwIfGone(draft));
    try {
      try {
        await handle.writeFile(content);
        await handle.chown(uid, gid);
        await handle.chmod(mode);
        await handle.sync();
      } finally {
        await handle.close();
      }
      if (replace) {
        await rename(this.#at(draft), this.#at(name)).catch(throwIfGone(name));
        return true;
      }
      // Unlike rename, link fails when the name exists.
      const made = link(this.#at(draft), this.#at(name)).then(() => true, ignoreCode('EEXIST'));
      return (await made.catch(throwIfGone(name))) ?? false;
    } finally {
      await unlink(this.#at(draft)).catch(throwIfGone(draft)).catch(ignoreUnexpectedFileType);
    }
  }

  /** Removes a file; a missing file is no error, and neither is a directory, which stays. */
  async remove(name: string): Promise<void> {
    await unlink(this.#at(name)).catch(throwIfGone(name)).catch(ignoreUnexpectedFileType);
  }

  /** Removes a directory when it is empty. Returns whether it did. */
  async removeEmpty(name: string): Promise<boolean> {
    return rmdir(this.#at(name)).then(
      () => true,
      (error) => {
        if ([...inTheWay, 'ENOENT'].includes(codeOf(error))) return false;
        throw error;
      },
    );
  }

  /** The names of entries, in no order; of a directory with very many, some of them. */
  async names(most = maxEntries): Promise<string[]> {
    const found: string[] = [];
    try {
      for await (const { name } of await opendir(`/proc/self/fd/${this.#handle.fd}/.`)) {
        found.push(name);
        if (found.length >= most) break;
      }
    } catch (error) {
      // The user has removed the directory, or is changing it.
      if (![...inTheWay, 'ENOENT'].includes(codeOf(error))) throw error;
    }
    return found;
  }

  /** Lists the temporary files with a mark. */
  async temporaryFiles(mark: string): Promise<string[]> {
    return (await this.names()).filter((name) => name.startsWith(`${temporaryPrefix}${mark}-`));
  }

  async removeTemporaryFiles(mark: string): Promise<void> {
    for (const draft of await this.temporaryFiles(mark)) await this.remove(draft);
  }

  /** Creates a directory; one that another process has created meanwhile is opened. */
  async #mkdir(name: string): Promise<Directory> {
    await mkdir(this.#at(name), 0o700).catch(ignoreCode('EEXIST')).catch(throwIfGone(name));
    return new Directory(await this.#openIn(name, O_RDONLY | O_DIRECTORY).catch(throwIfGone(name)));
  }

  #openIn(name: string, flags: number, mode?: number): Promise<FileHandle> {
    return open(this.#at(name), flags | O_NOFOLLOW, mode).catch(throwUnexpectedFileType(name));
  }

  /** The path of an entry of this directory. */
  #at(name: string): string {
    if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name)) {
      throw new Error(`Opening ${JSON.stringify(name)}: it is not a plain name`);
    }
    return `/proc/self/fd/${this.#handle.fd}/${name}`;
  }
}

/**
 * Walks a path of names, calls `run` with the directory, and closes it. `make` opens or creates each directory; without
 * it, the result for a missing directory is undefined.
 */
export async function inDirectory<T>(
  from: Directory,
  [name, ...rest]: readonly string[],
  run: (directory: Directory) => Promise<T>,
  make?: (parent: Directory, name: string) => Promise<Directory>,
): Promise<T | undefined> {
  if (name === undefined) return run(from);
  const next = await (make ? make(from, name) : from.find(name));
  if (!next) return undefined;
  try {
    return await inDirectory(next, rest, run, make);
  } finally {
    await next.close();
  }
}

/**
 * What the kernel says of an entry that is of another type, or that its user has replaced, removed, locked or linked at
 * the same time. ESTALE is what NFS says of a file that another client has removed.
 */
const inTheWay = 'ELOOP ENOTDIR EISDIR ENXIO ENOTEMPTY EEXIST EBUSY ESTALE EAGAIN EMLINK ETXTBSY'.split(' ');

function throwUnexpectedFileType(name: string, codes: readonly string[] = inTheWay) {
  return (cause: unknown): never => {
    if (!codes.includes(codeOf(cause))) throw cause;
    throw new UnexpectedFileTypeError(`${name} is a link, or of another file type, or was removed`, { cause });
  };
}

/** For an entry that this process has just created: only its user can have removed it. */
function throwIfGone(name: string) {
  return throwUnexpectedFileType(name, [...inTheWay, 'ENOENT']);
}

/** Undefined where something else than expected is there. */
function ignoreUnexpectedFileType(error: unknown): undefined {
  if (!(error instanceof UnexpectedFileTypeError)) throw error;
}

function ignoreCode(code: string) {
  return (error: unknown): undefined => {
    if (codeOf(error) !== code) throw error;
  };
}

function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException).code);
}
