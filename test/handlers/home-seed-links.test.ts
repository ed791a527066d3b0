import { execFileSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { ada, type HomeTree, mountHomes } from './home-tree.ts';
import { clear, isOfTheUser, seed } from './seeding.ts';

let tree: HomeTree;

mountHomes((mounted) => {
  tree = mounted;
});

describe('links and other things in a home', () => {
  const outside = () => tree.read('outside/passwd');

  beforeEach(() => {
    tree.home(ada);
    mkdirSync(tree.at('outside'), { mode: 0o755 });
    writeFileSync(tree.at('outside/passwd'), 'root');
  });

  test.each(['Never', 'IfUnchanged', 'Always'] as const)(
    'a folder that is a link out of the home is left alone, with Overwrite: %s',
    async (overwrite) => {
      symlinkSync('../outside', tree.at(`${ada}/etc`));
      expect(await seed({ 'etc/passwd': 'x', 'etc/new': 'x', 'a.txt': 'a' }, { overwrite })).toMatchObject({
        kept: 2,
        written: 1,
      });
      expect(tree.list('outside')).toEqual(['0:0 644 passwd']);
      expect(outside()).toBe('root');
    },
  );

  test('a file that is a link is never written through: Always puts a file in its place', async () => {
    symlinkSync('../outside/passwd', tree.at(`${ada}/a.txt`));
    expect(await seed({ 'a.txt': 'a' })).toMatchObject({ kept: 1 });
    expect(await seed({ 'a.txt': 'a' }, { overwrite: 'Always' })).toMatchObject({ written: 1 });
    expect(outside()).toBe('root');
    expect(tree.list(String(ada)).filter(isOfTheUser)).toEqual([`${ada}:1001 644 a.txt`]);
  });

  test('a hard link to a file outside of the home is replaced without a change to that file', async () => {
    linkSync(tree.at('outside/passwd'), tree.at(`${ada}/a.txt`));
    await seed({ 'a.txt': 'a' }, { overwrite: 'Always' });
    expect(outside()).toBe('root');
    expect(tree.read(`${ada}/a.txt`)).toBe('a');
    expect(tree.list('outside')).toEqual(['0:0 644 passwd']);
  });

  test('a pipe does not block it, and a folder in the place of a file is left alone', async () => {
    execFileSync('mkfifo', [tree.at(`${ada}/pipe`)]);
    tree.write(ada, `${ada}/folder/inner.txt`, 'mine');
    const files = { pipe: 'a', folder: 'a', 'folder/inner.txt/deeper': 'a' };
    expect(await seed(files)).toMatchObject({ kept: 3 });
    expect(await seed(files, { overwrite: 'Always' })).toMatchObject({ kept: 2, written: 1 });
    expect(tree.read(`${ada}/folder/inner.txt`)).toBe('mine');
  });

  test('a file that was made huge is not read, and stays', async () => {
    await seed({ 'a.txt': 'a' });
    truncateSync(tree.at(`${ada}/a.txt`), 2 ** 40);
    expect(await seed({ 'a.txt': 'b' })).toMatchObject({ kept: 1 });
  });

  test('a record folder that is a link is not followed, and the home is seeded nevertheless', async () => {
    symlinkSync('../outside', tree.at(`${ada}/.studio-resources`));
    expect(await seed({ 'a.txt': 'a' })).toEqual({ written: 1, same: 0, kept: 0, remembered: false });
    expect(tree.list('outside')).toEqual(['0:0 644 passwd']);
    await clear();
    expect(tree.list('outside')).toEqual(['0:0 644 passwd']);
  });

  test('a folder that is swapped for a link at any moment never leads out of the home', async () => {
    let swaps = 0;
    let isOver = false;
    const [folder, aside] = [tree.at(`${ada}/folder`), tree.at(`${ada}/aside`)];
    const swap = () => {
      rmSync(aside, { recursive: true, force: true });
      if (existsSync(folder)) renameSync(folder, aside);
      symlinkSync('../outside', folder);
    };
    const swapping = (async () => {
      while (!isOver) {
        try {
          swap();
          await new Promise(setImmediate);
          unlinkSync(folder);
          swaps += 1;
        } catch (error) {
          // The seeding, in a thread of its own, was faster.
          expect(String(error)).toMatch(/EEXIST|ENOENT|EISDIR|ENOTEMPTY|EPERM/);
        }
        await new Promise(setImmediate);
      }
    })();
    for (let round = 0; round < 10; round += 1) {
      const files = Object.fromEntries([...'abcde', 'passwd'].map((name) => [`folder/${name}`, 'x']));
      // A folder that is swapped meanwhile may be missing.
      await seed(files, { overwrite: 'Always' }).catch((error) => {
        expect(String(error.cause)).toMatch(/ENOENT|EEXIST/);
      });
    }
    isOver = true;
    await swapping;
    expect(swaps).toBeGreaterThan(10);
    expect(tree.list('outside')).toEqual(['0:0 644 passwd']);
    expect(outside()).toBe('root');
  });
});
