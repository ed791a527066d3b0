import type { Check } from '../check.ts';
import { type Finding, mend, warning } from '../finding.ts';

/** The stack has come to the end of its last operation, and each of its resources exists as the template says. */
export const stackStatus: Check = {
  name: 'stack',
  async find({ stack, resources }) {
    const { StackName, StackStatus = '', StackStatusReason } = stack;
    const failed = resources
      .filter(({ status }) => status.endsWith('_FAILED'))
      .map(({ logicalId, status }) =>
        mend(`${logicalId} is ${status}`, `Update ${StackName}; its events say why it failed`),
      );
    return [...statusOf(`${StackName} is ${StackStatus}`, StackStatus, StackStatusReason), ...failed];
  },
};

function statusOf(what: string, status: string, reason: string | undefined): Finding[] {
  if (/^(CREATE|UPDATE|IMPORT)_COMPLETE$/.test(status)) return [];
  if (status.endsWith('_IN_PROGRESS')) return [warning(what, 'Run the same command again when it has ended')];
  const why = reason ? `${what}: ${reason}` : what;
  if (status === 'UPDATE_ROLLBACK_COMPLETE') {
    return [
      warning(why, 'It is as it was before its last update; update it again, once what its events name is mended'),
    ];
  }
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html#cfn-console-view-stack-data-resources-status-codes
  const isNew = /^(CREATE_FAILED|ROLLBACK_(COMPLETE|FAILED))$/.test(status);
  const next = isNew ? 'delete the stack and create it again' : 'repeat the operation, or continue its rollback';
  return [mend(why, `Mend what its events name, then ${next}`)];
}
