import * as CodePipeline from '@aws-sdk/client-codepipeline';
import { type Access, type Call, type Definition, service } from '../../../service.ts';
import { executionOperations } from './executions.ts';
import { pipelineOperations } from './pipelines.ts';
import { pipelineArn, pipelines } from './records.ts';
import { retryOperations } from './retry.ts';
import { runTasks } from './run.ts';
import { stateOperations } from './state.ts';

interface Target {
  name?: string;
  pipelineName?: string;
  pipeline?: { name?: string };
  stageName?: string;
  actionName?: string;
}

function onPipeline({ name, pipelineName, pipeline }: Target, call: Call): Access[] {
  return [{ resource: pipelineArn(name ?? pipelineName ?? pipeline?.name ?? '', call) }];
}

function onStage(input: Target, call: Call): Access[] {
  return onPipeline(input, call).map(({ resource }) => ({ resource: `${resource}/${input.stageName}` }));
}

function onAction(input: Target, call: Call): Access[] {
  return onStage(input, call).map(({ resource }) => ({ resource: `${resource}/${input.actionName}` }));
}

function onTagged({ resourceArn = '' }: { resourceArn?: string }): Access[] {
  return [{ resource: resourceArn }];
}

const access: Definition<typeof CodePipeline>['access'] = {
  CreatePipeline: onPipeline,
  GetPipeline: onPipeline,
  UpdatePipeline: onPipeline,
  DeletePipeline: onPipeline,
  ListPipelines: (_, call) => [{ resource: pipelineArn('*', call) }],
  StartPipelineExecution: onPipeline,
  StopPipelineExecution: onPipeline,
  GetPipelineExecution: onPipeline,
  ListPipelineExecutions: onPipeline,
  ListActionExecutions: onPipeline,
  GetPipelineState: onPipeline,
  RetryStageExecution: onStage,
  PutApprovalResult: onAction,
  EnableStageTransition: onStage,
  DisableStageTransition: onStage,
  TagResource: onTagged,
  UntagResource: onTagged,
  ListTagsForResource: onTagged,
};

/** CodePipeline: pipelines, and their executions with the rights of their roles. */
export const codepipeline = service('codepipeline', 'codepipeline', CodePipeline, {
  operations: { ...pipelineOperations, ...executionOperations, ...stateOperations, ...retryOperations },
  tasks: runTasks,
  access,
  passedRoles(operation, { pipeline }) {
    const isGiven = operation === 'CreatePipeline' || operation === 'UpdatePipeline';
    const { roleArn } = (pipeline ?? {}) as { roleArn?: string };
    return isGiven && roleArn !== undefined ? [roleArn] : [];
  },
  tagsOf: (arn, call) => pipelines(call).get(arn.split(':')[5]?.split('/')[0] ?? '')?.tags,
});
