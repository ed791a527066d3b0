import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Permission, runtimePermissions } from '@studio-resources/core';
import { checkArrows } from './check/arrows.ts';
import { checkByCfnLint } from './check/cfn-lint.ts';
import { shown } from './check/findings.ts';
import { checkNames, isResponder } from './check/names.ts';
import { readTemplates } from './check/provider.ts';
import { checkRole } from './check/roles.ts';
import { readSources } from './check/sources.ts';
import { checkTemplates } from './check/templates.ts';
import { checkUnanswered } from './check/unanswered.ts';
import { camelCase, handlerNames, pascalCase, root } from './handlers.ts';
import { definitionOf } from './reference/definition.ts';
import { orphans, pages } from './reference/pages.ts';
import { templatePaths } from './templates/files.ts';

const sources = readSources();
/** What installs handlers. A function that mounts a file system is not for every account, and so not in the first. */
const templates = ['provider.yaml', 'home-seed.yaml'];
const provider = readTemplates(
  templates.map((name) => ({ name, text: readFileSync(join(root, 'cloudformation', name), 'utf8') })),
);
const problems = [...checkArrows(sources), ...checkNames(sources, provider), ...checkUnanswered(provider)];

for (const name of handlerNames()) {
  const id = pascalCase(name);
  const declared = provider.functions.get(id);
  if (!declared) continue;
  problems.push(...checkRole(id, await permissionsOf(name), declared.statements, declared.template));
}

const resources = handlerNames().filter((name) => !isResponder(textOf(name)));
const definitions = await Promise.all(resources.map(definitionOf));
// It is a process of its own, which runs beside the rest.
const linting = checkByCfnLint(templatePaths(sources));
problems.push(...shown(await checkTemplates(sources, definitions)));
const linted = await linting;
if (!linted) console.log('check: cfn-lint is not installed, so it has not looked at the templates');
problems.push(...shown(linted ?? []));

const written = await pages(sources);
const textAt = new Map(sources.map(({ path, text }) => [path, text]));
const stale = [...written].flatMap(([path, text]) => (textAt.get(path) === text ? [] : [path]));
for (const path of [...stale, ...orphans(sources, written)]) {
  problems.push(`${path} is not what the definitions and the templates say; write it with npm run reference`);
}

/** What a handler's role has to grant: what its resource declares, and what the runtime needs. */
async function permissionsOf(name: string): Promise<readonly Permission[]> {
  if (isResponder(textOf(name))) return [];
  const handler = (await import(join(root, 'handlers', `${name}.ts`))) as Record<string, { permissions: Permission[] }>;
  return [...handler[camelCase(name)]!.permissions, ...runtimePermissions];
}

function textOf(name: string): string {
  return readFileSync(join(root, 'handlers', `${name}.ts`), 'utf8');
}

for (const problem of problems) console.error(problem);
console.log(
  problems.length === 0
    ? 'check: the names, the arrows, the roles and the reference hold'
    : `check: ${problems.length} problems`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
