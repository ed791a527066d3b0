import {
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type BundleFile, sha256Of } from '../../handlers/home-seed/bundle.ts';

/** The users of the tests, by uid. */
export const ada = 200_001;
export const grace = 200_002;

/** A directory that stands for a mounted file system with homes. Its files belong to several users, which needs root. */
export interface HomeTree {
  readonly path: string;
  at(...names: string[]): string;
  /** Makes a home as SageMaker does. */
  home(uid: number, gid?: number): string;
  /** Writes a file as a user, with the folders above it. */
  write(uid: number, name: string, text: string): void;
  read(name: string): string;
  /** Every file below a path as `uid:gid mode name`; folders end with a slash, links with their targets. */
  list(name?: string): string[];
  remove(): void;
}

/** Makes the tree in this directory; in a temporary one if left out. */
export function homeTree(directory?: string): HomeTree {
  if (process.getuid?.() !== 0) throw new Error('Making a tree with the files of several users: run the tests as root');
  const path = directory ?? mkdtempSync(join(tmpdir(), 'studio-resources-homes-'));
  const at = (...names: string[]) => join(path, ...names);
  const tree: HomeTree = {
    path,
    at,
    home(uid, gid = 1001) {
      mkdirSync(at(String(uid)), { mode: 0o700 });
      chownSync(at(String(uid)), uid, gid);
      return at(String(uid));
    },
    write(uid, name, text) {
      const folders = dirname(name).split('/');
      for (let depth = 1; depth <= folders.length; depth += 1) {
        const folder = at(...folders.slice(0, depth));
        if (mkdirSync(folder, { recursive: true })) chownSync(folder, uid, 1001);
      }
      writeFileSync(at(name), text);
      chownSync(at(name), uid, 1001);
    },
    read: (name) => readFileSync(at(name), 'utf8'),
    list: (name = '') => listed(at(name), ''),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
  return tree;
}

/** Makes a tree for each test of a file, which the handler finds mounted; `use` takes it. */
export function mountHomes(use: (tree: HomeTree) => void): void {
  let tree: HomeTree;
  beforeEach(() => {
    tree = homeTree();
    process.env.HOMES_PATH = tree.path;
    use(tree);
  });
  afterEach(() => {
    delete process.env.HOMES_PATH;
    tree.remove();
  });
}

/** The files of a bundle, by their paths. Files that end with `.sh` are executable. */
export function bundleOf(files: Record<string, string>): BundleFile[] {
  return Object.entries(files).map(([name, text]) => {
    const content = Buffer.from(text);
    return { path: name.split('/'), content, sha256: sha256Of(content), executable: name.endsWith('.sh') };
  });
}

function listed(root: string, below: string): string[] {
  return readdirSync(join(root, below))
    .sort()
    .flatMap((child) => {
      const name = join(below, child);
      const stats = lstatSync(join(root, name));
      const mode = (stats.mode & 0o7777).toString(8);
      const line = `${stats.uid}:${stats.gid} ${mode} ${name}`;
      if (stats.isSymbolicLink()) return [`${line} -> ${readlinkSync(join(root, name))}`];
      return stats.isDirectory() ? [`${line}/`, ...listed(root, name)] : [line];
    });
}
