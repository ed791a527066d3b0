import { findIntrinsic, isMap } from '../../packages/local/src/cloudformation/template/intrinsics.ts';
import { findParameterType } from '../../packages/local/src/cloudformation/template/parameter-types.ts';
import { conditionReferences } from '../../packages/local/src/cloudformation/template/references.ts';
import { subArgument } from '../../packages/local/src/cloudformation/template/sub.ts';
import type { Template } from '../../packages/local/src/cloudformation/template/template.ts';

/**
 * A template's root as AWS's validator can judge it. The validator looks into no type named `Custom::…`: they get the
 * types and the proper names of properties that `custom` gives by logical id. And it does not see that a condition rules out a parameter's empty default:
 * where a condition on the parameter decides, a reference to it becomes one to a value that nobody knows.
 */
export function copyForValidator(
  root: Record<string, unknown>,
  template: Template,
  custom: ReadonlyMap<string, { type: string; aliases: ReadonlyMap<string, string> }>,
): Record<string, unknown> {
  const decides = (condition: unknown) => emptyParameters(String(condition), template);

  function copy(value: unknown, decided: readonly string[]): unknown {
    const call = findIntrinsic(value);
    if (call?.name === 'Ref' && decided.includes(String(call.argument)))
      return unknown(String(call.argument), template);
    if (call?.name === 'Fn::Sub') return { 'Fn::Sub': copySub(call.argument, decided) };
    if (call?.name === 'Fn::If') {
      const [condition, ...branches] = call.argument as unknown[];
      const more = [...decided, ...decides(condition)];
      return { 'Fn::If': [condition, ...branches.map((branch) => copy(branch, more))] };
    }
    if (Array.isArray(value)) return value.map((item) => copy(item, decided));
    return isMap(value) ? copyMembers(value, decided) : value;
  }

  function copyMembers(members: Record<string, unknown>, decided: readonly string[]): Record<string, unknown> {
    return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, copy(member, decided)]));
  }

  function copySub(argument: unknown, decided: readonly string[]): unknown {
    const { text, variables } = subArgument(argument);
    const unknowns = decided.filter((name) => text.includes(`\${${name}}`) && !Object.hasOwn(variables, name));
    const all = {
      ...copyMembers(variables, decided),
      ...Object.fromEntries(unknowns.map((name) => [name, unknown(name, template)])),
    };
    return Object.keys(all).length > 0 ? [text, all] : argument;
  }

  function copySection(section: string): [string, unknown][] {
    const entries = Object.entries((root[section] ?? {}) as Record<string, Record<string, unknown>>);
    const copied = entries.map(([name, one]) => {
      const copied = copyMembers(one, one.Condition === undefined ? [] : decides(one.Condition));
      const known = section === 'Resources' ? custom.get(name) : undefined;
      if (!known) return [name, copied] as const;
      const given = Object.entries((copied.Properties ?? {}) as Record<string, unknown>);
      const properties = given.map(([property, value]) => [known.aliases.get(property) ?? property, value]);
      return [name, { ...copied, Type: known.type, Properties: Object.fromEntries(properties) }] as const;
    });
    return copied.length > 0 ? [[section, Object.fromEntries(copied)]] : [];
  }

  return { ...root, ...Object.fromEntries(['Resources', 'Outputs'].flatMap(copySection)) };
}

/** The parameters which may be left out, as an empty text, and that a condition decides about. */
function emptyParameters(condition: string, template: Template): string[] {
  const named = parametersIn(template.conditions.get(condition), template);
  // A rule that names one of them as well says that they go together.
  const rules = [...template.rules.values()].map((rule) =>
    parametersIn([rule.condition, rule.assertions.map(({ assert }) => assert)], template),
  );
  const together = rules.filter((names) => names.some((name) => named.includes(name))).flat();
  return [...named, ...together].filter((name) => template.parameters.get(name)!.default === '');
}

/** The parameters that a condition or a rule names, by itself or through conditions. */
function parametersIn(value: unknown, template: Template): string[] {
  return [...conditionReferences(value, '', 'all')].flatMap(({ kind, name }) => {
    if (kind === 'condition') return parametersIn(template.conditions.get(name), template);
    return template.parameters.has(name) ? [name] : [];
  });
}

function unknown(parameter: string, { parameters }: Template): unknown {
  const value = { 'Fn::ImportValue': parameter };
  return findParameterType(parameters.get(parameter)!.type)?.list ? { 'Fn::Split': [',', value] } : value;
}
