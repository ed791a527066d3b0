import type { Parameter } from '@aws-sdk/client-cloudformation';
import {
  type ConditionScope,
  evaluate,
  evaluateConditions,
  type Scope,
} from '../../packages/local/src/cloudformation/template/evaluate.ts';
import { findParameterType } from '../../packages/local/src/cloudformation/template/parameter-types.ts';
import { parseTemplate, type ResourceDeclaration } from '../../packages/local/src/cloudformation/template/parse.ts';
import { another, unknown } from './unknown.ts';

/** A template with the values of its parameters, at a stack. */
export interface Given {
  body: string;
  parameters: readonly Parameter[];
  stackId: string;
  stackName: string;
  /** What other stacks export, by name. */
  exports: ReadonlyMap<string, string>;
  /** The physical ids of the stack's resources, by logical id. */
  ids: ReadonlyMap<string, string>;
  /** Those that the deployment replaces, or may replace: their ids are not known. */
  replaced: ReadonlyMap<string, 'surely' | 'maybe'>;
  /** The resources that the deployment changes: their attributes may become others. */
  changed: { has(logicalId: string): boolean };
}

/** A resource whose properties have values, as far as they are known. */
export interface EvaluatedResource {
  logicalId: string;
  type: string;
  deletionPolicy: string;
  replacePolicy: string;
  properties: Record<string, unknown>;
}

/**
 * The resources of a template with their properties, as CloudFormation will send them. What is not known before the
 * deployment is a marker, which is the same in two templates where the value is.
 *
 * @throws Error where the template cannot be read, such as one with a macro
 */
export async function evaluatedResources(given: Given): Promise<Map<string, EvaluatedResource>> {
  const template = parseTemplate(given.body);
  const scope = conditionScope(given, template.parameters);
  const conditions = await evaluateConditions(template, scope);
  const full: Scope = {
    ...scope,
    conditions,
    mappings: template.mappings,
    ref(id) {
      if (given.replaced.get(id) === 'surely') return another(id);
      return given.replaced.has(id) ? unknown(`${id} after this change`) : (given.ids.get(id) ?? unknown(id));
    },
    getAtt: (id, attribute) =>
      unknown(given.changed.has(id) ? `${id}.${attribute} after this change` : `${id}.${attribute}`),
    importValue: (name) => given.exports.get(name) ?? unknown(`the export ${name}`),
    dynamic: async (service, key) => unknown(`${service}:${key}`),
  };
  const resources = new Map<string, EvaluatedResource>();
  for (const declaration of template.resources.values()) {
    const {
      condition,
      logicalId,
      type,
      deletionPolicy = 'Delete',
      updateReplacePolicy: replacePolicy = 'Delete',
    } = declaration;
    if (condition !== undefined && !conditions.get(condition)) continue;
    const properties = await propertiesOf(declaration, full);
    resources.set(logicalId, { logicalId, type, deletionPolicy, replacePolicy, properties });
  }
  return resources;
}

async function propertiesOf({ properties }: ResourceDeclaration, scope: Scope): Promise<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(properties)) {
    // A function that needs a value to be known, such as Fn::Select of a list, cannot be called yet.
    const known = await evaluate(value, scope).catch(() => unknown(JSON.stringify(value).replaceAll('}', ')')));
    if (known !== undefined) values[name] = known;
  }
  return values;
}

type Declared = ReturnType<typeof parseTemplate>['parameters'];

function conditionScope({ parameters, stackId, stackName }: Given, declared: Declared): ConditionScope {
  const [, partition = 'aws', , region = '', accountId = ''] = stackId.split(':');
  const values = new Map<string, string | string[]>();
  for (const { name, type, default: fallback = '' } of declared.values()) {
    const given = parameters.find(({ ParameterKey }) => ParameterKey === name);
    const text = given?.ResolvedValue ?? given?.ParameterValue ?? fallback;
    const { fromSsm, list } = findParameterType(type) ?? { fromSsm: false, list: false };
    // The parameter's value is the name of the one in the parameter store.
    const value = fromSsm && given?.ResolvedValue === undefined ? unknown(`ssm:${text}`) : text;
    values.set(name, list ? value.split(',').map((item) => item.trim()) : value);
  }
  return {
    parameters: values,
    azs: async (ofRegion) => [0, 1, 2, 3].map((at) => unknown(`zone ${at} of ${ofRegion}`)),
    pseudo: {
      accountId,
      region,
      partition,
      stackId,
      stackName,
      urlSuffix: partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com',
      notificationArns: [],
    },
  };
}
