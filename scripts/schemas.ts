/**
 * `npm run schemas` writes the schemas for editors and linters to dist/schemas, or to `--output DIRECTORY`; `--version V` names
 * another release in them.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './handlers.ts';
import { resourceDefinitions, schemaFiles } from './schemas/files.ts';

const { values } = parseArgs({ options: { version: { type: 'string' }, output: { type: 'string' } } });
const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const target = values.output ?? join(root, 'dist/schemas');
for (const { path, text } of schemaFiles(await resourceDefinitions(), values.version ?? own.version)) {
  const file = join(target, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.log(`${relative(root, file)}  ${(Buffer.byteLength(text) / 1024).toFixed(0)} KB`);
}
