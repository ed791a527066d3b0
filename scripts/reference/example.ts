import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../handlers.ts';

const folder = 'cloudformation/examples';

/** A resource in a template that the tests deploy. */
export interface Example {
  /** The template's path, from the repository's root. */
  path: string;
  /** The resource's text in the template. */
  text: string;
}

/** The first example that has a resource of that type. */
export function findExample(type: string): Example | undefined {
  const files = readdirSync(join(root, folder)).filter((file) => file.endsWith('.yaml'));
  for (const file of files.sort()) {
    const path = `${folder}/${file}`;
    const text = resourceIn(readFileSync(join(root, path), 'utf8').split('\n'), type);
    if (text) return { path, text };
  }
  return undefined;
}

/** The lines of the first resource of that type, without their common indentation. */
function resourceIn(lines: readonly string[], type: string): string | undefined {
  const at = lines.indexOf(`    Type: ${type}`);
  if (at < 0) return undefined;
  const isOuter = (line: string) => /^ {0,2}\S/.test(line);
  const first = lines.findLastIndex((line, index) => index < at && isOuter(line));
  const after = lines.findIndex((line, index) => index > at && isOuter(line));
  const own = lines.slice(first, after < 0 ? undefined : after).map((line) => line.slice(2));
  return own.join('\n').trimEnd().replace(chosenImport, importOfDefault);
}

/** An import from the provider that a parameter chooses, by the default one's name first. */
const chosenImport =
  /!ImportValue\n +Fn::If:(?: \[|\s+- )HasDefaultProvider(?:, |\s+- )((?:!Sub )?[\w${}-]+)[^\n]*(?:\n +- .*)?/;

/** Imports from the default provider, which most readers have. */
function importOfDefault(_: string, name: string): string {
  return name.startsWith('!Sub ')
    ? `!ImportValue { 'Fn::Sub': '${name.slice('!Sub '.length)}' }`
    : `!ImportValue ${name}`;
}
