import { findIntrinsic, isMap } from '../../packages/local/src/cloudformation/template/intrinsics.ts';
import { evaluatedParts } from '../../packages/local/src/cloudformation/template/names.ts';
import { subArgument, subParts } from '../../packages/local/src/cloudformation/template/sub.ts';
import type { TemplateFile } from './files.ts';

/** A name that a template imports; `*` stands for substituted parts. */
export interface Import {
  name: string;
  /** The import's path in the template: `/Resources/Domain/Properties/ServiceToken`. */
  path: string;
}

/** Every name that a template imports from another stack, with its path. */
export function importsOf({ template }: TemplateFile): Import[] {
  const { resources, outputs } = template;
  return [
    ...[...resources.values()].flatMap((resource) =>
      [...evaluatedParts(resource)].flatMap(([part, value]) => [
        ...importsIn(value, `/Resources/${resource.logicalId}/${part}`),
      ]),
    ),
    ...[...outputs.values()].flatMap(({ name, value }) => [...importsIn(value, `/Outputs/${name}/Value`)]),
  ];
}

/** The names that a template exports; `*` stands for substituted parts. */
export function exportsOf({ template }: TemplateFile): string[] {
  return [...template.outputs.values()].flatMap(({ exportName }) => {
    return exportName === undefined ? [] : namesOf(exportName);
  });
}

/** Whether the two can be the same name. */
export function matches(imported: string, exported: string): boolean {
  const form = (name: string) => new RegExp(`^${name.replace(/[.\\+?^${}()|[\]]/g, '\\$&').replaceAll('*', '.*')}$`);
  return form(imported).test(exported) || form(exported).test(imported);
}

function* importsIn(value: unknown, path: string): Generator<Import> {
  const call = findIntrinsic(value);
  if (call?.name === 'Fn::ImportValue') for (const name of namesOf(call.argument)) yield { name, path };
  else if (Array.isArray(value))
    for (const [index, item] of value.entries()) yield* importsIn(item, `${path}/${index}`);
  else if (isMap(value)) for (const [key, member] of Object.entries(value)) yield* importsIn(member, `${path}/${key}`);
}

/** The name, or both that an `Fn::If` chooses from. */
function namesOf(value: unknown): string[] {
  const call = findIntrinsic(value);
  if (call?.name === 'Fn::If') return (call.argument as unknown[]).slice(1).flatMap(namesOf);
  if (call?.name === 'Fn::Sub') {
    const parts = subParts(subArgument(call.argument).text);
    return [parts.map((part) => ('text' in part ? part.text : '*')).join('')];
  }
  return [call ? '*' : String(value)];
}
