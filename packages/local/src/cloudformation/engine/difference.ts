import { getResourceType } from '../resources/registry.ts';
import type { StackRecord } from '../stack.ts';
import type { Scope } from '../template/evaluate.ts';
import type { ResourceDeclaration } from '../template/parse.ts';
import { changedProperties, sameValue } from '../template/properties.ts';
import { type Reference, references } from '../template/references.ts';
import { propertiesIn } from './evaluated.ts';
import type { Looking } from './lookups.ts';
import { declarationsOf, type Plan } from './plan.ts';
import { scopeOf } from './scope.ts';

/** One changed property of a resource, and what makes it change. */
export interface PropertyChange {
  property: string;
  /** A change to it makes another thing. */
  replaces: boolean;
  /** The resource whose own change it follows; left out when the template or a parameter changes it. */
  cause?: { reference: Reference; kind: 'ResourceReference' | 'ResourceAttribute' };
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
  /** Its metadata or its policies change. */
  scope: ('Metadata' | 'DeletionPolicy' | 'UpdateReplacePolicy' | 'Tags')[];
  replacement?: 'True' | 'False' | 'Conditional';
}

/** Stands for a value that is not known before its resource is changed; it is like no value that is. */
const UNKNOWN = '{{changeSet:KNOWN_AFTER_APPLY}}';

/** What bringing the stack to the plan would do to its resources, as far as that can be known. */
export async function differenceOf(looking: Looking, stack: StackRecord, plan: Plan): Promise<ResourceChange[]> {
  const changes = new Map<string, ResourceChange>();
  const scope = knownScope(looking, stack, plan, changes);
  const order = inNeedOrder(plan);
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

function inNeedOrder(plan: Plan): ResourceDeclaration[] {
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

/** The stack's scope as it is now, without what a change of a resource will change. */
function knownScope(
  looking: Looking,
  stack: StackRecord,
  plan: Plan,
  changes: ReadonlyMap<string, ResourceChange>,
): Scope {
  // Looking for a difference imports nothing.
  const scope = scopeOf(looking, { ...stack, imports: [] }, plan);
  const isNew = (logicalId: string) => {
    const change = changes.get(logicalId);
    return change?.action === 'Add' || change?.replacement === 'True' || !stack.resources[logicalId]?.physicalId;
  };
  const hasChanged = (logicalId: string) => (changes.get(logicalId)?.properties.length ?? 0) > 0;
  return {
    ...scope,
    ref: (logicalId) => (isNew(logicalId) ? UNKNOWN : scope.ref(logicalId)),
    getAtt: (logicalId, attribute) =>
      isNew(logicalId) || hasChanged(logicalId) ? UNKNOWN : scope.getAtt(logicalId, attribute),
  };
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
  const properties = await propertiesIn(declaration, scope, stack.definition.tags);
  const changed = changedProperties(resource.properties, properties);
  const policies = (['DeletionPolicy', 'UpdateReplacePolicy'] as const).filter((policy) => {
    const key = policy === 'DeletionPolicy' ? 'deletionPolicy' : 'updateReplacePolicy';
    return (resource[key] ?? 'Delete') !== (declaration[key] ?? 'Delete');
  });
  const metadata = sameValue(resource.metadata ?? {}, declaration.metadata ?? {}) ? [] : (['Metadata'] as const);
  const isRetried = resource.status === 'UPDATE_FAILED' || type.updatesAlways;
  if (changed.length === 0 && policies.length === 0 && metadata.length === 0 && !isRetried) return undefined;
  const replacing = new Set(type.replacedBy?.(changed) ?? []);
  const details = changed.map((property) => ({
    property,
    replaces: replacing.has(property),
    ...causeOf(declaration.properties[property], plan, changes),
  }));
  const certain = details.some(({ replaces, cause }) => replaces && !cause);
  const possible = details.some(({ replaces }) => replaces);
  const replacement = certain ? 'True' : possible || !type.replacedBy ? 'Conditional' : 'False';
  return { ...base, action: 'Modify', properties: details, scope: [...metadata, ...policies], replacement };
}

function causeOf(
  value: unknown,
  plan: Plan,
  changes: ReadonlyMap<string, ResourceChange>,
): Pick<PropertyChange, 'cause' | 'parameter'> {
  const found = [...references(value, '', plan.conditions)];
  const reference = found.find(({ kind, name }) => (kind === 'attribute' || kind === 'value') && changes.has(name));
  const parameter = found.find(({ kind, name }) => kind === 'value' && plan.template.parameters.has(name))?.name;
  if (!reference) return { parameter };
  return { cause: { reference, kind: reference.kind === 'value' ? 'ResourceReference' : 'ResourceAttribute' } };
}
