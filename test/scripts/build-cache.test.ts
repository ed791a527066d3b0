import { utimesSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { BuildCache } from '../../scripts/build-cache.ts';
import { root } from '../../scripts/handlers.ts';
import { temporaryDirectory } from '../stacks/temporary-directory.ts';

const directory = temporaryDirectory();
const zip = Buffer.from('zip');

/** A zip that was made from two files, and remembered. */
function built(name: string) {
  const folder = join(directory(), name);
  const files = ['one.ts', 'two.ts', 'made.zip'].map((file) => join(directory(), `${name}-${file}`));
  const [one, two, path] = files as [string, string, string];
  for (const file of [one, two]) {
    writeFileSync(file, 'text');
    utimesSync(file, new Date(0), new Date(0));
  }
  writeFileSync(path, zip);
  const inputs = [one, two].map((file) => relative(root, file));
  const keep = () => new BuildCache(folder).keep('thing', { inputs, packages: [], zip, start: 2 });
  keep();
  return { one, path, folder, keep, find: () => new BuildCache(folder).findUnchanged('thing', path) };
}

test('a zip whose inputs have not changed is not built again', () => {
  expect(built('same').find()).toEqual({ zip: 3, start: 2, packages: [] });
});

test('a zip with a changed input is built again', () => {
  const { one, find } = built('input');
  writeFileSync(one, 'other');
  expect(find()).toBeUndefined();
});

test('a zip that was changed after the build is built again', () => {
  const { path, find } = built('output');
  writeFileSync(path, 'zap');
  expect(find()).toBeUndefined();
});

test('a zip without a readable build record is built again', () => {
  const { folder, find } = built('memory');
  writeFileSync(join(folder, 'thing.json'), '{"rul');
  expect(find()).toBeUndefined();
});

test('an input that is edited during the build does not count as built', () => {
  const { one, find, keep } = built('race');
  writeFileSync(one, 'edited');
  keep();
  expect(find()).toBeUndefined();
});
