import type * as SageMaker from '@aws-sdk/client-sagemaker';
import { pageOf } from '../../../pages.ts';
import { invalid, type Operations } from '../records.ts';
import { isBetween } from '../time-filter.ts';
import { placedSteps, readDefinition } from './definition.ts';
import { atOwner, type ExecutionRecord, executions, getExecution, getPipeline, type StepRecord } from './records.ts';

const invalidToken = () => invalid('Invalid NextToken');

/** The operations that describe and list executions. */
export const executionReadOperations: Operations = {
  DescribePipelineExecution({ PipelineExecutionArn }, caller) {
    return getExecution(PipelineExecutionArn, atOwner(PipelineExecutionArn, caller)).shown;
  },

  DescribePipelineDefinitionForExecution({ PipelineExecutionArn }, caller) {
    const { definition, pipelineCreated } = getExecution(PipelineExecutionArn, atOwner(PipelineExecutionArn, caller));
    return { PipelineDefinition: definition, CreationTime: pipelineCreated };
  },

  ListPipelineExecutions(request, caller) {
    const { PipelineName = '', CreatedAfter, CreatedBefore, SortBy, SortOrder, NextToken, MaxResults } = request;
    const call = atOwner(PipelineName, caller);
    const { shown } = getPipeline(PipelineName, call);
    const all = [...executions(call).values()].filter(
      (one) =>
        one.pipelineName === shown.PipelineName && isBetween(one.shown.CreationTime, CreatedAfter, CreatedBefore),
    );
    const { items, token } = pageOf(
      all,
      (one) => `${SortBy === 'PipelineExecutionArn' ? '' : one.shown.CreationTime.toISOString()} ${one.arn}`,
      { token: NextToken, size: MaxResults ?? 10, descending: SortOrder !== 'Ascending' },
      invalidToken,
    );
    return { PipelineExecutionSummaries: items.map(summaryOf), NextToken: token };
  },

  ListPipelineExecutionSteps(request, caller) {
    const { PipelineExecutionArn, SortOrder, NextToken, MaxResults } = request;
    const execution = getExecution(PipelineExecutionArn, atOwner(PipelineExecutionArn, caller));
    const { items, token } = pageOf(
      execution.steps,
      ({ started, name }) => `${started.toISOString()} ${name}`,
      { token: NextToken, size: MaxResults ?? 10, descending: SortOrder !== 'Ascending' },
      invalidToken,
    );
    return { PipelineExecutionSteps: items.map((step) => stepOf(step, execution)), NextToken: token };
  },

  ListPipelineParametersForExecution(request, caller) {
    const { PipelineExecutionArn, NextToken, MaxResults } = request;
    const { parameters } = getExecution(PipelineExecutionArn, atOwner(PipelineExecutionArn, caller));
    const page = { token: NextToken, size: MaxResults ?? 10 };
    const { items, token } = pageOf(parameters, ({ Name }) => Name, page, invalidToken);
    return { PipelineParameters: items, NextToken: token };
  },
};

function summaryOf({ shown }: ExecutionRecord): SageMaker.PipelineExecutionSummary {
  const { PipelineExecutionArn, PipelineExecutionDescription, PipelineExecutionDisplayName } = shown;
  return {
    PipelineExecutionArn,
    StartTime: shown.CreationTime,
    PipelineExecutionStatus: shown.PipelineExecutionStatus,
    PipelineExecutionDescription,
    PipelineExecutionDisplayName,
    PipelineExecutionFailureReason: shown.FailureReason,
  };
}

function stepOf(step: StepRecord, { definition }: ExecutionRecord): SageMaker.PipelineExecutionStep {
  const placed = placedSteps(readDefinition(definition)).find((one) => one.step.Name === step.name);
  const { DisplayName, Description } = placed?.step ?? {};
  const { status, started, ended, failureReason, metadata, attempts } = step;
  const isOver = /^(Succeeded|Failed|Stopped)$/.test(status);
  return {
    StepName: step.name,
    ...(DisplayName !== undefined && { StepDisplayName: DisplayName }),
    ...(Description !== undefined && { StepDescription: Description }),
    StartTime: started,
    ...(ended && { EndTime: ended }),
    StepStatus: status,
    ...(failureReason !== undefined && { FailureReason: failureReason }),
    AttemptCount: attempts,
    // A condition's outcome is seen once it is over; a job, from its start.
    ...((isOver || step.job) && metadata && { Metadata: metadata }),
  };
}
