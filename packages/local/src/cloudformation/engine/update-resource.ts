import { setResourceStatus } from '../events.ts';
import { getResourceType } from '../resources/registry.ts';
import { Cancelled, ResourceFailure } from '../resources/resource-type.ts';
import type { ResourceRecord } from '../stack.ts';
import type { ResourceDeclaration } from '../template/parse.ts';
import { changedProperties } from '../template/properties.ts';
import { MissingPermission } from '../types/handler-permissions.ts';
import { createResource, replaceResource } from './create-resource.ts';
import { type Evaluated, evaluateDeclaration } from './evaluated.ts';
import { failureReason } from './failure.ts';
import { contextOf } from './resource-context.ts';
import type { PlannedRun, Run } from './run.ts';

/**
 * Brings a resource to what its declaration says now: makes it, changes it, puts another in its place, or leaves it
 * alone. Throws when that fails; the event then says why.
 */
export async function updateResource(run: PlannedRun, declaration: ResourceDeclaration): Promise<void> {
  const { stack } = run;
  const { logicalId } = declaration;
  const resource = stack.resources[logicalId];
  if (!resource || resource.status === 'CREATE_FAILED') {
    // What an earlier attempt, not rolled back, has half made.
    if (resource?.physicalId !== undefined) stack.cleanup.push(resource);
    recordChanged(run, logicalId);
    return createResource(run, declaration);
  }
  const type = getResourceType(declaration.type);
  let evaluated: Evaluated;
  try {
    evaluated = await evaluateDeclaration(run, declaration);
  } catch (cause) {
    recordChanged(run, logicalId);
    setResourceStatus(run, stack, resource, 'UPDATE_FAILED', failureReason(cause, resource, '', run));
    throw cause;
  }
  const { creationPolicy: _, ...declared } = evaluated;
  const changed = changedProperties(resource.properties, evaluated.properties);
  const isWhole = resource.physicalId !== undefined && !resource.isPartlyUpdated;
  if (changed.length === 0 && isWhole && !type.alwaysUpdates) {
    Object.assign(resource, declared);
    // An earlier attempt failed before the thing itself was asked for anything.
    if (resource.status === 'UPDATE_FAILED') setResourceStatus(run, stack, resource, 'UPDATE_COMPLETE');
    return;
  }
  recordChanged(run, logicalId);
  const replacing = type.replacedBy?.(changed, evaluated.properties, resource.properties) ?? [];
  if (resource.physicalId === undefined || replacing.length > 0) {
    return replaceResource(run, resource, evaluated);
  }
  const before = { ...resource };
  Object.assign(resource, declared);
  await changeResource(run, resource, before);
}

/** Sends an update of the thing from what its record was before to what it is now. */
export async function changeResource(run: Run, resource: ResourceRecord, before: ResourceRecord): Promise<void> {
  const { stack } = run;
  const context = contextOf(run, resource);
  setResourceStatus(run, stack, resource, 'UPDATE_IN_PROGRESS');
  try {
    const made = await getResourceType(resource.type).update(
      resource.physicalId ?? '',
      resource.properties,
      before.properties,
      context,
    );
    if (made.physicalId !== before.physicalId) {
      // As for native types, the template that replaces it says what becomes of the old one.
      stack.cleanup.push({ ...before, updateReplacePolicy: resource.updateReplacePolicy });
      Object.assign(resource, made);
      const reason = 'Requested update required the provider to create a new physical resource';
      setResourceStatus(run, stack, resource, 'UPDATE_IN_PROGRESS', reason);
    }
    Object.assign(resource, made, { isPartlyUpdated: false });
    setResourceStatus(run, stack, resource, 'UPDATE_COMPLETE');
  } catch (cause) {
    const made = cause instanceof ResourceFailure ? cause.physicalId : undefined;
    const isUnchanged = (cause instanceof ResourceFailure || cause instanceof MissingPermission) && cause.isUnchanged;
    const { properties, shownProperties, isPartlyUpdated } = before;
    Object.assign(resource, isUnchanged ? { properties, shownProperties, isPartlyUpdated } : { isPartlyUpdated: true });
    // A failed update that answers with another id has half made a replacement.
    if (made !== undefined && made !== before.physicalId) {
      stack.cleanup.push(before);
      resource.physicalId = made;
    }
    const cancelled = cause instanceof Cancelled;
    const reason = cancelled ? 'Resource update cancelled' : failureReason(cause, resource, context.requestId, run);
    setResourceStatus(run, stack, resource, 'UPDATE_FAILED', reason);
    throw cause;
  }
}

function recordChanged({ stack: { rollbackState } }: Run, logicalId: string): void {
  if (rollbackState && !rollbackState.changedIds.includes(logicalId)) rollbackState.changedIds.push(logicalId);
}
