import { AwsError } from '../../errors.ts';
import { exportsOf } from '../exports.ts';
import { findResourceType } from '../resources/registry.ts';
import { ResourceFailure } from '../resources/resource-type.ts';
import type { ResourceRecord, StackRecord } from '../stack.ts';
import type { Scope } from '../template/evaluate.ts';
import { instead, withWayOut } from '../template/way-out.ts';
import type { LookupCaller } from './lookup-caller.ts';
import { dynamicValue, zonesOf } from './lookups.ts';
import type { Plan } from './plan.ts';

/** What people see instead of a value that is not for them. */
const HIDDEN = { parameter: '****', attribute: '*****' };

/** What the functions of a stack's template can look at, as its resources stand now. */
export function scopeOf(caller: LookupCaller, stack: StackRecord, plan: Plan): Scope {
  return {
    ...plan,
    mappings: plan.template.mappings,
    ref: (logicalId) => resourceOf(stack, logicalId).physicalId,
    getAtt: (logicalId, attribute) => attributeOf(resourceOf(stack, logicalId), attribute),
    importValue(name) {
      const found = exportsOf(caller).get(name);
      if (!found) throw new AwsError('ValidationError', `No export named ${name} found.`);
      if (!stack.imports.includes(name)) stack.imports.push(name);
      return found.value;
    },
    dynamic: (service, key) => dynamicValue(caller, service, key),
    azs: (region) => zonesOf(caller, region),
  };
}

/** The same, as people may see it: without what is NoEcho, and without secrets. */
export function shownScope(scope: Scope, stack: StackRecord): Scope {
  const parameters = new Map(scope.parameters);
  for (const name of stack.noEcho) if (parameters.has(name)) parameters.set(name, HIDDEN.parameter);
  return {
    ...scope,
    parameters,
    getAtt: (logicalId, attribute) =>
      resourceOf(stack, logicalId).noEcho ? HIDDEN.attribute : scope.getAtt(logicalId, attribute),
    dynamic: async (service, key) =>
      service === 'ssm' ? scope.dynamic(service, key) : `{{resolve:${service}:${key}}}`,
  };
}

function resourceOf({ resources }: StackRecord, logicalId: string): ResourceRecord {
  const resource = resources[logicalId];
  if (resource?.physicalId !== undefined) return resource;
  throw new ResourceFailure(`Unresolved resource dependency: ${logicalId} has no physical id`);
}

function attributeOf({ type, physicalId, attributes }: ResourceRecord, attribute: string): unknown {
  const value = Object.hasOwn(attributes, attribute) ? attributes[attribute] : undefined;
  if (value !== undefined && value !== null) return value;
  const text = findResourceType(type)?.missingAttribute(attribute, physicalId ?? '');
  const known = Object.keys(attributes);
  const ways = known.length === 0 ? [] : [instead(attribute, known)];
  throw new ResourceFailure(withWayOut(text ?? `${type} has no attribute ${attribute}`, ways));
}
