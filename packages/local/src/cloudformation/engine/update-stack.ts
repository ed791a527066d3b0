import { setStackStatus } from '../events.ts';
import { checkNewExports, checkUsedExports } from '../exports.ts';
import type { Cancellation } from '../running.ts';
import { cleanUp } from './clean-up.ts';
import { rollBackCreation } from './create-stack.ts';
import { failureSummary } from './failure.ts';
import { inOrder } from './in-order.ts';
import { evaluateOutputs } from './outputs.ts';
import { rollBackUpdate } from './roll-back-update.ts';
import { cancellationOf, type PlannedRun, type Run, withOwnCancellation, withoutCancellation } from './run.ts';
import { updateResource } from './update-resource.ts';

/** Brings a stack to its new definition; when something fails, back to the one before. */
export async function updateStack(run: PlannedRun, { disableRollback }: { disableRollback: boolean }): Promise<void> {
  const { stack, plan } = run;
  const phase = withOwnCancellation(run);
  const failure = await updateAll(phase.run, phase.cancel);
  if (cancellationOf(run)?.for === 'deletion') return;
  if (failure !== undefined) {
    if (disableRollback) setStackStatus(run, stack, 'UPDATE_FAILED', `${failure} `);
    else await updateFailed(withoutCancellation(run), failure);
    return;
  }
  for (const resource of Object.values(stack.resources)) {
    if (plan.needs.has(resource.logicalId)) continue;
    stack.cleanup.push({ ...resource, updateReplacePolicy: resource.deletionPolicy });
    delete stack.resources[resource.logicalId];
  }
  stack.rollbackState = undefined;
  stack.stable = true;
  setStackStatus(run, stack, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
  const reason = await cleanUp(
    withoutCancellation(run),
    ({ updateReplacePolicy }) => updateReplacePolicy?.startsWith('Retain') ?? false,
  );
  setStackStatus(run, stack, 'UPDATE_COMPLETE', reason && `Update successful. ${reason}`);
}

/** Resolves with why it failed, if it did. */
async function updateAll(run: PlannedRun, cancel: (cancellation: Cancellation) => void): Promise<string | undefined> {
  const { stack } = run;
  const imports = stack.imports;
  stack.imports = [];
  const failure = await updateResources(run, cancel);
  // What was not reached may still use what it used before.
  if (failure !== undefined) stack.imports = [...new Set([...imports, ...stack.imports])];
  return failure;
}

async function updateResources(
  run: PlannedRun,
  cancel: (cancellation: Cancellation) => void,
): Promise<string | undefined> {
  const { stack, plan } = run;
  const update = async (logicalId: string) => {
    try {
      await updateResource(run, plan.template.resources.get(logicalId)!);
    } catch (cause) {
      cancel({ for: 'rollback', reason: '' });
      throw cause;
    }
  };
  const { failed, left } = await inOrder(plan.needs, update, () => run.signal.aborted);
  const cancellation = cancellationOf(run);
  if (cancellation?.for === 'rollback' && cancellation.reason !== '') return cancellation.reason;
  if (failed.length > 0) return failureSummary(stack.resources);
  if (left.length > 0) return 'Resource update cancelled.';
  try {
    const outputs = await evaluateOutputs(run);
    checkNewExports(run, stack, outputs);
    checkUsedExports(run, stack, outputs);
    stack.outputs = outputs;
    return undefined;
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}

async function updateFailed(run: Run, failure: string): Promise<void> {
  const { stack } = run;
  if (stack.rollbackState) {
    setStackStatus(run, stack, 'UPDATE_ROLLBACK_IN_PROGRESS', failure);
    await rollBackUpdate(run);
  } else {
    setStackStatus(run, stack, 'ROLLBACK_IN_PROGRESS', failure);
    await rollBackCreation(run);
  }
}
