import { AwsError } from '../../errors.ts';
import { evaluateBoolean } from './evaluate-boolean.ts';
import { conditionReferences } from './references.ts';
import type { ConditionScope, Scope } from './scope.ts';
import type { Template } from './template.ts';
import { evaluate } from './value.ts';

/** The value of each of the template's conditions. */
export async function evaluateConditions(
  template: Pick<Template, 'conditions' | 'mappings'>,
  scope: ConditionScope,
): Promise<Map<string, boolean>> {
  const conditions = new Map<string, boolean>();
  const known = beforeResources(template, scope, conditions);
  const decide = async (name: string): Promise<void> => {
    if (conditions.has(name)) return;
    const value = template.conditions.get(name);
    for (const { kind, name: needed } of conditionReferences(value, '', 'all')) {
      if (kind === 'condition') await decide(needed);
    }
    conditions.set(name, await evaluateBoolean(value, (inner) => evaluate(inner, known), conditions));
  };
  for (const name of template.conditions.keys()) await decide(name);
  return conditions;
}

/** A scope in which there are no resources, imports and secrets. */
export function beforeResources(
  { mappings }: Pick<Template, 'mappings'>,
  { parameters, pseudo, azs }: ConditionScope,
  conditions: ReadonlyMap<string, boolean> = new Map(),
): Scope {
  const refuse = (name: string): never => {
    throw new AwsError('ValidationError', `Template error: ${name} cannot be used before there are resources`);
  };
  return {
    parameters,
    pseudo,
    azs,
    mappings,
    conditions,
    ref: refuse,
    getAtt: refuse,
    importValue: refuse,
    // Conditions compare a dynamic reference as the text that it is.
    dynamic: async (service, key) => `{{resolve:${service}:${key}}}`,
  };
}
