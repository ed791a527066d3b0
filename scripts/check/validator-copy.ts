import { findBoolean, findIntrinsic, isMap } from '../../packages/local/src/cloudformation/template/intrinsics.ts';
import { findParameterType } from '../../packages/local/src/cloudformation/template/parameter-types.ts';
import { subArgument } from '../../packages/local/src/cloudformation/template/sub.ts';
import type { Template } from '../../packages/local/src/cloudformation/template/template.ts';

/** The types by which the validator is to know custom resources, by logical id. */
export type CustomTypes = ReadonlyMap<string, string>;

type Members = Record<string, unknown>;

/**
 * The template's root as AWS's validator can judge it, in two copies where parameters may be left out as an empty text:
 * one in which all of them are given, with unknown values, and one in which none is. The validator does not see
 * that a condition rules an empty value out, and takes twice as long for each condition. Nor does it look into types named
 * `Custom::…`, so they get other names.
 */
export function copiesForValidator(root: Members, template: Template, custom: CustomTypes): Members[] {
  const optional = new Set([...template.parameters.values()].flatMap((one) => (one.default === '' ? [one.name] : [])));
  return (optional.size > 0 ? [true, false] : [true]).map((areGiven) =>
    copyOf(root, template, custom, optional, areGiven),
  );
}

function copyOf(
  root: Members,
  template: Template,
  custom: CustomTypes,
  optional: ReadonlySet<string>,
  areGiven: boolean,
): Members {
  const truths = new Map([...template.conditions.keys()].map((name) => [name, truthOf({ Condition: name })]));
  const isGone = (one: unknown) => isMap(one) && truths.get(String(one.Condition)) === false;
  const resources = root.Resources as Record<string, Members>;

  /** Whether a condition holds, as far as it depends on nothing but what is given. */
  function truthOf(value: unknown): boolean | undefined {
    const call = findBoolean(value);
    const parts = Array.isArray(call?.argument) ? call.argument : [call?.argument];
    switch (call?.name) {
      case 'Condition':
        return truthOf(template.conditions.get(String(call.argument)));
      case 'Fn::Not':
        return negated(truthOf(parts[0]));
      case 'Fn::And':
        return negated(anyOf(parts.map((part) => negated(truthOf(part)))));
      case 'Fn::Or':
        return anyOf(parts.map(truthOf));
      case 'Fn::Equals': {
        const [text, other] = parts[0] === '' ? [parts[1], parts[0]] : parts;
        return other === '' && optional.has(onlyParameterIn(text) ?? '') ? !areGiven : undefined;
      }
      default:
        return undefined;
    }
  }

  function copy(value: unknown): unknown {
    const call = findIntrinsic(value);
    if (call?.name === 'Ref' && areGiven && optional.has(String(call.argument))) return unknown(String(call.argument));
    if (call?.name === 'Fn::Sub') return { 'Fn::Sub': copySub(call.argument) };
    if (call?.name === 'Fn::If') {
      const [condition, yes, no] = call.argument as unknown[];
      const truth = truths.get(String(condition));
      return truth === undefined ? { 'Fn::If': [condition, copy(yes), copy(no)] } : copy(truth ? yes : no);
    }
    if (Array.isArray(value)) return value.map(copy);
    return isMap(value) ? copyMembers(value) : value;
  }

  function copyMembers(members: Members): Members {
    return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, copy(member)]));
  }

  function copySub(argument: unknown): unknown {
    const { text, variables } = subArgument(argument);
    const named = areGiven ? [...optional].filter((name) => text.includes(`\${${name}}`)) : [];
    const unknowns = named.filter((name) => !Object.hasOwn(variables, name)).map((name) => [name, unknown(name)]);
    const all = { ...copyMembers(variables), ...Object.fromEntries(unknowns) };
    return Object.keys(all).length > 0 ? [text, all] : argument;
  }

  function unknown(parameter: string): unknown {
    const value = { 'Fn::ImportValue': parameter };
    return findParameterType(template.parameters.get(parameter)!.type)?.list ? { 'Fn::Split': [',', value] } : value;
  }

  function copyEntity(name: string, one: Members): Members {
    const { Condition, DependsOn, ...rest } = one;
    const copied = copyMembers(rest);
    if (Condition !== undefined && truths.get(String(Condition)) === undefined) copied.Condition = Condition;
    const others = [DependsOn ?? []].flat().filter((each) => !isGone(resources[String(each)]));
    if (others.length > 0) copied.DependsOn = others;
    const type = 'Type' in one ? custom.get(name) : undefined;
    return type === undefined ? copied : { ...copied, Type: type };
  }

  function copySection(section: string): [string, Members][] {
    const entities = Object.entries((root[section] ?? {}) as Record<string, Members>).filter(([, one]) => !isGone(one));
    if (entities.length === 0) return [];
    return [[section, Object.fromEntries(entities.map(([name, one]) => [name, copyEntity(name, one)]))]];
  }

  const { Resources: _, Outputs: __, Conditions, ...others } = root;
  const open = Object.entries((Conditions ?? {}) as Members).filter(([name]) => truths.get(name) === undefined);
  return {
    ...others,
    ...(open.length > 0 && { Conditions: Object.fromEntries(open.map(([name, value]) => [name, folded(value)])) }),
    ...Object.fromEntries(['Resources', 'Outputs'].flatMap(copySection)),
  };

  /** A condition without the names of those that are known to hold or not to. */
  function folded(value: unknown): unknown {
    const call = findBoolean(value);
    if (call?.name === 'Condition') {
      const truth = truths.get(String(call.argument));
      return truth === undefined
        ? value
        : { 'Fn::Equals': [{ Ref: 'AWS::Region' }, truth ? { Ref: 'AWS::Region' } : ''] };
    }
    if (!call || !['Fn::And', 'Fn::Or', 'Fn::Not'].includes(call.name)) return value;
    return { [call.name]: (call.argument as unknown[]).map(folded) };
  }
}

/** The one parameter that a text consists of: `!Ref P`, or `!Join ['', !Ref P]` of a list. */
function onlyParameterIn(value: unknown): string | undefined {
  const call = findIntrinsic(value);
  if (call?.name === 'Ref') return String(call.argument);
  if (call?.name !== 'Fn::Join') return undefined;
  const [, items] = call.argument as [unknown, unknown];
  return onlyParameterIn(Array.isArray(items) && items.length === 1 ? items[0] : items);
}

function negated(truth: boolean | undefined): boolean | undefined {
  return truth === undefined ? undefined : !truth;
}

function anyOf(truths: readonly (boolean | undefined)[]): boolean | undefined {
  if (truths.includes(true)) return true;
  return truths.includes(undefined) ? undefined : false;
}
