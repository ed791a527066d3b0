import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

/** The repository's root. */
export const root = join(import.meta.dirname, '..');

/** The handlers by their one name: `studio-domain` for handlers/studio-domain.ts. */
export function handlerNames(): string[] {
  return readdirSync(join(root, 'handlers'))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => basename(file, '.ts'))
    .sort();
}

/** The name as AWS spells such names: `StudioDomain` for `studio-domain`. */
export function pascalCase(name: string): string {
  return name.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());
}

/** The name as code spells it: `studioDomain` for `studio-domain`. */
export function camelCase(name: string): string {
  const pascal = pascalCase(name);
  return pascal[0]!.toLowerCase() + pascal.slice(1);
}

/** The zip that `npm run build` makes of a handler. */
export function zipPath(name: string): string {
  return join(root, 'dist', `${name}.zip`);
}

/** The source maps that `npm run build` makes with it. */
export function mapsPath(name: string): string {
  return join(root, 'dist', 'maps', `${name}.json`);
}
