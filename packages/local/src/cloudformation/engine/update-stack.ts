import { setStackStatus } from '../events.ts';
import { checkNewExports, checkUsedExports } from '../exports.ts';
import type { Cancellation } from '../running.ts';
import { deleteResources } from './delete-resources.ts';
import { failedText } from './failure.ts';
import { inOrder } from './in-order.ts';
import { evaluateOutputs } from './outputs.ts';
import { rollBackUpdate } from './roll-back-update.ts';
import { cancellationOf, type PlannedRun, type Run, uncancelled, withOwnCancellation } from './run.ts';
import { updateResource } from './update-resource.ts';

/** Brings a stack to its new definition; when something fails, back to the one before. */
export async function updateStack(run: PlannedRun, { disableRollback }: { disableRollback: boolean }): Promise<void> {
  const { stack, plan } = run;
  const phase = withOwnCancellation(run);
  const failure = await updateAll(phase.run, phase.cancel);
  if (cancellationOf(run)?.for === 'deletion') return;
  if (failure !== undefined) {
    if (disableRollback) setStackStatus(run, stack, 'UPDATE_FAILED', `${failure} `);
    else {
      setStackStatus(run, stack, 'UPDATE_ROLLBACK_IN_PROGRESS', failure);
      await rollBackUpdate(uncancelled(run));
    }
    return;
  }
  for (const resource of Object.values(stack.resources)) {
    if (plan.needs.has(resource.logicalId)) continue;
    stack.cleanup.push({ ...resource, updateReplacePolicy: resource.deletionPolicy });
    delete stack.resources[resource.logicalId];
  }
  stack.undo = undefined;
  setStackStatus(run, stack, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
  const reason = await cleanUp(run);
  setStackStatus(run, stack, 'UPDATE_COMPLETE', reason && `Update successful. ${reason}`);
}

/** Resolves with why it failed, if it did. */
async function updateAll(run: PlannedRun, cancel: (cancellation: Cancellation) => void): Promise<string | undefined> {
  const { stack, plan } = run;
  const update = async (logicalId: string) => {
    try {
      await updateResource(run, plan.template.resources.get(logicalId)!);
    } catch (cause) {
      cancel({ for: 'rollback', reason: '' });
      throw cause;
    }
  };
  const imports = stack.imports;
  stack.imports = [];
  const { failed, left } = await inOrder(plan.needs, update, () => run.signal.aborted);
  const cancellation = cancellationOf(run);
  if (cancellation?.for === 'rollback' && cancellation.reason !== '') return cancellation.reason;
  if (failed.length > 0) return failedText(stack.resources);
  if (left.length > 0) return 'Resource update cancelled.';
  try {
    const outputs = await evaluateOutputs(run);
    checkNewExports(run, stack, outputs);
    checkUsedExports(run, stack, outputs);
    stack.outputs = outputs;
    return undefined;
  } catch (cause) {
    stack.imports = imports;
    return cause instanceof Error ? cause.message : String(cause);
  }
}

/**
 * Deletes what a finished update has left behind. What cannot be deleted is given up, as CloudFormation does; resolves
 * with the words for that.
 */
export async function cleanUp(run: Run): Promise<string | undefined> {
  const { stack } = run;
  const failed = await deleteResources(
    run,
    stack.cleanup,
    ({ updateReplacePolicy }) => updateReplacePolicy?.startsWith('Retain') ?? false,
  );
  stack.cleanup = [];
  return failed.length > 0 ? 'One or more resources could not be deleted.' : undefined;
}
