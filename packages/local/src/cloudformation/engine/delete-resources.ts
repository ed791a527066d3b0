import { setResourceStatus } from '../events.ts';
import { getResourceType } from '../resources/registry.ts';
import { Cancelled } from '../resources/resource-type.ts';
import type { ResourceRecord } from '../stack.ts';
import { failureReason } from './failure.ts';
import { inOrder, reversed } from './in-order.ts';
import { contextOf } from './resource-context.ts';
import type { Run } from './run.ts';

/** Whether a deleted resource's object is retained, by its deletion policy. */
export type RetainPolicy = (resource: ResourceRecord) => boolean;

/** Deletes things, each once those that need it are gone. Resolves with the ones that could not be deleted. */
export async function deleteResources(run: Run, resources: readonly ResourceRecord[], keeps: RetainPolicy) {
  const byKey = new Map(resources.map((resource) => [keyOf(resource), resource]));
  const needs = new Map(
    [...byKey].map(([key, { dependencies: names }]) => {
      const needed = resources.filter(({ logicalId }) => names.includes(logicalId)).map(keyOf);
      return [key, new Set(needed)];
    }),
  );
  const outcome = await inOrder(reversed(needs), (key) => deleteResource(run, byKey.get(key)!, keeps));
  return outcome.failed.map((key) => byKey.get(key)!);
}

function keyOf({ logicalId, physicalId }: ResourceRecord): string {
  return `${logicalId}/${physicalId ?? ''}`;
}

async function deleteResource(run: Run, resource: ResourceRecord, keeps: RetainPolicy): Promise<void> {
  const { stack } = run;
  if (resource.status === 'DELETE_COMPLETE' || resource.status === 'DELETE_SKIPPED') return;
  if (resource.physicalId === undefined) {
    setResourceStatus(run, stack, resource, 'DELETE_COMPLETE');
    return;
  }
  if (keeps(resource)) {
    setResourceStatus(run, stack, resource, 'DELETE_SKIPPED');
    return;
  }
  setResourceStatus(run, stack, resource, 'DELETE_IN_PROGRESS');
  const context = contextOf(run, resource);
  try {
    await getResourceType(resource.type).delete(resource.physicalId, resource.properties, context);
    setResourceStatus(run, stack, resource, 'DELETE_COMPLETE');
  } catch (cause) {
    const cancelled = cause instanceof Cancelled;
    const reason = cancelled ? 'Resource deletion cancelled' : failureReason(cause, resource, context.requestId, run);
    setResourceStatus(run, stack, resource, 'DELETE_FAILED', reason);
    throw cause;
  }
}
