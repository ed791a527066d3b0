import { AwsError } from '../../errors.ts';
import { beforeResources } from './conditions.ts';
import { evaluateBoolean } from './evaluate-boolean.ts';
import { list } from './functions.ts';
import { sameValue } from './properties.ts';
import type { ConditionScope, PlaceFunctions } from './scope.ts';
import type { Template } from './template.ts';
import { evaluate } from './value.ts';

/** An attribute of what a parameter's value names: `VpcId` of the subnet `subnet-1`, `Tags.Team` of a VPC. */
export type ParameterAttributes = (type: string, value: string, attribute: string) => Promise<string | undefined>;

/**
 * Checks the template's rules against the parameters. `attributes` is what `Fn::ValueOf` and `Fn::ValueOfAll` ask; an
 * attribute that is not known is empty.
 *
 * Throws `ValidationError` with the descriptions of the assertions that fail.
 */
export async function evaluateRules(
  template: Template,
  scope: ConditionScope,
  attributes: ParameterAttributes = async () => undefined,
): Promise<void> {
  const before = beforeResources(template, scope);
  const functions = ruleFunctions(template, scope, attributes, evaluated);
  function evaluated(operand: unknown): Promise<unknown> {
    return evaluate(operand, before, functions);
  }
  const holds = (value: unknown) => evaluateBoolean(value, evaluated, before.conditions);
  const failed: string[] = [];
  for (const { name, condition, assertions } of template.rules.values()) {
    if (condition !== undefined && !(await holds(condition))) continue;
    for (const { assert, description } of assertions) {
      if (!(await holds(assert))) failed.push(description ?? `An assertion of the rule ${name} failed`);
    }
  }
  if (failed.length > 0) throw new AwsError('ValidationError', failed.join('; '));
}

function ruleFunctions(
  { parameters }: Template,
  scope: ConditionScope,
  attributes: ParameterAttributes,
  evaluated: (operand: unknown) => Promise<unknown>,
): PlaceFunctions {
  const valuesOf = (name: string) => [scope.parameters.get(name) ?? []].flat();
  const isIn = (values: unknown[], sought: unknown) => values.some((value) => sameValue(value, sought));

  /** Of the parameters of a type, or of lists of it. */
  function allValues(type: string): string[] {
    const declared = [...parameters.values()].filter((one) => one.type === type || one.type === `List<${type}>`);
    return declared.flatMap(({ name }) => valuesOf(name));
  }

  async function attributesOf(type: string, values: string[], attribute: string): Promise<string[]> {
    const element = type.replace(/^List<(.+)>$/, '$1');
    const found: string[] = [];
    for (const value of values) found.push((await attributes(element, value, attribute)) ?? '');
    return found;
  }

  async function operands(name: string, argument: unknown): Promise<[members: unknown[], other: unknown]> {
    const [members, other] = argument as [unknown, unknown];
    return [list(name, await evaluated(members)).flat(), await evaluated(other)];
  }

  return new Map<string, (argument: unknown) => Promise<unknown>>([
    ['Fn::RefAll', async (type) => allValues(String(type))],
    [
      'Fn::ValueOf',
      async (argument) => {
        const [name, attribute] = argument as [string, string];
        const type = parameters.get(name)?.type ?? '';
        const found = await attributesOf(type, valuesOf(name), attribute);
        return type.startsWith('List<') ? found : found[0];
      },
    ],
    [
      'Fn::ValueOfAll',
      async (argument) => {
        const [type, attribute] = argument as [string, string];
        return attributesOf(type, allValues(type), attribute);
      },
    ],
    [
      'Fn::Contains',
      async (argument) => {
        const [members, sought] = await operands('Fn::Contains', argument);
        return [sought].flat().every((one) => isIn(members, one));
      },
    ],
    [
      'Fn::EachMemberEquals',
      async (argument) => {
        const [members, other] = await operands('Fn::EachMemberEquals', argument);
        return members.every((member) => sameValue(member, other));
      },
    ],
    [
      'Fn::EachMemberIn',
      async (argument) => {
        const [members, others] = await operands('Fn::EachMemberIn', argument);
        return members.every((member) => isIn([others].flat(2), member));
      },
    ],
  ]);
}
