import * as fs from 'node:fs';

/** Runs something so many virtual milliseconds later, unless the process has ended by then. */
type After = (ms: number, run: () => void) => unknown;

/**
 * `node:fs/promises` at virtual time: what is done takes some milliseconds, as in a network file system, and then is done
 * at once. So the process may end between any two calls, and what the machine does meanwhile decides nothing. `close`
 * closes the files that are open, as the end of a process does.
 */
export function fileModule(after: After, takes: () => number): { module: object; close: () => void } {
  const open = new Set<number>();
  const later = <T>(run: () => T): Promise<T> =>
    new Promise((resolve, reject) => {
      after(takes(), () => {
        try {
          resolve(run());
        } catch (error) {
          reject(error);
        }
      });
    });
  const openFile = (fd: number) => {
    open.add(fd);
    return {
      fd,
      close: () =>
        later(() => {
          open.delete(fd);
          fs.closeSync(fd);
        }),
      stat: () => later(() => fs.fstatSync(fd)),
      chown: (uid: number, gid: number) => later(() => fs.fchownSync(fd, uid, gid)),
      chmod: (mode: number) => later(() => fs.fchmodSync(fd, mode)),
      read: (buffer: Uint8Array, offset: number, length: number, position: number) =>
        later(() => ({ buffer, bytesRead: fs.readSync(fd, buffer, offset, length, position) })),
      writeFile: (content: Uint8Array) => later(() => fs.writeFileSync(fd, content)),
      // A simulation loses no power, so there is nothing to flush.
      sync: () => later(() => undefined),
    };
  };
  const functions = Object.keys(fs.promises).flatMap((name) => {
    const run = (fs as unknown as Record<string, unknown>)[`${name}Sync`];
    return typeof run === 'function' ? [[name, (...args: unknown[]) => later(() => run(...args))] as const] : [];
  });
  return {
    module: {
      ...fs.promises,
      ...Object.fromEntries(functions),
      open: (...args: Parameters<typeof fs.openSync>) => later(() => openFile(fs.openSync(...args))),
    },
    close() {
      for (const fd of open) fs.closeSync(fd);
      open.clear();
    },
  };
}
