import { AwsError } from '../../errors.ts';
import { findResourceType, unsupportedTypes } from '../resources/registry.ts';
import { partitionOf, type StackDefinition } from '../stack.ts';
import { type ConditionScope, evaluateConditions, evaluateRules } from '../template/evaluate.ts';
import { dependencies } from '../template/graph.ts';
import { type GivenParameter, parameterValues, resolveParameters } from '../template/parameters.ts';
import { parseTemplate, processTemplate, type ResourceDeclaration, type Template } from '../template/parse.ts';
import type { Pseudo } from '../template/scope.ts';
import { InvalidProperties, withAdvice } from '../types/advice.ts';
import type { LookupCaller } from './lookup-caller.ts';
import { parameterAttributes, parameterLookups, zonesOf } from './lookups.ts';

/** A template with all of it known that can be known before its resources exist. */
export interface Plan {
  template: Template;
  /** What the template's transform has made of it, in JSON; undefined where it has nothing to do. */
  processedBody?: string;
  parameters: ReadonlyMap<string, string | string[]>;
  conditions: ReadonlyMap<string, boolean>;
  pseudo: Pseudo;
  /** The resources that exist under the conditions, each with those that it needs first. */
  needs: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The text of each parameter: what is given, what is kept of the stack before, or the default. */
export function parameterTexts(
  template: Template,
  given: readonly GivenParameter[],
  previous?: Readonly<Record<string, string>>,
): Record<string, string> {
  const kept = previous && new Map(Object.entries(previous));
  return Object.fromEntries(parameterValues(template, given, kept));
}

/**
 * Checks a definition and plans what it makes. Throws `ValidationError` for everything that can be seen to be wrong
 * before anything is made.
 */
export async function makePlan(
  caller: LookupCaller,
  definition: StackDefinition,
  { id: stackId, name: stackName }: { id: string; name: string },
  { isChangeSet = false } = {},
): Promise<Plan> {
  const given = parseTemplate(definition.templateBody);
  checkCapabilities(given, definition.capabilities, isChangeSet);
  checkTypes(given);
  const texts = Object.entries(definition.parameters).map(([ParameterKey, ParameterValue]) => ({
    ParameterKey,
    ParameterValue,
  }));
  const parameters = await resolveParameters(given, texts, undefined, parameterLookups(caller));
  const { account, region } = caller;
  const pseudo: Pseudo = {
    accountId: account,
    region,
    partition: partitionOf(region),
    stackId,
    stackName,
    urlSuffix: partitionOf(region) === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com',
    notificationArns: definition.notificationArns,
  };
  const scope: ConditionScope = { parameters, pseudo, azs: (of) => zonesOf(caller, of) };
  const { template = given, processedBody } = (await processTemplate(given, scope)) ?? {};
  if (template !== given) {
    checkCapabilities(template, definition.capabilities, isChangeSet);
    checkTypes(template);
  }
  await evaluateRules(template, scope, parameterAttributes(caller));
  const conditions = await evaluateConditions(template, scope);
  return { template, processedBody, parameters, conditions, pseudo, needs: dependencies(template, conditions) };
}

/** The declarations that exist under the conditions. */
export function declarationsOf({ template, needs }: Plan): ResourceDeclaration[] {
  return [...needs.keys()].map((logicalId) => template.resources.get(logicalId)!);
}

/** CAPABILITY_AUTO_EXPAND: "This capability doesn't apply to creating change sets", says the reference of CreateChangeSet. */
function checkCapabilities({ capabilities: required }: Template, given: readonly string[], isChangeSet: boolean): void {
  const has = (capability: string) =>
    given.includes(capability) ||
    (capability === 'CAPABILITY_IAM' && given.includes('CAPABILITY_NAMED_IAM')) ||
    (capability === 'CAPABILITY_AUTO_EXPAND' && isChangeSet);
  const missing = required.filter((capability) => !has(capability));
  if (missing.length === 0) return;
  throw new AwsError('InsufficientCapabilitiesException', `Requires capabilities : [${missing.join(', ')}]`);
}

/** Checks that every resource is of a type that there is here, and is declared as that type takes it. */
export function checkTypes({ resources, at }: Template): void {
  const unknown = [...resources.values()].filter(({ type }) => !findResourceType(type)).map(({ type }) => type);
  if (unknown.length > 0) throw new AwsError('ValidationError', unsupportedTypes([...new Set(unknown)]));
  for (const declaration of resources.values()) {
    const { type, deletionPolicy, updateReplacePolicy } = declaration;
    if (deletionPolicy === 'Snapshot' || updateReplacePolicy === 'Snapshot') {
      const policy = deletionPolicy === 'Snapshot' ? 'DeletionPolicy' : 'UpdateReplacePolicy';
      throw new AwsError(
        'ValidationError',
        `Template error: resource type ${type} does not support ${policy} Snapshot`,
      );
    }
    try {
      findResourceType(type)?.check?.(declaration);
    } catch (cause) {
      if (!(cause instanceof InvalidProperties)) throw cause;
      const { message, advice } = cause;
      const text = withAdvice(message, advice, declaration.logicalId, (path) => at(path).line);
      throw new AwsError('ValidationError', text);
    }
  }
}
