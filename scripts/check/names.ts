import { camelCase, pascalCase } from '../handlers.ts';
import type { ProviderTemplate } from './provider.ts';
import type { Source } from './sources.ts';

const vague = /(^|\/)(utils?|helpers?|common|misc)(\/|\.ts$|-)/;

/** Where a handler's one name is missing or spelled otherwise, and paths that name nothing. */
export function checkNames(sources: Source[], provider: ProviderTemplate): string[] {
  const paths = new Set(sources.map(({ path }) => path));
  const handlers = sources.filter(({ path }) => /^handlers\/[^/]+\.ts$/.test(path));
  const names = handlers.map(({ path }) => path.slice('handlers/'.length, -'.ts'.length));
  const problems = [...paths].filter((path) => vague.test(path)).map((path) => `${path}: name it after what it is`);

  for (const { path, text } of handlers) {
    const name = path.slice('handlers/'.length, -'.ts'.length);
    const id = pascalCase(name);
    const wanted: [boolean, string][] = [
      ...(isResponder(text) ? [] : asResource(name, text, provider)),
      [paths.has(`test/handlers/${name}.test.ts`), `test/handlers/${name}.test.ts is missing`],
      [
        provider.functions.get(id)?.key.endsWith(`${name}.zip`) ?? false,
        `provider.yaml has no function ${id} from ${name}.zip`,
      ],
    ];
    for (const [right, problem] of wanted) if (!right) problems.push(`${path}: ${problem}`);
  }
  for (const [id, { template }] of provider.functions) {
    if (!names.some((name) => pascalCase(name) === id)) problems.push(`${template}: the function ${id} is no handler`);
  }
  return problems;
}

/** The one handler that is no resource, and that no template names. */
export function isResponder(text: string): boolean {
  return text.includes('export const handler = respond;');
}

function asResource(name: string, text: string, provider: ProviderTemplate): [boolean, string][] {
  const [id, resource] = [pascalCase(name), camelCase(name)];
  return [
    [text.includes(`'Custom::${id}'`), `its type is not Custom::${id}`],
    [text.includes(`export const ${resource}`), `it exports no ${resource}`],
    [
      new RegExp(`export const handler = serve\\(${resource}[,)]`).test(text),
      `it has no "export const handler = serve(${resource})"`,
    ],
    [provider.outputs.has(`${id}ServiceToken`), `provider.yaml has no output ${id}ServiceToken`],
  ];
}
