import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { unzipInto } from '../unzip.ts';

/** Where functions' code lies unzipped, once for each version of it, and where their processes may write. */
export interface CodeDirectory {
  /** The unzipped code: `/var/task`, as its own environments see it. */
  taskRoot(code: { sha256: string; zip: Uint8Array }): Promise<string>;
  /** The unzipped layers, the later over the earlier: `/opt`. Undefined where there are none. */
  layerRoot(layers: readonly { sha256: string; zip: Uint8Array }[]): Promise<string | undefined>;
  /** An empty directory for one environment: its `/tmp`. */
  scratch(): Promise<string>;
  /** Where the files of a file system are, from that directory of it on. */
  files(fileSystemId: string, root: string): Promise<string>;
  /** Removes it all, at once: the host process may be about to end. */
  remove(): void;
}

/** `files` is where those of file systems are kept; without it, they are removed with the rest. */
export function codeDirectory(files?: string): CodeDirectory {
  let root: string | undefined;
  const unzipped = new Map<string, Promise<string>>();
  const ownRoot = () => {
    root ??= mkdtempSync(join(tmpdir(), 'studio-resources-lambda-'));
    return root;
  };
  const inRoot = (prefix: string) => mkdtemp(join(ownRoot(), prefix));
  const unzippedOnce = (prefix: string, zips: readonly { sha256: string; zip: Uint8Array }[]) => {
    const key = [prefix, ...zips.map(({ sha256 }) => sha256)].join(' ');
    const unzip = async () => {
      const path = await inRoot(prefix);
      for (const { zip } of zips) await unzipInto(path, zip);
      return path;
    };
    const directory = unzipped.get(key) ?? unzip();
    unzipped.set(key, directory);
    return directory;
  };
  return {
    taskRoot: (code) => unzippedOnce('task-', [code]),
    layerRoot: async (layers) => (layers.length > 0 ? unzippedOnce('opt-', layers) : undefined),
    scratch: () => inRoot('tmp-'),
    async files(fileSystemId, path) {
      // An absolute path as seen from the file system's root, so that nothing leads out of it.
      const directory = join(resolve(files ?? join(ownRoot(), 'files'), fileSystemId), resolve('/', path));
      await mkdir(directory, { recursive: true });
      return directory;
    },
    remove() {
      if (root) rmSync(root, { recursive: true, force: true, maxRetries: 3 });
      root = undefined;
      unzipped.clear();
    },
  };
}
