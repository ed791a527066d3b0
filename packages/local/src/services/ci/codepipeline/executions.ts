import type * as CodePipeline from '@aws-sdk/client-codepipeline';
import { AwsError } from '../../../errors.ts';
import { pageOf } from '../../../pages.ts';
import { requestId } from '../../../request-id.ts';
import type { Call } from '../../../service.ts';
import { publishPipelineState } from './events.ts';
import { type ExecutionRecord, executions, executionsOf, getExecution, isInProgress } from './execution-record.ts';
import { current, type Declaration, getPipeline, type Operations, type PipelineRecord } from './records.ts';

type Input = Pick<CodePipeline.StartPipelineExecutionInput, 'variables' | 'sourceRevisions' | 'clientRequestToken'>;

/** Begins an execution of the pipeline as it is now. */
export function startExecution(
  record: PipelineRecord,
  trigger: CodePipeline.ExecutionTrigger,
  { variables = [], sourceRevisions = [], clientRequestToken }: Partial<Input>,
  call: Call,
): ExecutionRecord {
  const declaration = current(record);
  const now = new Date(call.clock.now());
  const execution: ExecutionRecord = {
    id: requestId(call.cloud.store),
    pipeline: declaration.name,
    pipelineArn: record.arn,
    declaration,
    status: 'InProgress',
    started: now,
    updated: now,
    trigger,
    clientRequestToken,
    variables: resolved(declaration, variables),
    overrides: Object.fromEntries(sourceRevisions.map((one) => [one.actionName!, one.revisionValue!])),
    revisions: [],
    stage: 0,
    entered: false,
    stageStatuses: {},
    attempts: [],
    begun: 1,
    artifacts: {},
    namespaces: {},
  };
  executions(call).set(execution.id, execution);
  publishPipelineState(execution, 'STARTED', call);
  call.later(0, 'proceed', { id: execution.id });
  return execution;
}

function resolved(
  { name, variables = [] }: Declaration,
  given: CodePipeline.PipelineVariable[],
): Record<string, string> {
  const invalid = (message: string) => new AwsError('ValidationException', message);
  const unknown = given.find((one) => !variables.some((declared) => declared.name === one.name));
  if (unknown) throw invalid(`Pipeline '${name}' does not declare a variable named '${unknown.name}'`);
  return Object.fromEntries(
    variables.map((declared) => {
      const value = given.find((one) => one.name === declared.name)?.value ?? declared.defaultValue;
      if (value === undefined) throw invalid(`The variable '${declared.name}' of pipeline '${name}' has no value`);
      return [declared.name!, value];
    }),
  );
}

export const executionOperations: Operations = {
  StartPipelineExecution({ name, ...input }, call) {
    const record = getPipeline(name, call);
    const same = executionsOf(name!, call).find(
      ({ clientRequestToken: token }) => token !== undefined && token === input.clientRequestToken,
    );
    if (same) return { pipelineExecutionId: same.id };
    const trigger = { triggerType: 'StartPipelineExecution' as const, triggerDetail: call.principal.arn };
    return { pipelineExecutionId: startExecution(record, trigger, input, call).id };
  },

  GetPipelineExecution({ pipelineName, pipelineExecutionId }, call) {
    const { declaration } = shownOf(pipelineName, pipelineExecutionId, call);
    const execution = getExecution(declaration.name, pipelineExecutionId, call);
    return {
      pipelineExecution: {
        pipelineName,
        pipelineVersion: declaration.version,
        pipelineExecutionId,
        status: execution.status,
        statusSummary: execution.summary,
        artifactRevisions: execution.revisions,
        variables: Object.entries(execution.variables).map(([name, resolvedValue]) => ({ name, resolvedValue })),
        trigger: execution.trigger,
        executionMode: declaration.executionMode,
        executionType: 'STANDARD',
      },
    };
  },

  ListPipelineExecutions({ pipelineName = '', maxResults = 100, nextToken }, call) {
    getPipeline(pipelineName, call);
    const invalid = () => new AwsError('InvalidNextTokenException', 'The next token is not valid');
    const all = executionsOf(pipelineName, call).map((execution, index) => ({ execution, index }));
    const keyOf = ({ index }: { index: number }) => String(index).padStart(9, '0');
    const request = { token: nextToken, size: maxResults, descending: true };
    const { items, token } = pageOf(all, keyOf, request, invalid);
    return { pipelineExecutionSummaries: items.map(({ execution }) => summaryOf(execution)), nextToken: token };
  },

  StopPipelineExecution({ pipelineName, pipelineExecutionId, abandon = false, reason }, call) {
    const execution = shownOf(pipelineName, pipelineExecutionId, call);
    if (!isInProgress(execution)) {
      const message = `Pipeline execution '${pipelineExecutionId}' is ${execution.status}, and cannot be stopped`;
      throw new AwsError('PipelineExecutionNotStoppableException', message);
    }
    if (execution.status === 'Stopping' && !abandon) {
      throw new AwsError(
        'DuplicatedStopRequestException',
        `Pipeline execution '${pipelineExecutionId}' is stopping already`,
      );
    }
    execution.stopReason = reason;
    execution.status = 'Stopping';
    publishPipelineState(execution, 'STOPPING', call);
    if (abandon) {
      const under = execution.attempts.filter(({ status }) => status === 'InProgress');
      for (const attempt of under) Object.assign(attempt, { status: 'Abandoned', updated: new Date(call.clock.now()) });
    }
    call.later(0, 'proceed', { id: execution.id });
    return { pipelineExecutionId };
  },
};

function shownOf(pipeline: string | undefined, id: string | undefined, call: Call): ExecutionRecord {
  getPipeline(pipeline, call);
  return getExecution(pipeline!, id, call);
}

function summaryOf(execution: ExecutionRecord): CodePipeline.PipelineExecutionSummary {
  const { id, status, summary, started, updated, revisions, trigger, stopReason, declaration, attempts } = execution;
  const sources = declaration.stages![0]!.actions ?? [];
  return {
    pipelineExecutionId: id,
    status,
    statusSummary: summary,
    startTime: started,
    lastUpdateTime: attempts.at(-1)?.updated ?? updated,
    sourceRevisions: revisions.map(({ name, revisionId, revisionSummary }) => ({
      actionName: sources.find(({ outputArtifacts }) => outputArtifacts?.[0]?.name === name)?.name,
      revisionId,
      revisionSummary,
    })),
    trigger,
    stopTrigger: stopReason === undefined ? undefined : { reason: stopReason },
    executionMode: declaration.executionMode,
    executionType: 'STANDARD',
  };
}
