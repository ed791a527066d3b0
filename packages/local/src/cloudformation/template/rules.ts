import { AwsError } from '../../errors.ts';
import { beforeResources, type ConditionScope, truth } from './conditions.ts';
import { evaluate } from './evaluate.ts';
import { list } from './functions.ts';
import { findIntrinsic, type Intrinsic, RULE_FUNCTIONS } from './intrinsics.ts';
import { sameValue } from './properties.ts';
import type { Template } from './template.ts';

/** An attribute of what a parameter's value names: `VpcId` of the subnet `subnet-1`, `Tags.Team` of a VPC. */
export type ParameterAttributes = (type: string, value: string, attribute: string) => Promise<string | undefined>;

/**
 * Checks the template's rules against the parameters.
 *
 * Throws `ValidationError` with the descriptions of the assertions that fail.
 */
export async function evaluateRules(
  template: Template,
  scope: ConditionScope,
  attributes?: ParameterAttributes,
): Promise<void> {
  const known = beforeResources(template, scope);
  const evaluated = (operand: unknown) => evaluateOperand(operand);
  const holds = (value: unknown) => truth(value, evaluated, () => undefined);

  async function evaluateOperand(value: unknown): Promise<unknown> {
    const call = findIntrinsic(value);
    return call && RULE_FUNCTIONS.includes(call.name) ? ruleFunction(call) : evaluate(value, known);
  }

  async function ruleFunction({ name, argument }: Intrinsic): Promise<unknown> {
    const operands = argument as unknown[];
    if (name === 'Fn::RefAll') return valuesOf(String(argument)).map(([, value]) => value);
    if (name === 'Fn::ValueOf') {
      const [parameter, attribute] = operands as [string, string];
      const type = template.parameters.get(parameter)?.type ?? '';
      return attributeOf(type, [scope.parameters.get(parameter) ?? []].flat(), attribute);
    }
    if (name === 'Fn::ValueOfAll') {
      const [type, attribute] = operands as [string, string];
      const found = [];
      for (const [, value] of valuesOf(type)) found.push(await attributeOf(type, [value].flat(), attribute));
      return found.flat();
    }
    const members = list(name, await evaluateOperand(operands[0])).flat();
    const other = await evaluateOperand(operands[1]);
    if (name === 'Fn::EachMemberEquals') return members.every((member) => sameValue(member, other));
    const isIn = (values: unknown[], sought: unknown) => values.some((value) => sameValue(value, sought));
    if (name === 'Fn::EachMemberIn') return members.every((member) => isIn(list(name, other).flat(), member));
    return [other].flat().every((sought) => isIn(members, sought));
  }

  /** The parameters of a type, or of lists of it, with their values. */
  function valuesOf(type: string): [string, string | string[]][] {
    const declared = [...template.parameters.values()].filter(
      (one) => one.type === type || one.type === `List<${type}>`,
    );
    return declared.map(({ name }) => [name, scope.parameters.get(name) ?? '']);
  }

  async function attributeOf(type: string, values: string[], attribute: string): Promise<unknown> {
    const element = type.replace(/^List<(.+)>$/, '$1');
    const found = [];
    for (const value of values) found.push((await attributes?.(element, value, attribute)) ?? '');
    return /^List</.test(type) || found.length !== 1 ? found : found[0];
  }

  const failed: string[] = [];
  for (const { name, condition, assertions } of template.rules.values()) {
    if (condition !== undefined && !(await holds(condition))) continue;
    for (const { assert, description } of assertions) {
      if (!(await holds(assert))) failed.push(description ?? `An assertion of the rule ${name} failed`);
    }
  }
  if (failed.length > 0) throw new AwsError('ValidationError', failed.join('; '));
}
