#!/usr/bin/env node
/** `npx @studio-resources/core new my-resource` begins a project with a custom resource. */
import { parseArgs } from 'node:util';
import { beginProject } from './starter.ts';

const usage = 'npx @studio-resources/core new my-resource [--packages DIRECTORY]';

try {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { packages: { type: 'string' } } });
  const [command, directory, ...others] = positionals;
  if (command !== 'new' || directory === undefined || others.length > 0) {
    throw new Error(`Reading the command line: it takes a name, or a folder: ${usage}`);
  }
  console.log(await beginProject(directory, values));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
