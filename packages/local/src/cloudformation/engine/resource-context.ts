import { requestId } from '../../request-id.ts';
import { setResourceStatus } from '../events.ts';
import { inventedName } from '../names.ts';
import { Cancelled, type ResourceContext } from '../resources/resource-type.ts';
import type { ResourceRecord } from '../stack.ts';
import type { Run } from './run.ts';

/** What one request about a resource may know and use. */
export function contextOf(run: Run, resource: ResourceRecord, creationPolicy?: unknown): ResourceContext {
  const { cloud, account, region, principal, signal, stack } = run;
  return {
    cloud,
    account,
    region,
    principal,
    signal,
    creationPolicy,
    stackId: stack.id,
    stackName: stack.name,
    logicalId: resource.logicalId,
    type: resource.type,
    requestId: requestId(cloud.store),
    initiated: (physicalId) => markInitiated(run, resource, physicalId),
    inventName: (most) => inventedName(cloud.store, stack.name, resource.logicalId, most),
    pause(ms) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const cancel = () => reject(new Cancelled(resource.physicalId));
      if (signal.aborted) cancel();
      signal.addEventListener('abort', cancel);
      const stop = cloud.clock.after(ms, resolve);
      return promise.finally(() => {
        stop();
        signal.removeEventListener('abort', cancel);
      });
    },
  };
}

/** Keeps the id of a thing that is being made, and tells in an event, once. */
export function markInitiated(run: Run, resource: ResourceRecord, physicalId: string): void {
  if (resource.physicalId === physicalId) return;
  resource.physicalId = physicalId;
  const status = resource.status === 'UPDATE_IN_PROGRESS' ? 'UPDATE_IN_PROGRESS' : 'CREATE_IN_PROGRESS';
  setResourceStatus(run, run.stack, resource, status, 'Resource creation Initiated');
}
