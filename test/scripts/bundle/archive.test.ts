import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { root } from '../../../scripts/handlers.ts';

const script = `
  const { archive } = await import('./scripts/bundle/archive.ts');
  const files = JSON.parse(process.argv[1]).map(([path, text]) => [path, Buffer.from(text)]);
  process.stdout.write(archive(Object.fromEntries(files)));
`;

/** A zip of these files as a machine in that time zone makes it. */
function zipIn(TZ: string, files: [string, string][]): Buffer {
  const args = ['--conditions=studio-resources', '--input-type=module', '--eval', script, JSON.stringify(files)];
  return execFileSync(process.execPath, args, { cwd: root, env: { ...process.env, TZ } });
}

const files: [string, string][] = [
  ['index.mjs', 'export {};'],
  ['LICENSE', 'text'],
  ['part/a.txt', 'a'],
];

test('the same files give the same bytes in every time zone and order', () => {
  const digests = [
    zipIn('Pacific/Kiritimati', files),
    zipIn('America/Los_Angeles', files.toReversed()),
    zipIn('UTC', files),
  ].map((zip) => createHash('sha256').update(zip).digest('hex'));
  expect(new Set(digests).size).toBe(1);
});

test('every file is one of Unix that all may read and none may run', () => {
  const zip = zipIn('UTC', files);
  const entries: { system: number; mode: string }[] = [];
  // The central directory of a zip: APPNOTE.TXT of PKWARE, 4.3.12.
  for (let at = zip.indexOf('PK\u0001\u0002'); at >= 0; at = zip.indexOf('PK\u0001\u0002', at + 4)) {
    entries.push({ system: zip[at + 5]!, mode: (zip.readUInt32LE(at + 38) >>> 16).toString(8) });
  }
  expect(entries).toEqual(files.map(() => ({ system: 3, mode: '100644' })));
});
