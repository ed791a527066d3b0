import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../handlers.ts';

const comment = String.raw`\/\*\*((?:[^*]|\*(?!\/))*)\*\/\s*`;

/** The sources of a handler, as one text: its file, and the files in the folder of its name. */
export function sourcesOf(name: string): string {
  const folder = join(root, 'handlers', name);
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.ts')) : [];
  const parts = files.map((file) => join(folder, file));
  return [join(root, 'handlers', `${name}.ts`), ...parts].map((path) => readFileSync(path, 'utf8')).join('\n');
}

/** The own page of a handler, relative to `handlers`. */
export function pageOf(name: string): string | undefined {
  const path = `${name}/README.md`;
  return existsSync(join(root, 'handlers', path)) ? path : undefined;
}

/** The comment above an exported constant; undefined if there is none. */
export function summaryOf(source: string, name: string): string | undefined {
  const found = new RegExp(`${comment}export const ${name}\\b`).exec(source);
  return found ? plain(found[1]!) : undefined;
}

/** The first comment above a member of that name. */
export function documentationOf(sources: string, member: string): string | undefined {
  const found = new RegExp(`${comment}${member}: `).exec(sources);
  return found ? plain(found[1]!) : undefined;
}

/** The API operations whose input a schema derives from: `CreateDomain`. */
export function operationsOf(sources: string): string[] {
  return [...new Set([...sources.matchAll(/\b(\w+)Request\$/g)].map(([, name]) => name!))];
}

/**
 * What a property is for, as its comment says, or the operation of the API that it comes from.
 *
 * @throws Error if neither says it
 */
export function propertyText(property: string, { sources, type }: { sources: string; type: string }): string {
  const from = operationsOf(sources);
  const text = documentationOf(sources, property) ?? (from.length > 0 ? `As in ${from.join(' or ')}.` : undefined);
  if (!text) throw new Error(`Describing ${type}: put a comment above ${property}`);
  return text;
}

/** A comment without its stars, as one line. */
function plain(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim().replace(/^\*\s?/, ''))
    .join(' ')
    .trim();
}

/** Where AWS describes a structure or an operation. */
export function apiPage(name: string): string {
  return `https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_${name}.html`;
}
