import type { Call } from '../../../service.ts';
import { dependenciesOf, type PlacedStep, placedSteps, readDefinition } from './definition.ts';
import { describeJob } from './jobs.ts';
import { atOwner, type ExecutionRecord, executions, jobs, type StepRecord } from './records.ts';
import type { StepDefinition } from './step.ts';
import { beginStep, stopJob } from './steps.ts';
import { StepFailure } from './values.ts';

/** In seconds: until an execution begins its first steps, until SageMaker looks at a step, and until all has stopped. */
const stateSeconds = { beginning: [1, 4], looking: [2, 8], stopping: [5, 20] } as const;

/** Steps at a time, where the request does not say it. */
const defaultParallelism = 200;

/** What a task is about: a run of an execution, and perhaps a step of it. */
export interface RunTask {
  arn: string;
  run: number;
  step?: string;
}

/** Lets an execution that has been given the status Executing go on, from where it is. */
export function go(execution: ExecutionRecord, call: Call): void {
  execution.run = call.cloud.store.next();
  const { arn, run } = execution;
  call.takes(stateSeconds.beginning, 'pipelineGoesOn', { arn, run } satisfies RunTask);
}

/** Stops what runs of an execution. */
export async function halt(execution: ExecutionRecord, call: Call): Promise<void> {
  execution.run = call.cloud.store.next();
  const { arn, run, steps } = execution;
  change(execution, 'Stopping', call);
  const running = steps.filter(({ status }) => status === 'Executing');
  for (const step of running) step.status = 'Stopping';
  await Promise.all(running.map((step) => stopJob(step, execution, call)));
  call.takes(stateSeconds.stopping, 'pipelineStopped', { arn, run } satisfies RunTask);
}

function change(execution: ExecutionRecord, status: ExecutionRecord['shown']['PipelineExecutionStatus'], call: Call) {
  Object.assign(execution.shown, { PipelineExecutionStatus: status, LastModifiedTime: new Date(call.clock.now()) });
}

export const runTasks = {
  async pipelineGoesOn(turn: RunTask, called: Call): Promise<void> {
    const { execution, call } = current(turn, called);
    if (execution) await proceed(execution, call);
  },

  /** Looks how a step is doing. */
  async pipelineStep(turn: RunTask, called: Call): Promise<void> {
    const { execution, call } = current(turn, called);
    const step = execution?.steps.find(({ name }) => name === turn.step);
    if (!execution || step?.status !== 'Executing') return;
    const { job, result } = step;
    const record = job && jobs(job.kind, call).get(job.name);
    if (record?.status === 'InProgress' || record?.status === 'Stopping') {
      call.takes(stateSeconds.looking, 'pipelineStep', turn);
      return;
    }
    if (job && record) step.properties = describeJob(job.kind, record);
    // Another caller may have stopped the job.
    const stopped =
      record && record.status !== 'Completed' ? `ClientError: ${record.arn} is ${record.status}.` : undefined;
    end(step, stopped ?? result?.failure, call);
    await proceed(execution, call);
  },

  pipelineStopped(turn: RunTask, called: Call): void {
    const { execution, call } = current(turn, called);
    if (!execution) return;
    for (const step of execution.steps) {
      if (step.status === 'Stopping') Object.assign(step, { status: 'Stopped', ended: new Date(call.clock.now()) });
    }
    change(execution, 'Stopped', call);
  },
};

/** The execution that a task is about, unless another run of it has begun since. Tasks come in their caller's account. */
function current({ arn, run }: RunTask, called: Call): { execution?: ExecutionRecord; call: Call } {
  const call = atOwner(arn, called);
  const execution = executions(call).get(arn);
  return { execution: execution?.run === run ? execution : undefined, call };
}

function end(step: StepRecord, failure: string | undefined, call: Call): void {
  Object.assign(step, { status: failure === undefined ? 'Succeeded' : 'Failed', ended: new Date(call.clock.now()) });
  if (failure !== undefined) step.failureReason = failure.slice(0, 1024);
}

/** Starts the steps that are ready; ends an execution in which no step runs. */
async function proceed(execution: ExecutionRecord, call: Call): Promise<void> {
  const { arn, run } = execution;
  const hasFailed = () => execution.steps.some(({ status }) => status === 'Failed');
  const runs = () => execution.steps.filter(({ status }) => status === 'Executing').length;
  const most = execution.shown.ParallelismConfiguration?.MaxParallelExecutionSteps ?? defaultParallelism;
  // After a failure, what runs may end, and nothing more begins.
  const ready = hasFailed() ? [] : readySteps(execution).slice(0, Math.max(0, most - runs()));
  const records = ready.map((definition) => record(definition, execution, call));
  await Promise.all(ready.map((definition, index) => begin(definition, records[index]!, execution, call)));
  if (execution.run !== run) {
    // It was stopped meanwhile; what has just begun goes too.
    await Promise.all(records.map((step) => stopJob(step, execution, call)));
    return;
  }
  for (const { name, status } of records) {
    if (status === 'Executing')
      call.takes(stateSeconds.looking, 'pipelineStep', { arn, run, step: name } satisfies RunTask);
  }
  if (execution.shown.PipelineExecutionStatus !== 'Executing' || runs() > 0) return;
  if (hasFailed()) {
    execution.shown.FailureReason = 'Step failure: One or multiple steps failed.';
    change(execution, 'Failed', call);
  } else {
    change(execution, 'Succeeded', call);
  }
}

/** A step as it begins, for the first time or again. */
function record(definition: StepDefinition, execution: ExecutionRecord, call: Call): StepRecord {
  const { Name: name, Type: type } = definition;
  const before = execution.steps.find((step) => step.name === name);
  const started = new Date(call.clock.now());
  const step: StepRecord = { name, type, status: 'Executing', started, attempts: (before?.attempts ?? 0) + 1 };
  execution.steps = [...execution.steps.filter((one) => one !== before), step];
  return step;
}

async function begin(definition: StepDefinition, step: StepRecord, execution: ExecutionRecord, call: Call) {
  try {
    Object.assign(step, await beginStep(definition, execution, call));
  } catch (cause) {
    if (!(cause instanceof StepFailure)) throw cause;
    step.result = { failure: cause.message };
  }
}

/** The steps that can begin: what they wait for has succeeded, and the conditions above them lead to them. */
function readySteps(execution: ExecutionRecord): StepDefinition[] {
  const placed = placedSteps(readDefinition(execution.definition));
  const names = new Set(placed.map(({ step }) => step.Name));
  const found = (name: string) => execution.steps.find((step) => step.name === name);
  const isLedTo = ({ branches }: PlacedStep) =>
    branches.every(({ condition, outcome }) => {
      const { status, metadata } = found(condition) ?? {};
      return status === 'Succeeded' && metadata?.Condition?.Outcome === (outcome ? 'True' : 'False');
    });
  return placed
    .filter(({ step }) => !found(step.Name) || found(step.Name)!.status === 'Stopped')
    .filter(isLedTo)
    .filter(({ step }) => dependenciesOf(step, names).every((name) => found(name)?.status === 'Succeeded'))
    .map(({ step }) => step);
}
