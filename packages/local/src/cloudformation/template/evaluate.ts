import { AwsError } from '../../errors.ts';
import { truth } from './conditions.ts';
import { resolveDynamic } from './dynamic.ts';
import { list, PURE_FUNCTIONS, text, wrongArgument } from './functions.ts';
import { findIntrinsic, type Intrinsic, isMap } from './intrinsics.ts';
import { attributeTarget } from './references.ts';
import { splitAttribute } from './short-tags.ts';
import { subArgument, subParts } from './sub.ts';
import type { Mappings } from './template.ts';

export { type ConditionScope, evaluateConditions } from './conditions.ts';
export { evaluateRules, type ParameterAttributes } from './rules.ts';

/** The values of the pseudo parameters, `AWS::AccountId` and so on. */
export interface Pseudo {
  accountId: string;
  region: string;
  partition: string;
  stackId: string;
  stackName: string;
  urlSuffix: string;
  notificationArns: string[];
}

/** What functions can look at. */
export interface Scope {
  parameters: ReadonlyMap<string, string | string[]>;
  mappings: Mappings;
  conditions: ReadonlyMap<string, boolean>;
  pseudo: Pseudo;
  /** The physical id of a resource. */
  ref(logicalId: string): unknown;
  /** An attribute of a resource; a nested one (`Outputs.Url`) with its dots. */
  getAtt(logicalId: string, attribute: string): unknown;
  /** The value that another stack exports. Throws when nothing is exported by that name. */
  importValue(name: string): unknown | Promise<unknown>;
  /** What `{{resolve:service:key}}` stands for. */
  dynamic(service: 'ssm' | 'ssm-secure' | 'secretsmanager', key: string): Promise<string>;
  /** The availability zones of a Region. */
  azs(region: string): Promise<string[]>;
}

/** `AWS::NoValue`, until the map or list around it drops it. */
const NOTHING = Symbol('AWS::NoValue');

/**
 * The value with every function called, to the bottom, and every dynamic reference put in. `AWS::NoValue` removes the
 * member or the element that it stands for; undefined when it stands for the whole.
 */
export async function evaluate(value: unknown, scope: Scope): Promise<unknown> {
  const result = await resolve(value, scope);
  return result === NOTHING ? undefined : resolveDynamic(result, scope);
}

async function resolve(value: unknown, scope: Scope): Promise<unknown> {
  const call = findIntrinsic(value);
  if (call) return apply(call, scope);
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const item of value) {
      const result = await resolve(item, scope);
      if (result !== NOTHING) items.push(result);
    }
    return items;
  }
  if (!isMap(value)) return value;
  const members: [string, unknown][] = [];
  for (const [key, member] of Object.entries(value)) {
    const result = await resolve(member, scope);
    if (result !== NOTHING) members.push([key, result]);
  }
  return Object.fromEntries(members);
}

async function apply({ name, argument }: Intrinsic, scope: Scope): Promise<unknown> {
  const pure = PURE_FUNCTIONS.get(name);
  if (pure) return pure(await resolve(argument, scope));
  switch (name) {
    case 'Ref':
      return ref(String(argument), scope);
    case 'Fn::GetAtt': {
      const { name: logicalId, attribute } = attributeTarget(argument);
      return scope.getAtt(String(logicalId), text(name, await resolve(attribute, scope)));
    }
    case 'Fn::Sub':
      return sub(argument, scope);
    case 'Fn::If': {
      const [condition, yes, no] = argument as unknown[];
      return resolve(scope.conditions.get(String(condition)) ? yes : no, scope);
    }
    case 'Fn::FindInMap':
      return findInMap(argument as unknown[], scope);
    case 'Fn::GetAZs':
      return scope.azs(text(name, await resolve(argument, scope)) || scope.pseudo.region);
    case 'Fn::ImportValue':
      return scope.importValue(text(name, await resolve(argument, scope)));
    default:
      return truth(
        { [name]: argument },
        (inner) => resolve(inner, scope),
        (condition) => scope.conditions.get(condition),
      );
  }
}

function ref(name: string, { parameters, pseudo, ref: resource }: Scope): unknown {
  switch (name) {
    case 'AWS::NoValue':
      return NOTHING;
    case 'AWS::AccountId':
      return pseudo.accountId;
    case 'AWS::Region':
      return pseudo.region;
    case 'AWS::Partition':
      return pseudo.partition;
    case 'AWS::StackId':
      return pseudo.stackId;
    case 'AWS::StackName':
      return pseudo.stackName;
    case 'AWS::URLSuffix':
      return pseudo.urlSuffix;
    case 'AWS::NotificationARNs':
      return pseudo.notificationArns;
    default:
      return parameters.get(name) ?? resource(name);
  }
}

async function sub(argument: unknown, scope: Scope): Promise<string> {
  const { text: pattern, variables } = subArgument(argument);
  let result = '';
  for (const part of subParts(pattern)) {
    result += 'text' in part ? part.text : await variable(part.variable, variables, scope);
  }
  return result;
}

async function variable(name: string, variables: Record<string, unknown>, scope: Scope): Promise<string> {
  const own = Object.hasOwn(variables, name);
  const [id, attribute] = splitAttribute(name) as [string, string?];
  const value = own
    ? await resolve(variables[name], scope)
    : attribute === undefined
      ? ref(id, scope)
      : scope.getAtt(id, attribute);
  if (value === NOTHING) return '';
  // A list parameter reads as it was given.
  return Array.isArray(value) && !own ? value.join(',') : text('Fn::Sub', value);
}

async function findInMap(argument: unknown[], scope: Scope): Promise<unknown> {
  const name = 'Fn::FindInMap';
  const keys = list(name, await resolve(argument.slice(0, 3), scope)).map((key) => text(name, key));
  if (keys.length !== 3) throw wrongArgument(name);
  const [mapping, top, second] = keys as [string, string, string];
  const value = scope.mappings.get(mapping)?.get(top)?.get(second);
  if (value !== undefined) return value;
  if (isMap(argument[3])) return resolve(argument[3].DefaultValue, scope);
  if (scope.mappings.has(mapping)) {
    throw new AwsError('ValidationError', `Template error: Unable to get mapping for ${keys.join('::')}`);
  }
  const missing = `Template error: Mapping named '${mapping}' is not present in the 'Mappings' section of template.`;
  throw new AwsError('ValidationError', missing);
}
