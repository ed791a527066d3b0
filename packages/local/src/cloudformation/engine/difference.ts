import { AwsError } from '../../errors.ts';
import { getResourceType } from '../resources/registry.ts';
import { type Properties, ResourceFailure } from '../resources/resource-type.ts';
import type { ResourceRecord, StackRecord } from '../stack.ts';
import { evaluate, type Scope } from '../template/evaluate.ts';
import type { ResourceDeclaration } from '../template/parse.ts';
import { changedProperties, sameValue } from '../template/properties.ts';
import { type Reference, references } from '../template/references.ts';
import type { LookupCaller } from './lookup-caller.ts';
import { declarationsOf, type Plan } from './plan.ts';
import { scopeOf } from './scope.ts';

/** The resource whose own change a property follows. */
export interface Cause {
  reference: Reference;
  kind: 'ResourceReference' | 'ResourceAttribute';
}

/** One changed property of a resource, and what makes it change. */
export interface PropertyChange {
  property: string;
  /** A change to it makes another thing. */
  replaces: boolean;
  /** Left out when the template or a parameter changes it. */
  cause?: Cause;
  /** The parameter that the property's value comes from, where there is one. */
  parameter?: string;
}

/** What an update would do to a resource. */
export interface ResourceChange {
  action: 'Add' | 'Modify' | 'Remove';
  declaration?: ResourceDeclaration;
  logicalId: string;
  type: string;
  physicalId?: string;
  properties: PropertyChange[];
  /** What changes of it besides. */
  scope: ('Metadata' | 'DeletionPolicy' | 'UpdateReplacePolicy')[];
  replacement?: 'True' | 'False' | 'Conditional';
}

/** Stands for a value that is not known before its resource is changed; it is like no value that is. */
const UNKNOWN = '{{changeSet:KNOWN_AFTER_APPLY}}';

/** What bringing the stack to the plan would do to its resources, as far as that can be known. */
export async function differenceOf(caller: LookupCaller, stack: StackRecord, plan: Plan): Promise<ResourceChange[]> {
  const changes = new Map<string, ResourceChange>();
  // Looking for a difference imports nothing.
  const scope = scopeOf(caller, { ...stack, imports: [] }, plan);
  const order = inDependencyOrder(plan);
  for (const declaration of order) {
    const change = await changeOf(stack, plan, declaration, scope, changes);
    if (change) changes.set(change.logicalId, change);
  }
  for (const { logicalId, type, physicalId } of Object.values(stack.resources)) {
    if (plan.needs.has(logicalId)) continue;
    changes.set(logicalId, { action: 'Remove', logicalId, type, physicalId, properties: [], scope: [] });
  }
  return [...changes.values()];
}

function inDependencyOrder(plan: Plan): ResourceDeclaration[] {
  const ordered = new Map<string, ResourceDeclaration>();
  const byId = new Map(declarationsOf(plan).map((declaration) => [declaration.logicalId, declaration]));
  const add = (logicalId: string) => {
    if (ordered.has(logicalId)) return;
    for (const needed of plan.needs.get(logicalId) ?? []) add(needed);
    ordered.set(logicalId, byId.get(logicalId)!);
  };
  for (const logicalId of byId.keys()) add(logicalId);
  return [...ordered.values()];
}

async function changeOf(
  stack: StackRecord,
  plan: Plan,
  declaration: ResourceDeclaration,
  scope: Scope,
  changes: ReadonlyMap<string, ResourceChange>,
): Promise<ResourceChange | undefined> {
  const { logicalId, type: typeName } = declaration;
  const resource = stack.resources[logicalId];
  const base = { declaration, logicalId, type: typeName, physicalId: resource?.physicalId };
  if (!resource || resource.status === 'CREATE_FAILED') return { ...base, action: 'Add', properties: [], scope: [] };
  const type = getResourceType(typeName);
  const causes = causesOf(declaration, plan, changes);
  const properties = await knownProperties(declaration, scope, stack, causes);
  const changed = changedProperties(resource.properties, properties);
  const attributes = changedAttributes(resource, declaration);
  const isRetried = resource.physicalId === undefined || resource.isPartlyUpdated || type.alwaysUpdates;
  if (changed.length === 0 && attributes.length === 0 && !isRetried) return undefined;
  const replacing = new Set(type.replacedBy?.(changed, properties, resource.properties) ?? []);
  const details = changed.map((property) => ({
    property,
    replaces: replacing.has(property),
    cause: causes.get(property),
    parameter: parameterIn(declaration.properties[property], plan),
  }));
  const certain = details.some(({ replaces, cause }) => replaces && !cause);
  const possible = details.some(({ replaces }) => replaces);
  const replacement = certain ? 'True' : possible || !type.replacedBy ? 'Conditional' : 'False';
  return { ...base, action: 'Modify', properties: details, scope: attributes, replacement };
}

/** The properties' values as they are known now: of those that follow a change of another resource nothing is. */
async function knownProperties(
  { type, properties }: ResourceDeclaration,
  scope: Scope,
  { definition }: StackRecord,
  causes: ReadonlyMap<string, Cause>,
): Promise<Properties> {
  const values: Properties = {};
  for (const [name, value] of Object.entries(properties)) {
    const known = causes.has(name) ? UNKNOWN : await valueOrUnknown(value, scope);
    if (known !== undefined) values[name] = known;
  }
  return getResourceType(type).complete?.(values, definition.tags) ?? values;
}

/** A value that cannot be resolved is reported in an event, when the update reaches it. */
async function valueOrUnknown(value: unknown, scope: Scope): Promise<unknown> {
  try {
    return await evaluate(value, scope);
  } catch (error) {
    if (error instanceof AwsError || error instanceof ResourceFailure) return UNKNOWN;
    throw error;
  }
}

function changedAttributes(resource: ResourceRecord, declaration: ResourceDeclaration): ResourceChange['scope'] {
  const isSamePolicy = (name: 'deletionPolicy' | 'updateReplacePolicy') =>
    (resource[name] ?? 'Delete') === (declaration[name] ?? 'Delete');
  return [
    ...(sameValue(resource.metadata ?? {}, declaration.metadata ?? {}) ? [] : (['Metadata'] as const)),
    ...(isSamePolicy('deletionPolicy') ? [] : (['DeletionPolicy'] as const)),
    ...(isSamePolicy('updateReplacePolicy') ? [] : (['UpdateReplacePolicy'] as const)),
  ];
}

/** The properties whose values are not known before another resource is changed: an id that will be another, or an
 * attribute that may be. */
function causesOf(
  { properties }: ResourceDeclaration,
  plan: Plan,
  changes: ReadonlyMap<string, ResourceChange>,
): Map<string, Cause> {
  const isOpen = ({ kind, name }: Reference) => {
    const change = changes.get(name);
    if (!change) return false;
    // A reference to what is conditionally recreated is a change, too (API_ResourceChangeDetail, Evaluation: Dynamic). Of a
    // custom resource, whose function decides, nothing is foreseen.
    const mayBeAnother = change.replacement === 'Conditional' && getResourceType(change.type).replacedBy !== undefined;
    if (change.action === 'Add' || change.replacement === 'True' || mayBeAnother) {
      return kind === 'value' || kind === 'attribute';
    }
    return kind === 'attribute' && change.properties.length > 0;
  };
  const causes = new Map<string, Cause>();
  for (const [property, value] of Object.entries(properties)) {
    const reference = [...references(value, '', plan.conditions)].find(isOpen);
    const kind = reference?.kind === 'value' ? 'ResourceReference' : 'ResourceAttribute';
    if (reference) causes.set(property, { reference, kind });
  }
  return causes;
}

function parameterIn(value: unknown, { conditions, template }: Plan): string | undefined {
  const found = [...references(value, '', conditions)];
  return found.find(({ kind, name }) => kind === 'value' && template.parameters.has(name))?.name;
}
