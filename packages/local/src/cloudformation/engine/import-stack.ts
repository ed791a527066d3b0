import { setResourceStatus, setStackStatus } from '../events.ts';
import { getResourceType } from '../resources/registry.ts';
import { ResourceFailure } from '../resources/resource-type.ts';
import type { ResourceRecord, StackRecord } from '../stack.ts';
import { evaluateDeclaration } from './evaluated.ts';
import { failureReason } from './failure.ts';
import { inOrder } from './in-order.ts';
import { contextOf } from './resource-context.ts';
import type { PlannedRun } from './run.ts';

/** A thing that exists, and the logical id under which a stack is to have it. */
export interface ImportedResource {
  logicalId: string;
  type: string;
  /** The values of the properties that identify it. */
  identifier: Record<string, string>;
}

/** What a stack goes back to where an import fails. */
export type BeforeImport = Pick<StackRecord, 'definition' | 'noEcho' | 'resolvedParameters'>;

/** Takes things that exist into a stack; when one cannot be taken, none is. */
export async function importStack(
  run: PlannedRun,
  imports: readonly ImportedResource[],
  before: BeforeImport,
): Promise<void> {
  const { stack, plan } = run;
  const own = new Map(imports.map((one) => [one.logicalId, one]));
  const needs = new Map([...plan.needs].filter(([logicalId]) => own.has(logicalId)));
  const { failed, left } = await inOrder(needs, (logicalId) => importResource(run, own.get(logicalId)!));
  if (failed.length === 0) {
    stack.stable = true;
    setStackStatus(run, stack, 'IMPORT_COMPLETE');
    return;
  }
  const text = `The following resource(s) failed to import: [${[...failed, ...left].join(', ')}].`;
  setStackStatus(run, stack, 'IMPORT_ROLLBACK_IN_PROGRESS', text);
  // What was taken in stays as it is, outside of the stack.
  for (const logicalId of own.keys()) delete stack.resources[logicalId];
  Object.assign(stack, before);
  setStackStatus(run, stack, 'IMPORT_ROLLBACK_COMPLETE');
}

async function importResource(run: PlannedRun, { logicalId, type, identifier }: ImportedResource): Promise<void> {
  const { stack, cloud, plan } = run;
  const resource: ResourceRecord = {
    logicalId,
    type,
    status: 'IMPORT_IN_PROGRESS',
    updated: cloud.clock.now(),
    properties: {},
    shownProperties: {},
    attributes: {},
    dependencies: [],
  };
  stack.resources[logicalId] = resource;
  try {
    const { creationPolicy: _, ...declared } = await evaluateDeclaration(run, plan.template.resources.get(logicalId)!);
    const found = await getResourceType(type).imports?.find(identifier, run);
    Object.assign(resource, declared, { physicalId: found?.physicalId });
    setResourceStatus(run, stack, resource, 'IMPORT_IN_PROGRESS', 'Resource import started.');
    if (!found) throw notFound(type, identifier);
    Object.assign(resource, found);
    setResourceStatus(run, stack, resource, 'IMPORT_COMPLETE', 'Resource import completed.');
  } catch (cause) {
    setResourceStatus(run, stack, resource, 'IMPORT_FAILED', failureReason(cause, resource, '', run));
    throw cause;
  }
  await settleResource(run, resource);
}

/** Whatever it is said to be for, it brings the thing to what its declaration says. */
async function settleResource(run: PlannedRun, resource: ResourceRecord): Promise<void> {
  const { stack } = run;
  const context = contextOf(run, resource);
  const reason = 'Apply stack-level tags to imported resource if applicable.';
  setResourceStatus(run, stack, resource, 'UPDATE_IN_PROGRESS', reason);
  try {
    const kind = getResourceType(resource.type);
    Object.assign(resource, await kind.update(resource.physicalId!, resource.properties, {}, context));
    setResourceStatus(run, stack, resource, 'UPDATE_COMPLETE');
  } catch (cause) {
    setResourceStatus(run, stack, resource, 'UPDATE_FAILED', failureReason(cause, resource, context.requestId, run));
    throw cause;
  }
}

/** There is nothing that these values identify. */
export function notFound(type: string, identifier: Readonly<Record<string, string>>): ResourceFailure {
  const values = Object.values(identifier).join('|');
  return new ResourceFailure(`Resource of type '${type}' with identifier '${values}' was not found.`);
}
