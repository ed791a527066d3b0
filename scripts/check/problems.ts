import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { handlerNames, pascalCase, root } from '../handlers.ts';
import { permissionsOf } from '../permissions/declared.ts';
import { definitionOf } from '../reference/definition.ts';
import { resourceNames } from '../reference/definitions.ts';
import { orphans, pages } from '../reference/pages.ts';
import { pagePath, resourcePage } from '../reference/resource/page.ts';
import { readTemplateFiles, type TemplateFile } from '../templates/files.ts';
import { checkArrows } from './arrows.ts';
import { checkByCfnLint } from './cfn-lint.ts';
import { checkCircles } from './circles.ts';
import { customResourcesOf } from './custom-resources.ts';
import { checkDocumentedYaml } from './documented-yaml.ts';
import { shown } from './findings.ts';
import { checkNames } from './names.ts';
import { installing, type ProviderTemplate, readTemplates } from './provider.ts';
import { ResultCache } from './result-cache.ts';
import { checkRole } from './roles.ts';
import { checkSizes } from './sizes.ts';
import { readSources, type Source } from './sources.ts';
import { checkTemplates } from './templates.ts';
import { checkUnanswered } from './unanswered.ts';
import { checkWords } from './words.ts';

/**
 * Where the repository breaks its rules; of some handlers, where they do: their names, arrows and roles, the templates
 * that use them, their pages of the reference. `note` gets what could not be checked.
 */
export async function problems(names: readonly string[] = [], note: (text: string) => void = () => {}) {
  const isPart = names.length > 0;
  const handlers = isPart ? names : handlerNames();
  const sources = readSources();
  const own = isPart ? sources.filter(({ path }) => belongs(path, names)) : sources;
  const provider = readProviders(isPart ? new Set(names.map(pascalCase)) : undefined);
  const found = [...checkArrows(own), ...checkNames(own, provider), ...checkUnanswered(provider)];
  // These rules are about all files together, not about one handler.
  if (!isPart) {
    found.push(...checkCircles(sources), ...checkSizes(sources), ...checkWords(sources));
    found.push(...checkDocumentedYaml(sources));
    // It loads the schemas of SageMaker's client.
    const { checkGuardrails, sagemakerActions } = await import('./guardrails.ts');
    found.push(...checkGuardrails(await sagemakerActions()));
  }
  for (const name of handlers) {
    const id = pascalCase(name);
    const declared = provider.functions.get(id);
    if (declared) found.push(...checkRole(id, await permissionsOf(name), declared.statements, declared.template));
  }

  const resources = resourceNames();
  const definitions = await Promise.all(resources.map(definitionOf));
  const wanted = definitions.filter((_, index) => handlers.includes(resources[index]!));
  const read = readTemplateFiles(sources);
  const isWanted = (file: TemplateFile) => !isPart || customResourcesOf(file, wanted).size > 0;
  const cache = new ResultCache();
  // It is a process of its own, which runs beside the rest.
  const linting = checkByCfnLint(read.files.filter(isWanted), { all: read.files, cache });
  found.push(...shown(await checkTemplates(read, definitions, { isWanted, cache })));
  const linted = await linting;
  if (!linted) note('cfn-lint is not installed, so it has not looked at the templates');
  found.push(...shown(linted ?? []));
  if (!isPart) cache.prune();

  const stale = isPart
    ? await staleResourcePages(
        sources,
        resources.filter((name) => handlers.includes(name)),
      )
    : await stalePages(sources, read.files);
  return [...found, ...stale.map((what) => `${what} is not what the definitions and the templates say; ${remedy}`)];
}

const remedy = 'write it with npm run reference';

/** Is a file part of one of these handlers, or its test? */
function belongs(path: string, names: readonly string[]): boolean {
  return names.some(
    (name) =>
      [`handlers/${name}.ts`, `test/handlers/${name}.test.ts`].includes(path) || path.startsWith(`handlers/${name}/`),
  );
}

function readProviders(ids?: ReadonlySet<string>): ProviderTemplate {
  const texts = installing.map((name) => ({ name, text: readFileSync(join(root, 'cloudformation', name), 'utf8') }));
  const provider = readTemplates(texts);
  if (!ids) return provider;
  return { ...provider, functions: new Map([...provider.functions].filter(([id]) => ids.has(id))) };
}

/** The pages of these handlers that are not current. */
async function staleResourcePages(sources: readonly Source[], names: readonly string[]): Promise<string[]> {
  const textAt = new Map(sources.map(({ path, text }) => [path, text]));
  const stale = await Promise.all(
    names.map(async (name) => {
      const path = pagePath(name);
      return textAt.get(path) === (await resourcePage(name, await definitionOf(name))) ? [] : [path];
    }),
  );
  return stale.flat();
}

async function stalePages(sources: readonly Source[], files: readonly TemplateFile[]): Promise<string[]> {
  const written = await pages(files);
  const textAt = new Map(sources.map(({ path, text }) => [path, text]));
  const changed = [...written].flatMap(([path, text]) => (textAt.get(path) === text ? [] : [path]));
  return [...changed, ...orphans(sources, written)];
}
