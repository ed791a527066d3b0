import { AwsError } from '../../errors.ts';
import { evaluate, type Scope } from './evaluate.ts';
import { findBoolean } from './intrinsics.ts';
import { sameValue } from './properties.ts';
import { conditionReferences } from './references.ts';
import type { Template } from './template.ts';

/** What conditions and rules can look at: all that is known before the first resource exists. */
export type ConditionScope = Pick<Scope, 'parameters' | 'pseudo' | 'azs'>;

/** The value of each of the template's conditions. */
export async function evaluateConditions(template: Template, scope: ConditionScope): Promise<Map<string, boolean>> {
  const conditions = new Map<string, boolean>();
  const known = beforeResources(template, scope, conditions);
  const decide = async (name: string): Promise<void> => {
    if (conditions.has(name)) return;
    const value = template.conditions.get(name);
    for (const { kind, name: needed } of conditionReferences(value, '', 'all')) {
      if (kind === 'condition') await decide(needed);
    }
    conditions.set(
      name,
      await truth(
        value,
        (inner) => evaluate(inner, known),
        (other) => conditions.get(other),
      ),
    );
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

/** The boolean that a condition's value is. `evaluated` evaluates an operand, `condition` finds another condition. */
export async function truth(
  value: unknown,
  evaluated: (operand: unknown) => Promise<unknown>,
  condition: (name: string) => boolean | undefined,
): Promise<boolean> {
  const call = findBoolean(value);
  const operands = call?.argument as unknown[];
  switch (call?.name) {
    case 'Condition':
      return condition(String(call.argument)) === true;
    case 'Fn::And':
      for (const operand of operands) if (!(await truth(operand, evaluated, condition))) return false;
      return true;
    case 'Fn::Or':
      for (const operand of operands) if (await truth(operand, evaluated, condition)) return true;
      return false;
    case 'Fn::Not':
      return !(await truth(operands[0], evaluated, condition));
    case 'Fn::Equals':
      return sameValue(await evaluated(operands[0]), await evaluated(operands[1]));
    default: {
      const result = String(await evaluated(value));
      if (result !== 'true' && result !== 'false') {
        throw new AwsError('ValidationError', `Template error: a condition must be true or false, not ${result}`);
      }
      return result === 'true';
    }
  }
}
