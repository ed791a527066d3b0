import { regionalArn } from '../../../arn.ts';
import { alphanumerics } from '../../../random.ts';
import type { Call } from '../../../service.ts';
import { invalid, type Operations } from '../records.ts';
import { parametersOf } from './parameters.ts';
import { atOwner, type ExecutionRecord, executions, getExecution, getPipeline } from './records.ts';
import { go, halt } from './run.ts';

/** Throws unless an execution is in one of these statuses. What AWS says of that is not documented. */
function mustBe(statuses: string[], doing: string, { arn, shown }: ExecutionRecord): void {
  const { PipelineExecutionStatus: status } = shown;
  if (statuses.includes(status)) return;
  const only = `Only an execution with the status ${statuses.join(' or ')} can be ${doing}.`;
  throw invalid(`Pipeline execution with ARN ${arn} has the status ${status}. ${only}`);
}

export const executionOperations: Operations = {
  StartPipelineExecution(request, caller) {
    const { PipelineParameters = [], PipelineName = '', ClientRequestToken: token } = request;
    if (request.PipelineVersionId !== undefined) throw invalid('The local cloud keeps no versions of pipelines.');
    if (request.SelectiveExecutionConfig) throw invalid('The local cloud executes pipelines only as a whole.');
    const call = atOwner(PipelineName, caller);
    const pipeline = getPipeline(PipelineName, call);
    const { PipelineArn, PipelineName: name, PipelineDefinition: definition, RoleArn } = pipeline.shown;
    if (pipeline.shown.PipelineStatus !== 'Active') throw invalid(`Pipeline '${PipelineArn}' is being deleted.`);
    const same = [...executions(call).values()].find(
      (one) => token !== undefined && one.token === token && one.pipelineName === name,
    );
    if (same) return { PipelineExecutionArn: same.arn };
    const parameters = parametersOf(definition, PipelineParameters);
    const arn = regionalArn('sagemaker', `pipeline/${name}/execution/${alphanumerics(call.cloud.store, 12)}`, call);
    const now = new Date(call.clock.now());
    const by = { IamIdentity: { Arn: call.principal.arn } };
    const { PipelineExecutionDescription, PipelineExecutionDisplayName = `execution-${now.getTime()}` } = request;
    const ParallelismConfiguration = request.ParallelismConfiguration ?? pipeline.shown.ParallelismConfiguration;
    const execution: ExecutionRecord = {
      arn,
      pipelineName: name,
      shown: {
        PipelineArn,
        PipelineExecutionArn: arn,
        PipelineExecutionDisplayName,
        PipelineExecutionStatus: 'Executing',
        ...(PipelineExecutionDescription !== undefined && { PipelineExecutionDescription }),
        CreationTime: now,
        LastModifiedTime: now,
        CreatedBy: by,
        LastModifiedBy: by,
        ...(ParallelismConfiguration && { ParallelismConfiguration }),
      },
      parameters,
      definition,
      roleArn: RoleArn,
      pipelineCreated: pipeline.shown.CreationTime,
      steps: [],
      run: 0,
      token,
    };
    executions(call).set(arn, execution);
    pipeline.shown.LastRunTime = now;
    go(execution, call);
    return { PipelineExecutionArn: arn };
  },

  UpdatePipelineExecution({ PipelineExecutionArn, ...members }, caller) {
    const call = atOwner(PipelineExecutionArn, caller);
    const { shown, arn } = getExecution(PipelineExecutionArn, call);
    const LastModifiedBy = { IamIdentity: { Arn: call.principal.arn } };
    Object.assign(shown, members, { LastModifiedTime: new Date(call.clock.now()), LastModifiedBy });
    return { PipelineExecutionArn: arn };
  },

  async StopPipelineExecution({ PipelineExecutionArn }, caller) {
    const call = atOwner(PipelineExecutionArn, caller);
    const execution = getExecution(PipelineExecutionArn, call);
    mustBe(['Executing'], 'stopped', execution);
    await halt(execution, call);
    return { PipelineExecutionArn };
  },

  /** Begins again what has failed or was stopped; what has succeeded stays. */
  RetryPipelineExecution({ PipelineExecutionArn, ParallelismConfiguration }, caller) {
    const call = atOwner(PipelineExecutionArn, caller);
    const execution = getExecution(PipelineExecutionArn, call);
    mustBe(['Failed', 'Stopped'], 'retried', execution);
    retry(execution, call);
    if (ParallelismConfiguration) execution.shown.ParallelismConfiguration = ParallelismConfiguration;
    return { PipelineExecutionArn };
  },
};

function retry(execution: ExecutionRecord, call: Call): void {
  const { shown, steps } = execution;
  for (const step of steps) {
    if (step.status !== 'Failed') continue;
    step.status = 'Stopped';
    delete step.failureReason;
  }
  delete shown.FailureReason;
  const LastModifiedBy = { IamIdentity: { Arn: call.principal.arn } };
  const LastModifiedTime = new Date(call.clock.now());
  Object.assign(shown, { PipelineExecutionStatus: 'Executing', LastModifiedTime, LastModifiedBy });
  go(execution, call);
}
