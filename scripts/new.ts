/** `npm run new -- studio-thing` begins a resource: its handler, test, example, entry in provider.yaml and reference. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSources } from './check/sources.ts';
import { camelCase, handlerNames, pascalCase, root } from './handlers.ts';
import { example, exampleTest } from './new/example.ts';
import { handler } from './new/handler.ts';
import { withEntry } from './new/provider-entry.ts';
import { unitTest } from './new/unit-test.ts';

const provider = 'cloudformation/provider.yaml';

async function begin(name: string | undefined): Promise<void> {
  if (!name || !/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/.test(name)) {
    throw new Error('Beginning a resource: give it a name such as studio-thing: npm run new -- studio-thing');
  }
  if (handlerNames().includes(name)) throw new Error(`Beginning ${name}: there is handlers/${name}.ts already`);
  const names = { name, id: pascalCase(name), exported: camelCase(name) };
  const files = {
    [`handlers/${name}.ts`]: handler(names),
    [`test/handlers/${name}.test.ts`]: unitTest(names),
    [`test/stacks/${name}.test.ts`]: exampleTest(names),
    [`cloudformation/examples/${name}.yaml`]: example(names),
  };
  const taken = Object.keys(files).find((path) => existsSync(join(root, path)));
  if (taken) throw new Error(`Beginning ${name}: there is ${taken} already`);
  for (const [path, text] of Object.entries(files)) writeFileSync(join(root, path), text);
  writeFileSync(join(root, provider), withEntry(readFileSync(join(root, provider), 'utf8'), names));
  format(Object.keys(files).filter((path) => path.endsWith('.ts')));
  // It reads the definitions, so the new one has to be there.
  const { pages } = await import('./reference/pages.ts');
  const { readTemplateFiles } = await import('./templates/files.ts');
  const sources = readSources();
  const before = new Map(sources.map(({ path, text }) => [path, text]));
  const changed = [...(await pages(readTemplateFiles(sources).files))].filter(
    ([path, text]) => before.get(path) !== text,
  );
  for (const [path, text] of changed) writeFileSync(join(root, path), text);
  for (const path of [...Object.keys(files), provider, ...changed.map(([path]) => path)]) console.log(path);
  console.log(`\nIt keeps a text until it keeps what you want. Then: npm run reference && npm test`);
}

/** How long a name is decides where lines break. */
function format(paths: string[]): void {
  execFileSync(join(root, 'node_modules/.bin/biome'), ['format', '--write', ...paths], { cwd: root, stdio: 'pipe' });
}

try {
  await begin(process.argv[2]);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
