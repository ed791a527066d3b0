import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Permission } from '@studio-resources/core';
import { checkArrows } from './check/arrows.ts';
import { checkNames } from './check/names.ts';
import { readProvider } from './check/provider.ts';
import { checkRole } from './check/roles.ts';
import { readSources } from './check/sources.ts';
import { handlerNames, pascalCase, root } from './handlers.ts';

/** The longest that Lambda lets a function run, in seconds. */
const lambdaTimeout = 900;

const sources = readSources();
const provider = readProvider(readFileSync(join(root, 'cloudformation/provider.yaml'), 'utf8'));
const problems = [...checkArrows(sources), ...checkNames(sources, provider)];

for (const name of handlerNames()) {
  const id = pascalCase(name);
  const declared = provider.functions.get(id);
  if (!declared) continue;
  const handler = (await import(join(root, 'handlers', `${name}.ts`))) as Record<string, { permissions: Permission[] }>;
  const resource = handler[id[0]!.toLowerCase() + id.slice(1)]!;
  problems.push(...checkRole(id, resource.permissions, declared.statements));
  if (!(declared.timeout <= lambdaTimeout)) problems.push(`provider.yaml: ${id} runs longer than ${lambdaTimeout} s`);
}

for (const problem of problems) console.error(problem);
console.log(
  problems.length === 0 ? 'check: the names, the arrows and the roles hold' : `check: ${problems.length} problems`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
