/**
 * Puts the functions' zips into `dist`, and the parameters that tell template.yaml their names into
 * `dist/parameters.json`. A name has the SHA-256 of what is in the zip: changed code is another S3 key, so that an update
 * of the stack deploys it.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { zipSync } from 'fflate';
import { settings } from './esbuild.ts';

const { outputFiles } = await build(settings);
const code = outputFiles[0]!.contents;
// Lambda reads the file as another user; the time is fixed, so that the same code gives the same zip.
const attributes = { os: 3, attrs: 0o100644 << 16, mtime: new Date(2020, 0, 1) };
const zip = zipSync({ 'index.mjs': [code, attributes] });
const responder = await readFile(fileURLToPath(import.meta.resolve('@studio-resources/core/responder.zip')));

const name = (base: string, bytes: Uint8Array) =>
  `${base}-${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}.zip`;
const parameters = {
  SecureParameterZip: name('secure-parameter', code),
  ResponderZip: name('responder', responder),
};
await rm('dist', { recursive: true, force: true });
await mkdir('dist');
await writeFile(`dist/${parameters.SecureParameterZip}`, zip);
await writeFile(`dist/${parameters.ResponderZip}`, responder);
await writeFile('dist/parameters.json', `${JSON.stringify(parameters, null, 2)}\n`);
for (const file of Object.values(parameters)) console.log(`dist/${file}`);
