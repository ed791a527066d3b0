import { setResourceStatus, setStackStatus } from '../events.ts';
import { getResourceType } from '../resources/registry.ts';
import type { ResourceRecord, RollbackState, StackRecord } from '../stack.ts';
import { changedProperties } from '../template/properties.ts';
import { cleanUp } from './clean-up.ts';
import { failureSummary } from './failure.ts';
import { inOrder, reversed } from './in-order.ts';
import type { Run } from './run.ts';
import { changeResource } from './update-resource.ts';

/**
 * Takes an update back: what was changed is changed again with the properties swapped, what was replaced comes back,
 * what was made goes. Dependents first, as the update went the other way. `skipped` are left as they are. The stack's
 * status already says so.
 */
export async function rollBackUpdate(run: Run, skipped: readonly string[] = []): Promise<void> {
  const { stack } = run;
  const rollbackState = stack.rollbackState!;
  stack.definition = rollbackState.definition;
  stack.noEcho = rollbackState.noEcho;
  stack.resolvedParameters = rollbackState.resolvedParameters;
  const touched = rollbackState.changedIds.filter((logicalId) => rollbackState.resources[logicalId]);
  const needs = new Map(
    touched.map((logicalId) => [logicalId, new Set(rollbackState.resources[logicalId]!.dependencies)]),
  );
  const { failed } = await inOrder(reversed(needs), (logicalId) =>
    skipped.includes(logicalId) ? skipResource(run, rollbackState, logicalId) : restore(run, rollbackState, logicalId),
  );
  if (failed.length > 0) {
    setStackStatus(run, stack, 'UPDATE_ROLLBACK_FAILED', `${failureSummary(stack.resources)} `);
    return;
  }
  stack.cleanup = resourcesToCleanUp(stack, rollbackState);
  stack.resources = Object.fromEntries(Object.keys(rollbackState.resources).map((id) => [id, stack.resources[id]!]));
  stack.outputs = rollbackState.outputs;
  stack.imports = rollbackState.imports;
  stack.rollbackState = undefined;
  setStackStatus(run, stack, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
  const words = await cleanUp(run, ({ deletionPolicy }) => deletionPolicy === 'Retain');
  setStackStatus(run, stack, 'UPDATE_ROLLBACK_COMPLETE', words);
}

async function restore(run: Run, rollbackState: RollbackState, logicalId: string): Promise<void> {
  const { stack } = run;
  const before = rollbackState.resources[logicalId]!;
  const now = stack.resources[logicalId]!;
  const type = getResourceType(before.type);
  const restored: ResourceRecord = { ...before };
  const isReplaced = now.physicalId !== before.physicalId;
  // A replacement that failed is dropped. One that was made is asked back from a custom resource's provider, which
  // sees its own new id, and answers with the one that it goes back to.
  const isAskedBack = isReplaced && now.status !== 'UPDATE_FAILED' && type.updatesOnRollback;
  const isSent = type.alwaysUpdates || changedProperties(now.properties, before.properties).length > 0;
  if (isAskedBack || (!isReplaced && isSent)) {
    restored.physicalId = now.physicalId;
    stack.resources[logicalId] = restored;
    await revertChange(run, restored, now);
  } else {
    stack.resources[logicalId] = restored;
    if (isReplaced && now.physicalId !== undefined) stack.cleanup.push(now);
    setResourceStatus(run, stack, restored, 'UPDATE_IN_PROGRESS');
    setResourceStatus(run, stack, restored, 'UPDATE_COMPLETE');
  }
  rollbackState.changedIds = rollbackState.changedIds.filter((other) => other !== logicalId);
}

async function revertChange(run: Run, restored: ResourceRecord, now: ResourceRecord): Promise<void> {
  try {
    await changeResource(run, restored, now);
  } catch (cause) {
    // Continuing the rollback sends the same change again.
    const { status, reason, physicalId, isPartlyUpdated: unsettled } = restored;
    run.stack.resources[now.logicalId] = { ...now, status, reason, physicalId, isPartlyUpdated: unsettled };
    throw cause;
  }
}

/** A skipped resource counts as rolled back, whatever its actual state. */
async function skipResource(run: Run, rollbackState: RollbackState, logicalId: string): Promise<void> {
  const { stack } = run;
  const restored = { ...rollbackState.resources[logicalId]! };
  stack.resources[logicalId] = restored;
  setResourceStatus(run, stack, restored, 'UPDATE_COMPLETE', 'Resource was skipped during the rollback');
  rollbackState.changedIds = rollbackState.changedIds.filter((other) => other !== logicalId);
}

/** What the update had created, and the replacements of resources that were restored. */
function resourcesToCleanUp({ resources, cleanup }: StackRecord, rollbackState: RollbackState): ResourceRecord[] {
  const made = Object.values(resources).filter(({ logicalId }) => !rollbackState.resources[logicalId]);
  const replaced = cleanup.filter(({ logicalId, physicalId }) => resources[logicalId]?.physicalId !== physicalId);
  return [...replaced, ...made];
}
