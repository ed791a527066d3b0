import { pascalCase } from '../handlers.ts';
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
    const type = pascalCase(name);
    const resource = type[0]!.toLowerCase() + type.slice(1);
    const wanted: [boolean, string][] = [
      [text.includes(`'Custom::${type}'`), `its type is not Custom::${type}`],
      [text.includes(`export const ${resource}`), `it exports no ${resource}`],
      [
        text.includes(`export const handler = serve(${resource})`),
        `it has no "export const handler = serve(${resource})"`,
      ],
      [paths.has(`test/handlers/${name}.test.ts`), `test/handlers/${name}.test.ts is missing`],
      [
        provider.functions.get(type)?.key.endsWith(`${name}.zip`) ?? false,
        `provider.yaml has no function ${type} from ${name}.zip`,
      ],
      [provider.outputs.has(`${type}ServiceToken`), `provider.yaml has no output ${type}ServiceToken`],
    ];
    for (const [right, problem] of wanted) if (!right) problems.push(`${path}: ${problem}`);
  }
  for (const id of provider.functions.keys()) {
    if (!names.some((name) => pascalCase(name) === id))
      problems.push(`provider.yaml: the function ${id} is no handler`);
  }
  return problems;
}
