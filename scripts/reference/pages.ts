import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { installing, readProvider } from '../check/provider.ts';
import type { Source } from '../check/sources.ts';
import { factsPage } from '../conform/page.ts';
import { topics } from '../conform/scenarios/index.ts';
import { constructFiles, constructPath } from '../constructs/files.ts';
import { root } from '../handlers.ts';
import { constraintsModule, constraintsPath } from '../schemas/constraints.ts';
import type { TemplateFile } from '../templates/files.ts';
import { pageName, templatePages } from '../templates/pages.ts';
import { moduleName, terraformModules } from '../terraform/modules.ts';
import { withPhases } from './architecture.ts';
import { definitions, resourceNames } from './definitions.ts';
import { indexPage } from './index-page.ts';
import { pagePath, resourcePage, resourcePageName } from './resource/page.ts';
import { reviewPage } from './review/page.ts';

/** Every page that is generated as a whole or in part, and every generated file of packages/cdk, by its path from the root. */
export async function pages(files: readonly TemplateFile[]): Promise<Map<string, string>> {
  return new Map([
    ['handlers/README.md', await indexPage()],
    ...(await resourcePages()),
    ['ARCHITECTURE.md', withPhases(readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8'))],
    ['cloudformation/SECURITY-REVIEW.md', await review(files)],
    ['packages/local/FACTS.md', factsPage(topics)],
    [constraintsPath, constraintsModule((await definitions()).map(({ sources }) => sources))],
    ...templatePages(files),
    ...(await terraformModules(files)),
    ...(await constructFiles(files)),
  ]);
}

/** Writes a page, with the folder that it is in. */
export function writePage(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** A page for each resource. */
async function resourcePages(): Promise<[path: string, text: string][]> {
  const names = resourceNames();
  const all = await definitions();
  return Promise.all(
    names.map(async (name, place) => [pagePath(name), await resourcePage(name, all[place]!)] as const),
  ).then((pages) => pages.map(([path, text]) => [path, text]));
}

/** Who can do what, from the templates that install handlers. */
function review(files: readonly TemplateFile[]): Promise<string> {
  const templates = installing.flatMap((name) => {
    const file = files.find(({ path }) => path === `cloudformation/${name}`);
    return file ? [{ ...file, functions: readProvider(file.text, name).functions }] : [];
  });
  return reviewPage(templates, (name) => readFileSync(join(root, 'handlers', `${name}.ts`), 'utf8'));
}

/** The pages, modules and constructs of these sources whose template or handler no longer exists. */
export function orphans(sources: readonly Source[], wanted: ReadonlyMap<string, string>): string[] {
  const generated = [pageName, resourcePageName, moduleName, constructPath];
  const isGenerated = (path: string) => generated.some((name) => name.test(path));
  return sources.map(({ path }) => path).filter((path) => isGenerated(path) && !wanted.has(path));
}
