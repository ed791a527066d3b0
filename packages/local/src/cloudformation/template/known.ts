import { beforeResources } from './conditions.ts';
import { findIntrinsic, isMap } from './intrinsics.ts';
import { evaluatedParts } from './names.ts';
import { references } from './references.ts';
import type { ConditionScope, Scope } from './scope.ts';
import type { Template } from './template.ts';
import { evaluate } from './value.ts';

/**
 * Evaluates, of the resources and outputs that exist under the conditions, every function that depends on no resource
 * and on no other stack, so that its error shows before anything is created: a key that is in no mapping, an index
 * outside of a list.
 *
 * Throws what `evaluate` throws.
 */
export async function checkKnownValues(
  template: Template,
  conditions: ReadonlyMap<string, boolean>,
  scope: ConditionScope,
): Promise<void> {
  const known = beforeResources(template, scope, conditions);
  const exists = ({ condition }: { condition?: string }) =>
    condition === undefined || conditions.get(condition) === true;
  for (const resource of [...template.resources.values()].filter(exists)) {
    for (const [, value] of evaluatedParts(resource)) await check(value, template, known);
  }
  for (const { value, exportName } of [...template.outputs.values()].filter(exists)) {
    await check([value, exportName], template, known);
  }
}

async function check(value: unknown, template: Template, known: Scope): Promise<void> {
  const call = findIntrinsic(value);
  if (call && isKnown(value, template, known)) {
    await evaluate(value, known);
  } else if (call?.name === 'Fn::If') {
    const [condition, yes, no] = call.argument as unknown[];
    await check(known.conditions.get(String(condition)) ? yes : no, template, known);
  } else if (Array.isArray(value)) {
    for (const item of value) await check(item, template, known);
  } else if (isMap(value)) {
    for (const member of Object.values(value)) await check(member, template, known);
  }
}

function isKnown(value: unknown, { resources }: Template, { conditions }: Scope): boolean {
  for (const { kind, name } of references(value, '', conditions)) {
    if (kind === 'attribute' || (kind === 'value' && resources.has(name))) return false;
  }
  return !JSON.stringify(value).includes('"Fn::ImportValue"');
}
