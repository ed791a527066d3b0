import { setResourceStatus } from '../events.ts';
import { getResourceType } from '../resources/registry.ts';
import { Cancelled, ResourceFailure } from '../resources/resource-type.ts';
import type { ResourceRecord } from '../stack.ts';
import type { ResourceDeclaration } from '../template/parse.ts';
import { type Evaluated, evaluateDeclaration } from './evaluated.ts';
import { failureReason } from './failure.ts';
import { contextOf, markInitiated } from './resource-context.ts';
import type { PlannedRun, Run } from './run.ts';

/** Makes what a declaration says. Throws when it cannot be made; the event then says why. */
export async function createResource(run: PlannedRun, declaration: ResourceDeclaration): Promise<void> {
  const { stack, cloud } = run;
  const { logicalId, type, deletionPolicy, updateReplacePolicy } = declaration;
  const resource: ResourceRecord = {
    logicalId,
    type,
    status: 'CREATE_IN_PROGRESS',
    updated: cloud.clock.now(),
    properties: {},
    shownProperties: {},
    attributes: {},
    dependencies: [...(run.plan.needs.get(logicalId) ?? [])],
    deletionPolicy,
    updateReplacePolicy,
  };
  stack.resources[logicalId] = resource;
  let evaluated: Evaluated;
  try {
    evaluated = await evaluateDeclaration(run, declaration);
  } catch (cause) {
    setResourceStatus(run, stack, resource, 'CREATE_FAILED', failureReason(cause, resource, '', run));
    throw cause;
  }
  const { creationPolicy, ...declared } = evaluated;
  Object.assign(resource, declared);
  setResourceStatus(run, stack, resource, 'CREATE_IN_PROGRESS');
  await make(run, resource, 'CREATE', creationPolicy);
}

/** Makes the thing that takes the place of `old`, which goes in clean-up. */
export async function replaceResource(run: PlannedRun, old: ResourceRecord, evaluated: Evaluated): Promise<void> {
  const { stack } = run;
  const { creationPolicy, ...declared } = evaluated;
  const resource: ResourceRecord = { ...old, ...declared, physicalId: undefined, attributes: {}, noEcho: undefined };
  const reason = 'Requested update requires the creation of a new physical resource; hence creating one.';
  setResourceStatus(run, stack, { ...resource, physicalId: old.physicalId }, 'UPDATE_IN_PROGRESS', reason);
  resource.status = 'UPDATE_IN_PROGRESS';
  stack.resources[old.logicalId] = resource;
  stack.cleanup.push({ ...old, updateReplacePolicy: declared.updateReplacePolicy });
  await make(run, resource, 'UPDATE', creationPolicy);
}

async function make(
  run: Run,
  resource: ResourceRecord,
  verb: 'CREATE' | 'UPDATE',
  creationPolicy: unknown,
): Promise<void> {
  const context = contextOf(run, resource, creationPolicy);
  try {
    const made = await getResourceType(resource.type).create(resource.properties, context);
    markInitiated(run, resource, made.physicalId);
    Object.assign(resource, made);
    setResourceStatus(run, run.stack, resource, `${verb}_COMPLETE`);
  } catch (cause) {
    if (cause instanceof ResourceFailure || cause instanceof Cancelled) resource.physicalId ??= cause.physicalId;
    const reason = failureReason(cause, resource, context.requestId, run);
    setResourceStatus(run, run.stack, resource, `${verb}_FAILED`, reason);
    throw cause;
  }
}
