import { executionOperations } from './execution.ts';
import { jobOperations, jobTasks } from './jobs.ts';
import { lookingOperations } from './looking.ts';
import { pipelineOperations, pipelineTasks } from './pipeline.ts';
import { runTasks } from './run.ts';

/** SageMaker's pipelines, their executions, and the jobs that these begin. */
export const pipelinesOperations = {
  ...pipelineOperations,
  ...executionOperations,
  ...lookingOperations,
  ...jobOperations,
};

export const pipelinesTasks = { ...pipelineTasks, ...runTasks, ...jobTasks };
