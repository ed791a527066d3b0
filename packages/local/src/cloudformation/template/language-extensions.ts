import { beforeResources, evaluateConditions } from './conditions.ts';
import { type Collection, expandLoops, expandLoopsNow, itemsIn } from './for-each.ts';
import { findIntrinsic, isMap } from './intrinsics.ts';
import type { ConditionScope, Scope } from './scope.ts';
import type { Mappings } from './template.ts';
import { evaluate } from './value.ts';

type Members = Record<string, unknown>;

const POLICIES = ['DeletionPolicy', 'UpdateReplacePolicy'];

/** The sections in which the transform's functions may stand. */
const SECTIONS = ['Conditions', 'Resources', 'Outputs'] as const;

/** Is there anything in the template that only the transform's own pass takes away? */
export function isUnprocessed(root: Members): boolean {
  return (
    SECTIONS.some((section) => hasLoop(root[section]) || hasNamingFunction(root[section])) || hasPolicyFunction(root)
  );
}

/**
 * What `AWS::LanguageExtensions` makes of a template when its parameters are known: loops are written out, functions in
 * policies and in the names of Ref and Fn::GetAtt have their values.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-languageextensions.html
 *
 * Throws `ValidationError` where one of them depends on a resource, or has no value.
 */
export async function processed(root: Members, mappings: Mappings, scope: ConditionScope): Promise<Members> {
  const before = beforeResources({ mappings }, scope);
  const items = async ({ value, loop }: Collection) => itemsIn(await evaluate(value, before), loop);
  const result: Members = { ...root };
  for (const section of SECTIONS) if (section in root) result[section] = await expandLoops(root[section], items);
  const conditions = new Map(Object.entries((result.Conditions ?? {}) as Members));
  const known = beforeResources({ mappings }, scope, await evaluateConditions({ conditions, mappings }, scope));
  for (const section of SECTIONS) if (section in result) result[section] = await namesResolved(result[section], known);
  for (const resource of resourcesOf(result)) {
    for (const policy of POLICIES)
      if (isMap(resource[policy])) resource[policy] = await evaluate(resource[policy], known);
  }
  return result;
}

/**
 * The same while parameters have no values: each loop is written out for the items that are known, or once; functions
 * in policies are left out. What depends on them cannot be checked.
 */
export function preview(root: Members): Members {
  const items = ({ value, loop }: Collection) =>
    (Array.isArray(value) ? value : [value]).map((item, index) =>
      isMap(item) ? `${placeholder(loop)}${index}` : String(item),
    );
  const result: Members = { ...root };
  for (const section of SECTIONS) {
    if (section in root) result[section] = withoutNames(expandLoopsNow(root[section], items));
  }
  for (const resource of resourcesOf(result)) {
    for (const policy of POLICIES) if (isMap(resource[policy])) delete resource[policy];
  }
  return result;
}

function placeholder(loop: string): string {
  return loop.slice('Fn::ForEach::'.length);
}

function hasLoop(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasLoop);
  return (
    isMap(value) && Object.entries(value).some(([key, member]) => key.startsWith('Fn::ForEach') || hasLoop(member))
  );
}

/** The function that gives the name in a Ref or a Fn::GetAtt, where it is one. */
function namingFunction(value: unknown): unknown {
  const call = findIntrinsic(value);
  const name = call?.name === 'Fn::GetAtt' && Array.isArray(call.argument) ? call.argument[0] : call?.argument;
  return (call?.name === 'Ref' || call?.name === 'Fn::GetAtt') && isMap(name) ? name : undefined;
}

function hasNamingFunction(value: unknown): boolean {
  if (namingFunction(value)) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(hasNamingFunction);
}

function hasPolicyFunction(root: Members): boolean {
  return resourcesOf(root).some((resource) => POLICIES.some((policy) => isMap(resource[policy])));
}

async function namesResolved(value: unknown, scope: Scope): Promise<unknown> {
  const naming = namingFunction(value);
  if (naming !== undefined) return named(value as Members, await evaluate(naming, scope));
  if (Array.isArray(value)) return Promise.all(value.map((item) => namesResolved(item, scope)));
  if (!isMap(value)) return value;
  const members: [string, unknown][] = [];
  for (const [key, member] of Object.entries(value)) members.push([key, await namesResolved(member, scope)]);
  return Object.fromEntries(members);
}

function named(call: Members, name: unknown): Members {
  return 'Ref' in call ? { Ref: name } : { 'Fn::GetAtt': [name, ...(call['Fn::GetAtt'] as unknown[]).slice(1)] };
}

/** With pseudo parameters in place of names that are not known yet. */
function withoutNames(value: unknown): unknown {
  if (namingFunction(value)) return { Ref: 'AWS::StackName' };
  if (Array.isArray(value)) return value.map(withoutNames);
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withoutNames(member)]));
}

function resourcesOf({ Resources }: Members): Members[] {
  return isMap(Resources) ? Object.values(Resources).filter(isMap) : [];
}
