import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { unzipSync } from 'fflate';

/** Where functions' code lies unzipped, once for each version of it, and where their processes may write. */
export interface CodeDirectory {
  /** The unzipped code: `/var/task`, as its own environments see it. */
  taskRoot(code: { sha256: string; zip: Uint8Array }): Promise<string>;
  /** An empty directory for one environment: its `/tmp`. */
  scratch(): Promise<string>;
  /** Removes it all, at once: the host process may be about to end. */
  remove(): void;
}

export function codeDirectory(): CodeDirectory {
  let root: string | undefined;
  const unzipped = new Map<string, Promise<string>>();
  const inRoot = (prefix: string) => {
    root ??= mkdtempSync(join(tmpdir(), 'studio-resources-lambda-'));
    return mkdtemp(join(root, prefix));
  };
  return {
    taskRoot({ sha256, zip }) {
      let directory = unzipped.get(sha256);
      if (!directory) {
        directory = inRoot('task-').then((path) => unzipInto(path, zip));
        unzipped.set(sha256, directory);
      }
      return directory;
    },
    scratch: () => inRoot('tmp-'),
    remove() {
      if (root) rmSync(root, { recursive: true, force: true, maxRetries: 3 });
      root = undefined;
      unzipped.clear();
    },
  };
}

async function unzipInto(directory: string, zip: Uint8Array): Promise<string> {
  for (const [name, content] of Object.entries(unzipSync(zip))) {
    const path = join(directory, name);
    // A zip can name a file outside the directory that it is unzipped into.
    if (relative(directory, path).split(sep)[0] === '..') throw new Error(`Unzipping ${name}: it lies outside the zip`);
    if (name.endsWith('/')) {
      await mkdir(path, { recursive: true });
    } else {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content, { mode: 0o644 });
    }
  }
  return directory;
}
