import { mkdirSync, readdirSync } from 'node:fs';
import { sha256Of } from '../../handlers/home-seed/bundle.ts';
import { inHome } from '../../handlers/home-seed/home.ts';
import { isRecorded } from '../../handlers/home-seed/record.ts';
import { ada, type HomeTree, mountHomes } from './home-tree.ts';
import { clear, seed, seedId } from './seeding.ts';

const key = { UserProfileName: 'ada', uid: String(ada) };
const other = 'fedcba9876543210';
let tree: HomeTree;

mountHomes((mounted) => {
  tree = mounted;
});

const recorded = () => inHome(key, { make: false }, ({ directory }) => isRecorded(directory, seedId));

/** Leaves the files of a function that was stopped before it had recorded what it wrote. */
function interrupted(files: Record<string, string>): void {
  const begun = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, [sha256Of(Buffer.from(text))]]));
  const text = JSON.stringify({ version: 1, resource: 'mine', files: {}, begun, folders: ['examples'] });
  tree.write(ada, `${ada}/.studio-resources/${seedId}.json`, text);
  for (const [name, content] of Object.entries(files)) tree.write(ada, `${ada}/${name}`, content);
  tree.write(ada, `${ada}/examples/.studio-resources-${seedId}-0011223344556677`, 'half');
}

describe('a seed that was interrupted', () => {
  test('is brought up to date: its files are recognised, and missing ones are written', async () => {
    interrupted({ 'examples/a.txt': 'one' });
    expect(await seed({ 'examples/a.txt': 'two', 'b.txt': 'two' })).toMatchObject({ written: 2, kept: 0 });
    expect([tree.read(`${ada}/examples/a.txt`), tree.read(`${ada}/b.txt`)]).toEqual(['two', 'two']);
  });

  test('is removed as a whole, drafts included', async () => {
    interrupted({ 'examples/a.txt': 'one' });
    expect(await recorded()).toBe(true);
    await clear();
    expect(tree.list(String(ada))).toEqual([]);
  });

  test('is found by an empty folder of records, which a deletion removes', async () => {
    tree.home(ada);
    mkdirSync(tree.at(`${ada}/.studio-resources`));
    expect(await recorded()).toBe(true);
    await clear();
    expect(tree.list(String(ada))).toEqual([]);
  });

  test('gives its user the home and the folders that were made and still belong to root', async () => {
    mkdirSync(tree.at(`${ada}/examples`), { recursive: true });
    await seed({ 'examples/a.txt': 'one' });
    expect(tree.list(String(ada)).filter((line) => !line.includes('.studio-resources'))).toEqual([
      `${ada}:1001 755 examples/`,
      `${ada}:1001 644 examples/a.txt`,
    ]);
  });

  test('that was a deletion leaves no file that is taken for one that the user has removed', async () => {
    await seed({ 'a.txt': 'one' });
    const text = tree.read(`${ada}/.studio-resources/${seedId}.json`);
    const { files, ...rest } = JSON.parse(text);
    const begun = Object.fromEntries(Object.entries(files).map(([path, sha256]) => [path, [sha256]]));
    tree.write(ada, `${ada}/.studio-resources/${seedId}.json`, JSON.stringify({ ...rest, files: {}, begun }));
    await clear('0000000000000000');
    expect(await seed({ 'a.txt': 'two' })).toMatchObject({ written: 1 });
  });
});

describe('a seed that replaces another one of its resource', () => {
  test('takes over the files and folders of the other, whose deletion does not remove them', async () => {
    await seed({ 'examples/a.txt': 'one', 'examples/old.txt': 'one' });
    await seed({ 'examples/a.txt': 'two' }, { id: other });
    await clear();
    expect(tree.read(`${ada}/examples/a.txt`)).toBe('two');
    expect(readdirSync(tree.at(`${ada}/examples`))).toEqual(['a.txt']);
    await clear(other);
    expect(tree.list(String(ada))).toEqual([]);
  });

  test('does not take over the files of another resource', async () => {
    await seed({ 'a.txt': 'one' });
    expect(await seed({ 'a.txt': 'two' }, { id: other, resource: 'theirs' })).toMatchObject({ kept: 1 });
    expect(tree.read(`${ada}/a.txt`)).toBe('one');
  });
});
