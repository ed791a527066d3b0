import { createHash, randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { type FileHandle, link, mkdir, open, readdir, rename, rmdir, unlink } from 'node:fs/promises';
import { temporaryPrefix } from './path.ts';

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;

/** Who a file belongs to. */
export interface Owner {
  uid: number;
  gid: number;
}

/** What is at a name: a regular file that was read, or something else. */
export interface Entry {
  /** Undefined for a link, a folder, a pipe, and a file that is longer than was to be read. */
  sha256?: string;
}

/** Something that is no folder stands where one is to be, or the other way round. */
export class UnexpectedFileTypeError extends Error {
  override readonly name = 'InTheWayError';
}

/**
 * A directory, held open, in a tree that a user may be changing at this very moment, while we may do anything in it.
 *
 * Node has no openat(). But `/proc/self/fd/N/name` is looked up from the directory that descriptor N has open, whatever
 * has become of the path that led to it. So a path is walked one name at a time, each opened from the one before it and
 * never through a link (O_NOFOLLOW), and every call below names something directly in an open directory: a user who
 * swaps a folder for a link in between changes what a path leads to, and not what we hold.
 */
export class Directory {
  readonly #handle: FileHandle;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** Opens a directory by a path that no user can change. */
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
   * Opens a directory in this one; undefined where there is nothing.
   *
   * @throws InTheWayError where there is something else, such as a link to a directory
   */
  async find(name: string): Promise<Directory | undefined> {
    const handle = await this.#openIn(name, O_RDONLY | O_DIRECTORY).catch(ignoreCode('ENOENT'));
    return handle && new Directory(handle);
  }

  /** Opens a directory in this one, or makes it. */
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
   * Gives a directory that was just made to its owner: by whoever made it, or after that one was ended. What is not
   * root's was put in the place of what was made, or was there: it stays as it is.
   */
  async finishCreation(mode: number, { uid, gid }: Owner): Promise<void> {
    if ((await this.stat()).uid !== 0 || (await this.names()).length > 0) return;
    await this.#handle.chmod(mode);
    await this.#handle.chown(uid, gid);
  }

  /** Looks at a name, and reads what is there if it is a file of at most so many bytes. Undefined for nothing. */
  async inspect(name: string, longest: number): Promise<Entry | undefined> {
    const content = await this.read(name, longest);
    return content && { sha256: content === 'other' ? undefined : createHash('sha256').update(content).digest('hex') };
  }

  /** The content of a file. Undefined for nothing; `other` for what is no file, or is longer. */
  async read(name: string, longest: number): Promise<Buffer | 'other' | undefined> {
    // Without O_NONBLOCK, a pipe would hold us until somebody writes to it. It changes nothing for a file.
    const handle = await this.#openIn(name, O_RDONLY | O_NONBLOCK).catch((error) => {
      if (error instanceof UnexpectedFileTypeError || codeOf(error) === 'ENXIO') return 'other' as const;
      return ignoreCode('ENOENT')(error);
    });
    if (handle === undefined || handle === 'other') return handle;
    try {
      const stats = await handle.stat();
      if (!stats.isFile() || stats.size > longest) return 'other';
      // It may grow or shrink while it is read.
      const buffer = Buffer.alloc(stats.size);
      let length = 0;
      for (let read = -1; read !== 0 && length < buffer.length; length += read) {
        read = (await handle.read(buffer, length, buffer.length - length, length)).bytesRead;
      }
      return buffer.subarray(0, length);
    } finally {
      await handle.close();
    }
  }

  /**
   * Puts a file at a name, whole or not at all: it is written beside it, with its owner and its mode, and then takes the
   * name. Gives whether it did: without `replace`, only a name that is free is taken. By `mark`, drafts are found whose
   * writer was ended before it was done.
   */
  async write(
    name: string,
    content: Uint8Array,
    { mark, mode, replace, uid, gid }: Owner & { mark: string; mode: number; replace: boolean },
  ): Promise<boolean> {
    const draft = `${temporaryPrefix}${mark}-${randomBytes(8).toString('hex')}`;
    const handle = await this.#openIn(draft, O_WRONLY | O_CREAT | O_EXCL, 0o600);
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
        await rename(this.#at(draft), this.#at(name)).catch(throwUnexpectedFileType(name));
        return true;
      }
      // Unlike a rename, a second name for the file is refused where there is something already.
      return (await link(this.#at(draft), this.#at(name)).then(() => true, ignoreCode('EEXIST'))) ?? false;
    } finally {
      await unlink(this.#at(draft)).catch(ignoreCode('ENOENT'));
    }
  }

  /** Removes a file; nothing is as good. */
  async remove(name: string): Promise<void> {
    await unlink(this.#at(name)).catch(ignoreCode('ENOENT'));
  }

  /** Removes a directory if there is nothing in it. */
  async removeEmpty(name: string): Promise<boolean> {
    return rmdir(this.#at(name)).then(
      () => true,
      (error) => {
        if (['ENOENT', 'ENOTDIR', 'ENOTEMPTY', 'EEXIST', 'EBUSY', 'ELOOP'].includes(codeOf(error))) return false;
        throw error;
      },
    );
  }

  names(): Promise<string[]> {
    return readdir(`/proc/self/fd/${this.#handle.fd}/.`);
  }

  /** The temporary files with a mark. */
  async temporaryFiles(mark: string): Promise<string[]> {
    return (await this.names()).filter((name) => name.startsWith(`${temporaryPrefix}${mark}-`));
  }

  async removeTemporaryFiles(mark: string): Promise<void> {
    for (const draft of await this.temporaryFiles(mark)) await this.remove(draft);
  }

  /** Makes a directory, unless somebody else was quicker. */
  async #mkdir(name: string): Promise<Directory> {
    await mkdir(this.#at(name), 0o700).catch(ignoreCode('EEXIST'));
    return new Directory(await this.#openIn(name, O_RDONLY | O_DIRECTORY));
  }

  #openIn(name: string, flags: number, mode?: number): Promise<FileHandle> {
    return open(this.#at(name), flags | O_NOFOLLOW, mode).catch(throwUnexpectedFileType(name));
  }

  /** One name, in this very directory. */
  #at(name: string): string {
    if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name)) {
      throw new Error(`Opening ${JSON.stringify(name)}: it is not the name of something in a directory`);
    }
    return `/proc/self/fd/${this.#handle.fd}/${name}`;
  }
}

/**
 * Does something in the directory that a path of names leads to, and closes it. `make` opens a directory, or makes it;
 * without that, where there is none, the result is undefined.
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

function throwUnexpectedFileType(name: string) {
  return (cause: unknown): never => {
    if (!['ELOOP', 'ENOTDIR', 'EISDIR'].includes(codeOf(cause))) throw cause;
    throw new UnexpectedFileTypeError(`${name} is a link, or of another kind`, { cause });
  };
}

function ignoreCode(code: string) {
  return (error: unknown): undefined => {
    if (codeOf(error) !== code) throw error;
  };
}

function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException).code);
}
