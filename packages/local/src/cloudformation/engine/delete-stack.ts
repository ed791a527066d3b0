import { setStackStatus } from '../events.ts';
import { checkUsedExports } from '../exports.ts';
import { deleteResources, type RetainPolicy } from './delete-resources.ts';
import { idsOf } from './failure.ts';
import { cancellationOf, type Run } from './run.ts';

/** What is retained when its stack is deleted. */
export const retainedOnDelete: RetainPolicy = ({ deletionPolicy }) =>
  deletionPolicy === 'Retain' || deletionPolicy === 'RetainExceptOnCreate';

/** Deletes a stack's resources and then the stack, whose status already says so. */
export async function removeStack(run: Run, keeps: RetainPolicy): Promise<void> {
  const { stack, cloud } = run;
  try {
    checkUsedExports(run, stack, []);
  } catch (cause) {
    setStackStatus(run, stack, 'DELETE_FAILED', (cause as Error).message);
    return;
  }
  const failed = await deleteResources(run, [...stack.cleanup, ...Object.values(stack.resources)], keeps);
  if (cancellationOf(run)) return;
  if (failed.length > 0) {
    setStackStatus(run, stack, 'DELETE_FAILED', `The following resource(s) failed to delete: [${idsOf(failed)}]. `);
    return;
  }
  stack.cleanup = [];
  stack.rollbackState = undefined;
  stack.outputs = [];
  stack.imports = [];
  stack.deleted = cloud.clock.now();
  setStackStatus(run, stack, 'DELETE_COMPLETE');
}
