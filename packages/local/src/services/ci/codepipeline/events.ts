import type { Call } from '../../../service.ts';
import type { Attempt, ExecutionRecord } from './execution-record.ts';

/** Publishes the state of an execution, of one of its stages or of an action to EventBridge. */
function publish(execution: ExecutionRecord, what: string, detail: Record<string, unknown>, call: Call): void {
  const { account, region, cloud } = call;
  cloud.events.emit('event', {
    source: 'aws.codepipeline',
    detailType: `CodePipeline ${what} Execution State Change`,
    account,
    region,
    resources: [execution.pipelineArn],
    detail: {
      pipeline: execution.pipeline,
      'execution-id': execution.id,
      version: execution.declaration.version,
      'start-time': execution.started.toISOString(),
      'pipeline-execution-attempt': execution.begun,
      ...detail,
    },
  });
}

export function publishPipelineState(execution: ExecutionRecord, state: string, call: Call): void {
  const { triggerType, triggerDetail } = execution.trigger;
  const trigger = { 'trigger-type': triggerType, 'trigger-detail': triggerDetail };
  publish(execution, 'Pipeline', { state, 'execution-trigger': trigger }, call);
}

export function publishStageState(execution: ExecutionRecord, stage: string, state: string, call: Call): void {
  publish(execution, 'Stage', { stage, state }, call);
}

export function publishActionState(execution: ExecutionRecord, attempt: Attempt, call: Call): void {
  const { id, stage, action, status, externalExecutionId, error } = attempt;
  const declared = execution.declaration.stages!.find(({ name }) => name === stage);
  const declaration = declared?.actions?.find(({ name }) => name === action);
  const detail = {
    stage,
    action,
    'action-execution-id': id,
    state: status === 'InProgress' ? 'STARTED' : status.toUpperCase(),
    type: { ...declaration?.actionTypeId },
    region: declaration?.region ?? call.region,
    'execution-result': {
      ...(externalExecutionId && { 'external-execution-id': externalExecutionId }),
      ...(error && { 'error-code': error.code, 'external-execution-summary': error.message }),
    },
  };
  publish(execution, 'Action', detail, call);
}
