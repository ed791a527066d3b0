import type * as CodePipeline from '@aws-sdk/client-codepipeline';
import { AwsError } from '../../../errors.ts';
import { pageOf } from '../../../pages.ts';
import type { Call } from '../../../service.ts';
import { type Attempt, type ExecutionRecord, executionsOf, getExecution, lastAttempt } from './execution-record.ts';
import { actionsOf, current, getPipeline, type Operations, type PipelineRecord } from './records.ts';

export const stateOperations: Operations = {
  GetPipelineState({ name }, call) {
    const record = getPipeline(name, call);
    const { stages = [], version } = current(record);
    const all = executionsOf(name!, call);
    const { created, updated } = record;
    return {
      pipelineName: name,
      pipelineVersion: version,
      stageStates: stages.map((stage) => stageState(stage, record, all)),
      created,
      updated,
    };
  },

  ListActionExecutions({ pipelineName = '', filter, maxResults = 100, nextToken }, call) {
    getPipeline(pipelineName, call);
    const id = filter?.pipelineExecutionId ?? filter?.latestInPipelineExecution?.pipelineExecutionId;
    const from = id === undefined ? executionsOf(pipelineName, call) : [getExecution(pipelineName, id, call)];
    const all = from.flatMap((execution) => execution.attempts.map((attempt) => ({ execution, attempt })));
    const numbered = all.map((one, index) => ({ ...one, index }));
    const invalid = () => new AwsError('InvalidNextTokenException', 'The next token is not valid');
    const keyOf = ({ index }: { index: number }) => String(index).padStart(9, '0');
    const request = { token: nextToken, size: maxResults, descending: true };
    const { items, token } = pageOf(numbered, keyOf, request, invalid);
    const details = items.map(({ execution, attempt }) => detailOf(execution, attempt, call));
    return { actionExecutionDetails: details, nextToken: token };
  },
};

function stageState(
  { name = '', actions = [] }: CodePipeline.StageDeclaration,
  { closed }: PipelineRecord,
  all: ExecutionRecord[],
): CodePipeline.StageState {
  const latest = all.findLast(({ stageStatuses }) => stageStatuses[name] !== undefined);
  const inbound = all.findLast(
    ({ status, entered, stage, declaration }) =>
      status === 'InProgress' && !entered && declaration.stages![stage]?.name === name,
  );
  const closing = closed[name];
  return {
    stageName: name,
    inboundExecution: inbound && { pipelineExecutionId: inbound.id, status: 'InProgress' },
    inboundTransitionState: {
      enabled: closing === undefined,
      ...(closing && {
        disabledReason: closing.reason,
        lastChangedBy: closing.by,
        lastChangedAt: closing.at,
      }),
    },
    actionStates: actions.map((action) => {
      const attempt = all.map((one) => lastAttempt(one, name, action.name!)).findLast((one) => one !== undefined);
      return { actionName: action.name, latestExecution: attempt && latestOf(attempt) };
    }),
    latestExecution: latest && { pipelineExecutionId: latest.id, status: latest.stageStatuses[name]! },
  };
}

function latestOf(attempt: Attempt): CodePipeline.ActionExecution {
  const { id, status, summary, updated, token, externalExecutionId, error } = attempt;
  return {
    actionExecutionId: id,
    status,
    summary,
    lastStatusChange: updated,
    token,
    externalExecutionId,
    errorDetails: error,
  };
}

function detailOf(execution: ExecutionRecord, attempt: Attempt, call: Call): CodePipeline.ActionExecutionDetail {
  const { declaration, artifacts } = execution;
  const { action } = actionsOf(declaration).find(
    (one) => one.stage.name === attempt.stage && one.action.name === attempt.action,
  )!;
  const region = action.region ?? call.region;
  const located = (name: string) => {
    const at = artifacts[name]?.[region];
    return { name, s3location: at && { bucket: at.bucket, key: at.key } };
  };
  return {
    pipelineExecutionId: execution.id,
    actionExecutionId: attempt.id,
    pipelineVersion: declaration.version,
    stageName: attempt.stage,
    actionName: attempt.action,
    startTime: attempt.started,
    lastUpdateTime: attempt.updated,
    status: attempt.status,
    input: {
      actionTypeId: action.actionTypeId,
      configuration: action.configuration,
      resolvedConfiguration: attempt.resolvedConfiguration,
      roleArn: action.roleArn,
      region,
      inputArtifacts: (action.inputArtifacts ?? []).map(({ name }) => located(name!)),
      namespace: action.namespace,
    },
    output: {
      outputArtifacts: (action.outputArtifacts ?? []).map(({ name }) => located(name!)),
      executionResult: {
        externalExecutionId: attempt.externalExecutionId,
        externalExecutionSummary: attempt.summary,
        errorDetails: attempt.error,
      },
      outputVariables: attempt.variables,
    },
  };
}
