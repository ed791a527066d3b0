import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../handlers.ts';
import { type Names, namesOf, renamed } from './names.ts';

/**
 * What a new resource begins as: a thing of SageMaker's in a domain, with statuses, settings, tags and adoption. Copied,
 * and not kept as a text of its own, so that it follows every change of the packages.
 */
export const model = namesOf('studio-space');

/** The files of a new resource by their paths from the root: those of the model, renamed. */
export function copies(names: Names): Map<string, string> {
  const paths = [
    `handlers/${model.name}.ts`,
    `test/handlers/${model.subject}-subject.ts`,
    `test/handlers/${model.name}.test.ts`,
    `test/stacks/${model.name}.test.ts`,
    `cloudformation/examples/${model.name}.yaml`,
    `docs/examples/${model.name}.yaml`,
    `docs/examples/${model.name}-full.yaml`,
    `scripts/reference/resources/${model.name}.ts`,
  ];
  const own = paths.map((path): [string, string] => [
    renamed(path, model, names),
    renamed(readFileSync(join(root, path), 'utf8'), model, names),
  ]);
  const taken = own.find(([path]) => existsSync(join(root, path)));
  if (taken) throw new Error(`Beginning ${names.name}: there is ${taken[0]} already`);
  return new Map(own);
}

/** The files that have an entry for each resource, and how that of the model is found. */
const entries = new Map([
  ['scripts/reference/review/reach.ts', new RegExp(`^ {2}${model.id}: \\{\\n(?: {4}.*\\n)+ {2}\\},\\n`, 'm')],
  ['test/stacks/terraform.test.ts', new RegExp(`^ {2}'${model.name}': \\(\\) => \\{\\n(?: {4}.*\\n)+ {2}\\},\\n`, 'm')],
]);

/** Those files by their paths, with the entry of the model once more, for the new resource. */
export function entriesWith(names: Names): Map<string, string> {
  return new Map(
    [...entries].map(([path, pattern]) => {
      const text = readFileSync(join(root, path), 'utf8');
      const entry = pattern.exec(text)?.[0];
      if (entry === undefined) throw new Error(`Beginning ${names.name}: ${path} has no entry of ${model.name}`);
      return [path, text.replace(entry, () => entry + renamed(entry, model, names))];
    }),
  );
}
