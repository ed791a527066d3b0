import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../handlers.ts';

/** A package of npm of which something is in a zip. */
export interface Bundled {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression. */
  readonly license: string;
  /** The texts of its licence and its notices; none where it has no such files. */
  readonly texts: readonly string[];
}

/** Licences that a bundle may have: permissive ones, whose texts and notices go along. */
const permissive = new Set(['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'MIT-0']);

/** The packages of npm that input files are of, by name and version. Inputs are paths from the root. */
export function bundledPackages(inputs: readonly string[]): Bundled[] {
  const folders = new Set(inputs.map(packageFolder).filter((folder) => folder !== undefined));
  const all = new Map([...folders].map(readPackage).map((one) => [idOf(one), one]));
  return [...all.values()].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
}

/** The innermost package in node_modules that has the file; undefined for the project's own. */
function packageFolder(input: string): string | undefined {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0];
}

function readPackage(folder: string): Bundled {
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Partial<Bundled>;
  const { name = '', version = '', license = '' } = manifest;
  if (!permissive.has(license)) {
    throw new Error(
      `Bundling ${name} ${version}: its licence, ${license || 'none'}, is not one of ${[...permissive].join(', ')}`,
    );
  }
  const files = readdirSync(join(root, folder)).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
  const texts = files.sort().map((file) => readFileSync(join(root, folder, file), 'utf8').trim());
  return { name, version, license, texts };
}

/**
 * The licence of the project, and each text of the bundled packages once, under the packages that it is of. The Apache
 * License, which is the project's own, is there once, with the others' lines of copyright.
 */
export function licenseFiles(packages: readonly Bundled[]): Record<string, Uint8Array> {
  const own = readFileSync(join(root, 'LICENSE'), 'utf8');
  const owners = new Map<string, string[]>();
  for (const one of packages) {
    const texts = one.texts.length > 0 ? one.texts : [`Licensed under ${one.license}.`];
    for (const text of texts.map((each) => withoutCopy(each, own))) {
      owners.set(text, [...(owners.get(text) ?? []), `${one.name} ${one.version} (${one.license})`]);
    }
  }
  const parts = [...owners].map(([text, names]) => `${names.join('\n')}\n\n${text}\n`);
  const others = parts.join(`\n${'-'.repeat(80)}\n\n`);
  return { LICENSE: Buffer.from(own), ...(others && { 'THIRD-PARTY-LICENSES': Buffer.from(others) }) };
}

/** A text with the terms of `own`: its copyright, and where the rest is. Appendices, which only say how to apply the license, differ. */
function withoutCopy(text: string, own: string): string {
  const terms = termsOf(text);
  if (terms === undefined || terms !== termsOf(own)) return text;
  const copyrights = [...text.matchAll(/^ *(Copyright .*\d{4}.*)$/gm)].map(([, line = '']) => line.trim());
  return [...copyrights, 'The text of the license is in the file LICENSE.'].join('\n');
}

function termsOf(text: string): string | undefined {
  const [, terms] = /1\. Definitions\.(.*?any such warranty or additional liability\.)/s.exec(text) ?? [];
  return terms?.split(/\s+/).filter(Boolean).join(' ');
}

function idOf({ name, version }: Bundled): string {
  return `${name}@${version}`;
}
