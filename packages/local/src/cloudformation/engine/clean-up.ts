import { deleteResources, type RetainPolicy } from './delete-resources.ts';
import type { Run } from './run.ts';

/**
 * Deletes what a finished update, or its rollback, has left behind. What cannot be deleted is given up, as
 * CloudFormation does; resolves with the words for that.
 */
export async function cleanUp(run: Run, keeps: RetainPolicy): Promise<string | undefined> {
  const { stack } = run;
  const failed = await deleteResources(run, stack.cleanup, keeps);
  stack.cleanup = [];
  return failed.length > 0 ? 'One or more resources could not be deleted.' : undefined;
}
