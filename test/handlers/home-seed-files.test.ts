import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { sha256Of } from '../../handlers/home-seed/bundle.ts';
import { inHome } from '../../handlers/home-seed/home.ts';
import type { Seed } from '../../handlers/home-seed/seed.ts';
import { ada, grace, type HomeTree, mountHomes } from './home-tree.ts';
import { clear, isOfTheUser, seed, seedId } from './seeding.ts';

const record = `${ada}/.studio-resources/${seedId}.json`;

let tree: HomeTree;

mountHomes((mounted) => {
  tree = mounted;
});

describe('a home', () => {
  test('that is not there yet is made for its user alone, and all that is put into it belongs to that user', async () => {
    await seed({ 'README.md': 'hello', 'examples/first/run.sh': 'true' });
    await seed({ 'README.md': 'hello' }, {}, grace);
    expect(tree.list().filter(isOfTheUser)).toEqual([
      `${ada}:1001 700 ${ada}/`,
      `${ada}:1001 644 ${ada}/README.md`,
      `${ada}:1001 755 ${ada}/examples/`,
      `${ada}:1001 755 ${ada}/examples/first/`,
      `${ada}:1001 755 ${ada}/examples/first/run.sh`,
      `${grace}:1001 700 ${grace}/`,
      `${grace}:1001 644 ${grace}/README.md`,
    ]);
  });

  test('that is there keeps its mode and its group, and its files get that group', async () => {
    tree.home(ada, 5000);
    chmodSync(tree.at(String(ada)), 0o750);
    await seed({ 'README.md': 'hello' });
    expect(tree.list().filter(isOfTheUser)).toEqual([`${ada}:5000 750 ${ada}/`, `${ada}:5000 644 ${ada}/README.md`]);
  });

  test('is left with no temporary file, and with a record that its user alone reads', async () => {
    await seed({ 'a.txt': 'a' });
    expect(tree.list(String(ada)).filter((line) => !isOfTheUser(line))).toEqual([
      `${ada}:1001 700 .studio-resources/`,
      `${ada}:1001 600 .studio-resources/${seedId}.json`,
    ]);
  });

  test('that belongs to another user is not touched', async () => {
    tree.home(grace);
    renameSync(tree.at(String(grace)), tree.at(String(ada)));
    await expect(seed({ 'a.txt': 'a' })).rejects.toThrow(
      `Seeding the home of user profile ada, /${ada} of the home file system`,
    );
    expect(tree.list(String(ada))).toEqual([]);
  });

  test('that is a link is not followed', async () => {
    tree.home(grace);
    symlinkSync(tree.at(String(grace)), tree.at(String(ada)));
    await expect(seed({ 'a.txt': 'a' })).rejects.toThrow('Seeding the home of user profile ada');
    expect(tree.list(String(grace))).toEqual([]);
  });

  test.each(['0', '', '-1', '1e3', '../1', '4294967295', 'ada', '0x10'])('is not used for the uid %j', async (uid) => {
    const use = inHome({ UserProfileName: 'ada', uid }, { make: true }, async () => {});
    await expect(use).rejects.toThrow('its HomeEfsFileSystemUid is not a uid');
    expect(tree.list()).toEqual([]);
  });

  test('is not looked for where nothing is mounted', async () => {
    process.env.HOMES_PATH = tree.at('nowhere');
    await expect(seed({ 'a.txt': 'a' })).rejects.toThrow('the file system has to be mounted there');
    delete process.env.HOMES_PATH;
    await expect(seed({ 'a.txt': 'a' })).rejects.toThrow('the function has no HOMES_PATH');
  });
});

describe('what the user has changed', () => {
  const both = { 'kept.txt': 'one', 'changed.txt': 'one', 'deleted.txt': 'one', 'folder/inner.txt': 'one' };
  const next = { 'kept.txt': 'two', 'changed.txt': 'two', 'deleted.txt': 'two', 'folder/inner.txt': 'two' };

  async function changed(overwrite: Seed['overwrite']) {
    tree.home(ada);
    tree.write(ada, `${ada}/own.txt`, 'mine');
    await seed({ ...both, 'own.txt': 'one' }, { overwrite: 'Never' });
    tree.write(ada, `${ada}/changed.txt`, 'mine');
    unlinkSync(tree.at(`${ada}/deleted.txt`));
    rmSync(tree.at(`${ada}/folder`), { recursive: true });
    const seeded = await seed({ ...next, 'own.txt': 'two', 'new.txt': 'two' }, { overwrite });
    const names = readdirSync(tree.at(String(ada))).filter((name) => name.endsWith('.txt'));
    return { seeded, files: Object.fromEntries(names.map((name) => [name, tree.read(`${ada}/${name}`)])) };
  }

  test('is never overwritten by IfUnchanged, and what is unchanged is brought up to date', async () => {
    expect(await changed('IfUnchanged')).toEqual({
      seeded: { written: 2, same: 0, kept: 4, remembered: true },
      files: { 'changed.txt': 'mine', 'kept.txt': 'two', 'new.txt': 'two', 'own.txt': 'mine' },
    });
  });

  test('stays with Never, and so does what is unchanged; only what is new is added', async () => {
    expect(await changed('Never')).toEqual({
      seeded: { written: 1, same: 0, kept: 5, remembered: true },
      files: { 'changed.txt': 'mine', 'kept.txt': 'one', 'new.txt': 'two', 'own.txt': 'mine' },
    });
  });

  test('is overwritten by Always, and what was deleted comes back', async () => {
    const { files } = await changed('Always');
    const names = ['changed.txt', 'deleted.txt', 'kept.txt', 'new.txt', 'own.txt'];
    expect(files).toEqual(Object.fromEntries(names.map((name) => [name, 'two'])));
    expect(tree.read(`${ada}/folder/inner.txt`)).toBe('two');
  });

  test('cannot be recognised without the record, so then every file stays', async () => {
    await seed({ 'a.txt': 'one' });
    rmSync(tree.at(`${ada}/.studio-resources`), { recursive: true });
    expect(await seed({ 'a.txt': 'two' })).toMatchObject({ kept: 1, written: 0 });
    expect(tree.read(`${ada}/a.txt`)).toBe('one');
  });

  test('is compared each time: the same seed again writes nothing', async () => {
    await seed({ 'a.txt': 'one', 'b/c.txt': 'one' });
    const before = tree.list();
    expect(await seed({ 'a.txt': 'one', 'b/c.txt': 'one' })).toEqual({
      written: 0,
      same: 2,
      kept: 0,
      remembered: true,
    });
    expect(tree.list()).toEqual(before);
  });

  test('an interrupted seeding is finished by the next one, which recognises its own files', async () => {
    await seed({ 'a.txt': 'one' });
    // As after a crash between a file and the record of it.
    tree.write(ada, `${ada}/a.txt`, 'two');
    expect(await seed({ 'a.txt': 'two', 'b.txt': 'two' })).toMatchObject({ same: 1, written: 1 });
    expect(await seed({ 'a.txt': 'three', 'b.txt': 'three' })).toMatchObject({ written: 2 });
  });
});

describe('a deletion that removes what is unchanged', () => {
  test('leaves what the user has changed or added, and the folders that still have something in them', async () => {
    await seed({ 'a.txt': 'a', 'b.txt': 'b', 'x/y/c.txt': 'c', 'x/d.txt': 'd', 'e/f.txt': 'f' });
    tree.write(ada, `${ada}/b.txt`, 'mine');
    tree.write(ada, `${ada}/x/own.txt`, 'mine');
    expect(await clear()).toEqual({ removed: 4, kept: 1 });
    expect(tree.list(String(ada))).toEqual([
      `${ada}:1001 644 b.txt`,
      `${ada}:1001 755 x/`,
      `${ada}:1001 644 x/own.txt`,
    ]);
  });

  test('leaves what another seed has written as well, until that seed is deleted', async () => {
    const other = 'fedcba9876543210';
    await seed({ 'a.txt': 'a', 'b.txt': 'b' });
    await seed({ 'a.txt': 'a' }, { id: other });
    await clear();
    expect(tree.list(String(ada)).filter(isOfTheUser)).toEqual([`${ada}:1001 644 a.txt`]);
    await clear(other);
    expect(tree.list(String(ada))).toEqual([]);
  });

  test('leaves a file that another seed names with other content, and that seed brings it up to date', async () => {
    const other = 'fedcba9876543210';
    const next = { id: other, resource: 'two' };
    const content = () => readFileSync(tree.at(`${ada}/a.txt`), 'utf8');
    await seed({ 'a.txt': 'a', 'b.txt': 'b' });
    // The logical id is renamed, and the content changes with it.
    expect(await seed({ 'a.txt': 'a, changed' }, next)).toMatchObject({ kept: 1 });
    expect(await clear()).toEqual({ removed: 1, kept: 1 });
    expect(content()).toBe('a');
    expect(await seed({ 'a.txt': 'a, changed' }, next)).toMatchObject({ written: 1 });
    expect(content()).toBe('a, changed');
    await clear(other);
    expect(tree.list(String(ada))).toEqual([]);
  });

  test('of a seed that has overwritten the file of another leaves the file to that seed', async () => {
    const other = 'fedcba9876543210';
    await seed({ 'a.txt': 'a' });
    await seed({ 'a.txt': 'b' }, { id: other, resource: 'two', overwrite: 'Always' });
    expect(await clear(other)).toEqual({ removed: 0, kept: 1 });
    expect(await seed({ 'a.txt': 'a' })).toMatchObject({ written: 1 });
    await clear();
    expect(tree.list(String(ada))).toEqual([]);
  });

  test('leaves what the user has changed at a path that another seed names, for good', async () => {
    const other = { id: 'fedcba9876543210', resource: 'two' };
    await seed({ 'a.txt': 'a' });
    await seed({ 'a.txt': 'b' }, other);
    tree.write(ada, `${ada}/a.txt`, 'mine');
    await clear();
    expect(await seed({ 'a.txt': 'b' }, other)).toMatchObject({ kept: 1 });
    await clear(other.id);
    expect(tree.list(String(ada))).toEqual([`${ada}:1001 644 a.txt`]);
  });

  test('removes nothing outside of the home, even if the user has forged the record', async () => {
    tree.home(ada);
    mkdirSync(tree.at('outside'));
    writeFileSync(tree.at('outside/passwd'), 'root');
    mkdirSync(tree.at('outside/empty'));
    symlinkSync('../outside', tree.at(`${ada}/link`));
    const root = sha256Of(Buffer.from('root'));
    const paths = ['../outside/passwd', '/outside/passwd', 'link/passwd', `${tree.path}/outside/passwd`];
    const files = Object.fromEntries(paths.map((path) => [path, root]));
    const folders = ['../outside/empty', 'link/empty', '..', '.', ''];
    tree.write(ada, record, JSON.stringify({ version: 1, files, folders }));
    await clear();
    expect(tree.list('outside')).toEqual(['0:0 755 empty/', '0:0 644 passwd']);
  });

  test.each(['{', 'null', '[]', '{"files":[1,"x"],"folders":{}}', '{"files":{"a.txt":5}}', '"x"'])(
    'finds no file of its own in the invalid record %j',
    async (text) => {
      tree.home(ada);
      tree.write(ada, `${ada}/a.txt`, 'mine');
      tree.write(ada, record, text);
      expect(await seed({ 'a.txt': 'a' })).toMatchObject({ kept: 1 });
      tree.write(ada, record, text);
      expect(await clear()).toEqual({ removed: 0, kept: 0 });
      expect(tree.list(String(ada))).toEqual([`${ada}:1001 644 a.txt`]);
    },
  );

  test('makes no home where there is none', async () => {
    expect(await clear()).toBeUndefined();
    expect(tree.list()).toEqual([]);
  });
});
