import { executionOperations } from './execution.ts';
import { executionReadOperations } from './execution-reads.ts';
import { jobOperations, jobTasks } from './jobs.ts';
import { pipelineOperations, pipelineTasks } from './pipeline.ts';
import { runTasks } from './run.ts';

/** SageMaker's pipelines, their executions, and the jobs that these begin. */
export const pipelinesOperations = {
  ...pipelineOperations,
  ...executionOperations,
  ...executionReadOperations,
  ...jobOperations,
};

export const pipelinesTasks = { ...pipelineTasks, ...runTasks, ...jobTasks };
