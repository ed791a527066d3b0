import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/**
 * Writes constant keys of the SDK's schemas as literals: `{ [_xN]: _m }` becomes `{ "xmlName": _m }`. esbuild keeps every
 * schema with a computed key, as the key's conversion to a text may have effects: 550 KB in the case of EC2.
 */
export const literalKeys: Plugin = {
  name: 'literal-keys',
  setup(build) {
    build.onLoad({ filter: /[\\/]schemas_\d+\.js$/ }, async ({ path }) => ({
      contents: withLiteralKeys(await readFile(path, 'utf8')),
      loader: 'js',
    }));
  },
};

export function withLiteralKeys(text: string): string {
  const constants = new Map([...text.matchAll(/^const (_\w+) = (".*");$/gm)].map(([, name, value]) => [name, value]));
  return text.replaceAll(/\[(_\w+)\]:/g, (key, name: string) =>
    constants.has(name) ? `${constants.get(name)}:` : key,
  );
}
