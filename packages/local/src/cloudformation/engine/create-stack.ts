import { setStackStatus } from '../events.ts';
import { checkNewExports } from '../exports.ts';
import type { Cancellation } from '../running.ts';
import { createResource } from './create-resource.ts';
import { deleteResources, type RetainPolicy } from './delete-resources.ts';
import { removeStack } from './delete-stack.ts';
import { failureSummary, idsOf } from './failure.ts';
import { inOrder } from './in-order.ts';
import { evaluateOutputs } from './outputs.ts';
import { cancellationOf, type PlannedRun, type Run, withOwnCancellation, withoutCancellation } from './run.ts';

/** Makes a stack's resources; when one fails, does with the rest what the stack's `OnFailure` says. */
export async function createStack(run: PlannedRun): Promise<void> {
  const { stack, cloud } = run;
  const phase = withOwnCancellation(run);
  const minutes = stack.timeoutInMinutes;
  const timeIsUp = () =>
    phase.cancel({ for: 'rollback', reason: 'Stack creation time exceeded the specified timeout' });
  const stopTimer = minutes === undefined ? () => {} : cloud.clock.after(minutes * 60_000, timeIsUp);
  const failure = await createAll(phase.run, phase.cancel);
  stopTimer();
  if (cancellationOf(run)?.for === 'deletion') return;
  if (failure !== undefined) {
    await creationFailed(withoutCancellation(run), failure);
    return;
  }
  stack.stable = true;
  setStackStatus(run, stack, 'CREATE_COMPLETE');
}

/** Resolves with why it failed, if it did. */
async function createAll(run: PlannedRun, cancel: (cancellation: Cancellation) => void): Promise<string | undefined> {
  const { stack, plan } = run;
  const create = async (logicalId: string) => {
    try {
      await createResource(run, plan.template.resources.get(logicalId)!);
    } catch (cause) {
      cancel({ for: 'rollback', reason: '' });
      throw cause;
    }
  };
  const { failed, left } = await inOrder(plan.needs, create, () => run.signal.aborted);
  const cancellation = cancellationOf(run);
  if (cancellation?.for === 'rollback' && cancellation.reason !== '') return `${cancellation.reason}.`;
  if (failed.length > 0) return failureSummary(stack.resources);
  if (left.length > 0) return 'Resource creation cancelled.';
  try {
    const outputs = await evaluateOutputs(run);
    checkNewExports(run, stack, outputs);
    stack.outputs = outputs;
    return undefined;
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}

async function creationFailed(run: Run, failure: string): Promise<void> {
  const { stack } = run;
  if (stack.onFailure === 'DO_NOTHING') {
    setStackStatus(run, stack, 'CREATE_FAILED', `${failure} `);
  } else if (stack.onFailure === 'DELETE') {
    setStackStatus(run, stack, 'DELETE_IN_PROGRESS', `${failure} Delete requested by user.`);
    await removeStack(run, retainedOnRollback);
  } else {
    setStackStatus(run, stack, 'ROLLBACK_IN_PROGRESS', `${failure} Rollback requested by user.`);
    await rollBackCreation(run);
  }
}

/** What is retained when its creation is rolled back. */
const retainedOnRollback: RetainPolicy = ({ deletionPolicy }) => deletionPolicy === 'Retain';

/** Deletes what a creation has made so far. The stack's status already says so. */
export async function rollBackCreation(run: Run): Promise<void> {
  const { stack } = run;
  const made = [...stack.cleanup, ...Object.values(stack.resources)];
  const failed = await deleteResources(run, made, retainedOnRollback);
  stack.cleanup = stack.cleanup.filter((resource) => failed.includes(resource));
  stack.outputs = [];
  stack.imports = [];
  if (failed.length === 0) setStackStatus(run, stack, 'ROLLBACK_COMPLETE');
  else
    setStackStatus(run, stack, 'ROLLBACK_FAILED', `The following resource(s) failed to delete: [${idsOf(failed)}]. `);
}
