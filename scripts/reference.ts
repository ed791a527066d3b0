/**
 * `npm run reference` generates the pages about resources and templates, their modules of Terraform and their CDK constructs;
 * `npm run check` reports outdated ones.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readSources } from './check/sources.ts';
import { root } from './handlers.ts';
import { orphans, pages, writePage } from './reference/pages.ts';
import { readTemplateFiles } from './templates/files.ts';

const sources = readSources();
const written = await pages(readTemplateFiles(sources).files);
for (const [path, text] of written) writePage(path, text);
for (const path of orphans(sources, written)) rmSync(join(root, path));
