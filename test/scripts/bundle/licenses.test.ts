import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { bundledPackages, licenseFiles } from '../../../scripts/bundle/licenses.ts';
import { root } from '../../../scripts/handlers.ts';
import { temporaryDirectory } from '../../stacks/temporary-directory.ts';

const directory = temporaryDirectory();

/** A file of an installed package, by its path from the root. */
function installed(name: string, license: string | undefined, files: Record<string, string> = {}): string {
  const folder = join(directory(), 'node_modules', name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'lib'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, version: '1.2.3', license }));
  writeFileSync(join(folder, 'lib/index.js'), '');
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  return relative(root, join(folder, 'lib/index.js'));
}

const textOf = (inputs: string[]) =>
  Buffer.from(licenseFiles(bundledPackages(inputs))['THIRD-PARTY-LICENSES']!).toString();

test('the licences and notices of bundled packages are there, each text once', () => {
  const text = textOf([
    installed('@team/first', 'MIT', { LICENSE: 'MIT, by A', 'NOTICE.txt': 'Made by A' }),
    installed('second', 'MIT', { 'license.md': 'MIT, by A' }),
    installed('third', 'MIT-0'),
  ]);
  expect(text.split(`\n${'-'.repeat(80)}\n\n`)).toEqual([
    '@team/first 1.2.3 (MIT)\nsecond 1.2.3 (MIT)\n\nMIT, by A\n',
    '@team/first 1.2.3 (MIT)\n\nMade by A\n',
    'third 1.2.3 (MIT-0)\n\nLicensed under MIT-0.\n',
  ]);
});

test('the terms of the Apache License, which the project has as well, are there once', () => {
  const own = Buffer.from(licenseFiles([]).LICENSE!).toString();
  const theirs = own.replace(/\n/g, '\r\n').concat('\nCopyright 2018 Amazon.com, Inc.\n');
  expect(textOf([installed('sdk', 'Apache-2.0', { LICENSE: theirs })])).toBe(
    'sdk 1.2.3 (Apache-2.0)\n\nCopyright 2018 Amazon.com, Inc.\nThe text of the license is in the file LICENSE.\n',
  );
});

test('the project’s own files have no third party', () => {
  expect(Object.keys(licenseFiles(bundledPackages(['handlers/studio-domain.ts'])))).toEqual(['LICENSE']);
});

test.each([
  ['AGPL-3.0', 'AGPL-3.0'],
  [undefined, 'none'],
])('a package with the licence %s is not bundled', (license, shown) => {
  const input = installed('other', license);
  expect(() => bundledPackages([input])).toThrow(`Bundling other 1.2.3: its licence, ${shown}, is not one of 0BSD`);
});
