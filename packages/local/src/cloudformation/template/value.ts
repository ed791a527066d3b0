import { AwsError } from '../../errors.ts';
import { resolveDynamic } from './dynamic.ts';
import { evaluateBoolean } from './evaluate-boolean.ts';
import { list, PURE_FUNCTIONS, text, wrongArgument } from './functions.ts';
import { BOOLEAN_FUNCTIONS, findIntrinsic, type Intrinsic, isMap } from './intrinsics.ts';
import { attributeTarget } from './references.ts';
import type { PlaceFunctions, Scope } from './scope.ts';
import { splitAttribute } from './short-tags.ts';
import { subArgument, subParts } from './sub.ts';

/** `AWS::NoValue`, until the map or list around it drops it. */
const NO_VALUE = Symbol('AWS::NoValue');

interface Context {
  scope: Scope;
  more: PlaceFunctions;
}

/**
 * The value with every function called, to the bottom, and every dynamic reference put in. `AWS::NoValue` removes the
 * member or the element that it stands for; undefined when it stands for the whole. `more` are the functions that hold
 * only where this value stands.
 */
export async function evaluate(value: unknown, scope: Scope, more: PlaceFunctions = new Map()): Promise<unknown> {
  const result = await resolve(value, { scope, more });
  return result === NO_VALUE ? undefined : resolveDynamic(result, scope);
}

async function resolve(value: unknown, context: Context): Promise<unknown> {
  const call = findIntrinsic(value);
  if (call) return apply(call, context);
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const item of value) {
      const result = await resolve(item, context);
      if (result !== NO_VALUE) items.push(result);
    }
    return items;
  }
  if (!isMap(value)) return value;
  const members: [string, unknown][] = [];
  for (const [key, member] of Object.entries(value)) {
    const result = await resolve(member, context);
    if (result !== NO_VALUE) members.push([key, result]);
  }
  return Object.fromEntries(members);
}

async function apply({ name, argument }: Intrinsic, context: Context): Promise<unknown> {
  const { scope, more } = context;
  const pure = PURE_FUNCTIONS.get(name);
  if (pure) return pure(await resolve(argument, context));
  switch (name) {
    case 'Ref':
      return ref(String(argument), scope);
    case 'Fn::GetAtt': {
      const { name: logicalId, attribute } = attributeTarget(argument);
      return scope.getAtt(String(logicalId), text(name, await resolve(attribute, context)));
    }
    case 'Fn::Sub':
      return sub(argument, context);
    case 'Fn::If': {
      const [condition, yes, no] = argument as unknown[];
      return resolve(scope.conditions.get(String(condition)) ? yes : no, context);
    }
    case 'Fn::FindInMap':
      return findInMap(argument as unknown[], context);
    case 'Fn::GetAZs':
      return scope.azs(text(name, await resolve(argument, context)) || scope.pseudo.region);
    case 'Fn::ImportValue':
      return scope.importValue(text(name, await resolve(argument, context)));
  }
  if (BOOLEAN_FUNCTIONS.includes(name)) {
    return evaluateBoolean({ [name]: argument }, (operand) => evaluate(operand, scope, more), scope.conditions);
  }
  const here = more.get(name);
  if (!here) throw new AwsError('ValidationError', `Template Error: Encountered unsupported function: ${name}`);
  return here(argument);
}

function ref(name: string, { parameters, pseudo, ref: resource }: Scope): unknown {
  switch (name) {
    case 'AWS::NoValue':
      return NO_VALUE;
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

async function sub(argument: unknown, context: Context): Promise<string> {
  const { text: pattern, variables } = subArgument(argument);
  let result = '';
  for (const part of subParts(pattern)) {
    result += 'text' in part ? part.text : await variable(part.variable, variables, context);
  }
  return result;
}

async function variable(name: string, variables: Record<string, unknown>, context: Context): Promise<string> {
  const own = Object.hasOwn(variables, name);
  const [id, attribute] = splitAttribute(name) as [string, string?];
  const value = await (own
    ? resolve(variables[name], context)
    : attribute === undefined
      ? ref(id, context.scope)
      : context.scope.getAtt(id, attribute));
  if (value === NO_VALUE) return '';
  if (typeof value === 'object') {
    const problem = `Template error: variable ${name} in Fn::Sub expression does not resolve to a string`;
    throw new AwsError('ValidationError', problem);
  }
  return String(value);
}

async function findInMap(argument: unknown[], context: Context): Promise<unknown> {
  const name = 'Fn::FindInMap';
  const keys = list(name, await resolve(argument.slice(0, 3), context)).map((key) => text(name, key));
  if (keys.length !== 3) throw wrongArgument(name);
  const [mapping, top, second] = keys as [string, string, string];
  const { mappings } = context.scope;
  const value = mappings.get(mapping)?.get(top)?.get(second);
  if (value !== undefined) return value;
  if (isMap(argument[3])) return resolve(argument[3].DefaultValue, context);
  if (mappings.has(mapping)) {
    throw new AwsError('ValidationError', `Template error: Unable to get mapping for ${keys.join('::')}`);
  }
  const missing = `Template error: Mapping named '${mapping}' is not present in the 'Mappings' section of template.`;
  throw new AwsError('ValidationError', missing);
}
