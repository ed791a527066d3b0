import { readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { buildZips } from './build-zips.ts';
import { sizeProblems, writeSizes } from './bundle/recorded-sizes.ts';
import { type Content, sbomOf } from './bundle/sbom.ts';
import { root } from './handlers.ts';

const kilobytes = (bytes: number) => `${(bytes / 1024).toFixed(0)} KB`;

const { values } = parseArgs({ options: { 'record-sizes': { type: 'boolean' } } });
const sizes: Record<string, number> = {};
const contents: Content[] = [];
for await (const { path, zip, start, packages } of buildZips()) {
  contents.push({ path: relative('dist', path), zip: await readFile(join(root, path)), packages });
  console.log(`${path}  ${kilobytes(zip)}${start === undefined ? '' : ` (loads ${kilobytes(start)} at start)`}`);
  if (start !== undefined) sizes[path.replace(/^dist\/|\.zip$/g, '')] = zip;
}
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
await writeFile(join(root, 'dist/sbom.cdx.json'), sbomOf(contents, version));
if (values['record-sizes']) writeSizes(sizes);
const problems = sizeProblems(sizes);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
