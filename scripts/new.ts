/**
 * `npm run new -- studio-thing` begins a resource: its handler, tests, example, entry in provider.yaml and reference.
 * `npm run new -- --standalone ../my-resource` begins a project of its own, outside of this repository.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readSizes, sizesPath, writeSizes } from './bundle/recorded-sizes.ts';
import { readSources } from './check/sources.ts';
import { handlerNames, root } from './handlers.ts';
import { copies, entriesWith, model } from './new/copies.ts';
import { namesOf } from './new/names.ts';
import { withEntry } from './new/provider-entry.ts';
import { type UsedRights, usedRightsPath, writeUsedRights } from './rights/used.ts';

const provider = 'cloudformation/provider.yaml';

const usage = 'npm run new -- studio-thing, or npm run new -- --standalone ../my-resource';

async function begin(name: string | undefined): Promise<void> {
  if (!name || !/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/.test(name)) {
    const given = name === undefined ? 'no name is given' : `"${name}" is no name of a resource`;
    throw new Error(`Beginning a resource: ${given}; give it a name such as studio-thing: ${usage}`);
  }
  if (handlerNames().includes(name))
    throw new Error(`Beginning ${name}: there is handlers/${name}.ts already; give another name`);
  const names = namesOf(name);
  const files = copies(names);
  const withFunction = withEntry(readFileSync(join(root, provider), 'utf8'), names);
  const described = entriesWith(names);
  for (const [path, text] of [...files, ...described]) writeFileSync(join(root, path), text);
  writeFileSync(join(root, provider), withFunction);
  format([...files.keys(), ...described.keys()].filter((path) => path.endsWith('.ts')));
  // It is as large as the model, and calls what that calls, until both are recorded.
  const sizes = readSizes();
  writeSizes({ ...sizes, [name]: sizes[model.name] ?? 0 });
  const used: UsedRights = JSON.parse(readFileSync(usedRightsPath, 'utf8'));
  writeUsedRights({ ...used, [`${names.id}Role`]: used[`${model.id}Role`] ?? [] });

  // It reads the definitions, so the new one has to be there.
  const { pages, writePage } = await import('./reference/pages.ts');
  const { readTemplateFiles } = await import('./templates/files.ts');
  const sources = readSources();
  const before = new Map(sources.map(({ path, text }) => [path, text]));
  const changed = [...(await pages(readTemplateFiles(sources).files))].filter(
    ([path, text]) => before.get(path) !== text,
  );
  for (const [path, text] of changed) writePage(path, text);
  const written = [
    ...files.keys(),
    provider,
    ...described.keys(),
    relative(root, usedRightsPath),
    relative(root, sizesPath),
  ];
  for (const path of [...written, ...changed.map(([path]) => path)]) console.log(path);
  console.log(`
It creates a space, as ${model.name} does, until you change its handler, subject, tests and example. Then:
  npm run permissions && npm run reference && npm run build -- --record-sizes
  mkdir -p recorded && RECORD_TO=$PWD/recorded npm run jest -- ${name} && npm run rights -- recorded/*.jsonl
  npm test`);
}

/** How long a name is decides where lines break. */
function format(paths: string[]): void {
  execFileSync(join(root, 'node_modules/.bin/biome'), ['check', '--write', ...paths], { cwd: root, stdio: 'pipe' });
}

/** A relative path is meant from where npm was called; npm itself goes to the root. */
async function beginStandalone(directory: string): Promise<void> {
  const to = resolve(process.env.INIT_CWD ?? '.', directory);
  if (dirname(to) === join(root, 'packages')) {
    throw new Error(
      `Beginning ${to}: npm takes what is in packages/ as a part of this repository; name another folder`,
    );
  }
  const { beginProject } = await import('../packages/core/src/starter.ts');
  console.log(await beginProject(to, { packages: pack }));
}

/** Packs packages/core and packages/local as they are here; gives the directory. */
function pack(): string {
  console.log('Packing packages/core and packages/local, half a minute …');
  execFileSync('npm', ['run', '--silent', 'pack'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  return join(root, 'dist');
}

try {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { standalone: { type: 'boolean' } } });
  const [name, ...others] = positionals;
  if (others.length > 0) throw new Error(`Beginning a resource: ${others[0]} is one name too many: ${usage}`);
  await (values.standalone ? beginStandalone(name ?? '.') : begin(name));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
