import { AwsError } from '../../../errors.ts';
import { publishPipelineState, publishStageState } from './events.ts';
import { executionsOf, getExecution, lastAttempt } from './execution-record.ts';
import { getPipeline, getStage, type Operations } from './records.ts';
import { close } from './run.ts';

export const retryOperations: Operations = {
  /** Tries the failed actions of a stage again, or all of them; those of later stages then follow. */
  RetryStageExecution({ pipelineName = '', stageName = '', pipelineExecutionId, retryMode }, call) {
    getPipeline(pipelineName, call);
    const execution = getExecution(pipelineName, pipelineExecutionId, call);
    const stage = getStage(execution.declaration, stageName);
    const latest = executionsOf(pipelineName, call).findLast((one) => one.stageStatuses[stageName] !== undefined);
    if (latest !== execution) {
      const message = `Pipeline execution '${pipelineExecutionId}' is not the latest in stage '${stageName}'`;
      throw new AwsError('NotLatestPipelineExecutionException', message);
    }
    const status = execution.stageStatuses[stageName];
    if (status !== 'Failed' && status !== 'Stopped') {
      throw new AwsError(
        'StageNotRetryableException',
        `Stage '${stageName}' has not failed, and cannot be tried again`,
      );
    }
    for (const { name } of stage.actions ?? []) {
      const last = lastAttempt(execution, stageName, name!);
      const isDone = last?.status === 'Succeeded' && retryMode !== 'ALL_ACTIONS';
      if (last && !isDone) last.retried = true;
    }
    Object.assign(execution, { status: 'InProgress', entered: true, stopReason: undefined });
    execution.stageStatuses[stageName] = 'InProgress';
    execution.begun += 1;
    publishPipelineState(execution, 'RESUMED', call);
    publishStageState(execution, stageName, 'RESUMED', call);
    call.later(0, 'proceed', { id: execution.id });
    return { pipelineExecutionId };
  },

  PutApprovalResult({ pipelineName = '', stageName = '', actionName = '', result, token }, call) {
    getPipeline(pipelineName, call);
    const waiting = executionsOf(pipelineName, call).map((execution) => ({
      execution,
      attempt: lastAttempt(execution, stageName, actionName),
    }));
    const found = waiting.find(({ attempt }) => attempt?.token !== undefined && attempt.token === token);
    if (!found?.attempt) throw new AwsError('InvalidApprovalTokenException', 'The approval token is not valid');
    const { execution, attempt } = found;
    const { status, summary } = result!;
    attempt.summary = summary;
    if (status === 'Rejected') attempt.error = { code: 'JobFailed', message: summary ?? '' };
    close(execution, attempt, status === 'Approved' ? 'Succeeded' : 'Failed', call);
    call.later(0, 'proceed', { id: execution.id });
    return { approvedAt: attempt.updated };
  },
};
