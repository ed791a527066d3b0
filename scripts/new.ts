/** `npm run new -- studio-thing` begins a resource: its handler, tests, example, entry in provider.yaml and reference. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readSizes, sizesPath, writeSizes } from './bundle/recorded-sizes.ts';
import { readSources } from './check/sources.ts';
import { handlerNames, root } from './handlers.ts';
import { copies, entriesWith, model } from './new/copies.ts';
import { namesOf } from './new/names.ts';
import { withEntry } from './new/provider-entry.ts';
import { type UsedRights, usedRightsPath, writeUsedRights } from './rights/used.ts';

const provider = 'cloudformation/provider.yaml';

async function begin(name: string | undefined): Promise<void> {
  if (!name || !/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/.test(name)) {
    throw new Error('Beginning a resource: give it a name such as studio-thing: npm run new -- studio-thing');
  }
  if (handlerNames().includes(name)) throw new Error(`Beginning ${name}: there is handlers/${name}.ts already`);
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
  const { pages } = await import('./reference/pages.ts');
  const { readTemplateFiles } = await import('./templates/files.ts');
  const sources = readSources();
  const before = new Map(sources.map(({ path, text }) => [path, text]));
  const changed = [...(await pages(readTemplateFiles(sources).files))].filter(
    ([path, text]) => before.get(path) !== text,
  );
  for (const [path, text] of changed) writeFileSync(join(root, path), text);
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

try {
  await begin(process.argv[2]);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
