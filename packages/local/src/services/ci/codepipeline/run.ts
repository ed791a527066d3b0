import type { ActionDeclaration, StageDeclaration } from '@aws-sdk/client-codepipeline';
import { requestId } from '../../../request-id.ts';
import type { Call } from '../../../service.ts';
import { providerOf } from './actions/index.ts';
import { publishActionState, publishPipelineState, publishStageState } from './events.ts';
import {
  type Attempt,
  type ExecutionRecord,
  executions,
  executionsOf,
  isInProgress,
  lastAttempt,
} from './execution-record.ts';
import { actionRole, failureOf, type Job, type Outcome } from './job.ts';
import { pipelines } from './records.ts';
import { filledIn } from './variables.ts';

/** How often CodePipeline polls an action, in seconds. */
const pollSeconds = 5;

type AttemptAt = { id: string; attempt: string };

export const runTasks = {
  /** Goes on from where an execution stands. */
  async proceed({ id }: { id: string }, call: Call): Promise<void> {
    const execution = executions(call).get(id);
    if (execution) await proceed(execution, call);
  },

  /** Lets waiting executions enter: a stage is free, or open, again. */
  async proceedAll({ pipelineName }: { pipelineName: string }, call: Call): Promise<void> {
    for (const execution of executionsOf(pipelineName, call)) if (!execution.entered) await proceed(execution, call);
  },

  /** Polls an action that is in progress. */
  async poll({ id, attempt: attemptId }: AttemptAt, call: Call): Promise<void> {
    const execution = executions(call).get(id);
    const attempt = execution?.attempts.find((one) => one.id === attemptId);
    if (!execution || attempt?.status !== 'InProgress') return;
    await runAction(execution, attempt, 'poll', call);
    await proceed(execution, call);
  },
};

/** Enters stages and begins actions until there is something to wait for. */
export async function proceed(execution: ExecutionRecord, call: Call): Promise<void> {
  while (isInProgress(execution)) {
    const stage = execution.declaration.stages![execution.stage];
    if (!stage) return end(execution, 'Succeeded', call);
    if (!execution.entered && execution.status === 'Stopping') return end(execution, 'Stopped', call);
    if (!execution.entered && !enter(execution, stage, call)) return;
    const actions = nextActions(execution, stage);
    if (actions === 'waiting') return;
    if (actions === 'failed') return endIn(execution, stage, 'Failed', call);
    if (execution.status === 'Stopping') return endIn(execution, stage, 'Stopped', call);
    if (actions.length === 0) leaveStage(execution, stage, call);
    else await begin(execution, stage, actions, call);
  }
}

/** What is to be begun in a stage: the actions that come next, none when all have succeeded. */
function nextActions(execution: ExecutionRecord, stage: StageDeclaration): ActionDeclaration[] | 'waiting' | 'failed' {
  const actions = stage.actions ?? [];
  const orders = [...new Set(actions.map(({ runOrder = 1 }) => runOrder))].sort((a, b) => a - b);
  for (const order of orders) {
    const group = actions.filter(({ runOrder = 1 }) => runOrder === order);
    const attempts = group.map(({ name }) => currentAttempt(execution, stage.name!, name!));
    if (attempts.some((one) => one?.status === 'InProgress')) return 'waiting';
    if (attempts.some((one) => one?.status === 'Failed' || one?.status === 'Abandoned')) {
      return execution.status === 'Stopping' ? [] : 'failed';
    }
    const missing = group.filter((_, i) => attempts[i] === undefined);
    if (missing.length > 0) return missing;
  }
  return [];
}

/** The last try at an action, unless a retry of the stage has it done anew. */
function currentAttempt(execution: ExecutionRecord, stage: string, action: string): Attempt | undefined {
  const last = lastAttempt(execution, stage, action);
  return last?.retried ? undefined : last;
}

/** Lets an execution into a stage; false if it has to wait before it, or comes to its end there. */
function enter(execution: ExecutionRecord, { name = '' }: StageDeclaration, call: Call): boolean {
  const { pipeline, declaration } = execution;
  const isFirst = execution.stage === 0;
  if (!isFirst && pipelines(call).get(pipeline)?.closed[name]) return false;
  if (declaration.executionMode !== 'PARALLEL') {
    const others = executionsOf(pipeline, call).filter((one) => one !== execution && isInProgress(one));
    const isHere = (one: ExecutionRecord) => one.entered && one.declaration.stages![one.stage]?.name === name;
    const isQueued = declaration.executionMode === 'QUEUED';
    const all = executionsOf(pipeline, call);
    const isAhead = (one: ExecutionRecord) => all.indexOf(one) < all.indexOf(execution) && one.stage <= execution.stage;
    if (others.some((one) => isHere(one) || (isQueued && isAhead(one)))) {
      if (!isQueued) supersede(execution, name, others, call);
      return false;
    }
  }
  execution.entered = true;
  execution.stageStatuses[name] = 'InProgress';
  publishStageState(execution, name, 'STARTED', call);
  return true;
}

/** Of those that wait before a stage, only the newest gets in. */
function supersede(execution: ExecutionRecord, stage: string, others: ExecutionRecord[], call: Call): void {
  const all = executionsOf(execution.pipeline, call);
  const older = others.filter(
    (one) =>
      !one.entered && one.declaration.stages![one.stage]?.name === stage && all.indexOf(one) < all.indexOf(execution),
  );
  for (const one of older) end(one, 'Superseded', call);
}

function leaveStage(execution: ExecutionRecord, { name = '' }: StageDeclaration, call: Call): void {
  execution.stageStatuses[name] = 'Succeeded';
  publishStageState(execution, name, 'SUCCEEDED', call);
  execution.stage += 1;
  execution.entered = false;
  call.later(0, 'proceedAll', { pipelineName: execution.pipeline });
}

function endIn(
  execution: ExecutionRecord,
  { name = '' }: StageDeclaration,
  status: 'Failed' | 'Stopped',
  call: Call,
): void {
  execution.stageStatuses[name] = status;
  publishStageState(execution, name, status.toUpperCase(), call);
  end(execution, status, call);
}

function end(execution: ExecutionRecord, status: ExecutionRecord['status'], call: Call): void {
  Object.assign(execution, { status, entered: false, updated: new Date(call.clock.now()) });
  publishPipelineState(execution, status.toUpperCase(), call);
  call.later(0, 'proceedAll', { pipelineName: execution.pipeline });
}

/** Begins actions concurrently. All are marked as in progress before any of them is awaited. */
async function begin(execution: ExecutionRecord, { name }: StageDeclaration, actions: ActionDeclaration[], call: Call) {
  const now = new Date(call.clock.now());
  const attempts = actions.map((action): Attempt => {
    const id = requestId(call.cloud.store);
    return { id, stage: name!, action: action.name!, status: 'InProgress', started: now, updated: now };
  });
  execution.attempts.push(...attempts);
  for (const attempt of attempts) publishActionState(execution, attempt, call);
  await Promise.all(attempts.map((attempt) => runAction(execution, attempt, 'start', call)));
}

/** Starts or polls an action; stores its state. */
async function runAction(
  execution: ExecutionRecord,
  attempt: Attempt,
  step: 'start' | 'poll',
  call: Call,
): Promise<void> {
  const stage = execution.declaration.stages!.find(({ name }) => name === attempt.stage)!;
  const action = stage.actions!.find(({ name }) => name === attempt.action)!;
  const provider = providerOf(action.actionTypeId!);
  try {
    const configuration = filledIn(action.configuration ?? {}, execution);
    attempt.resolvedConfiguration = configuration;
    const principal = await actionRole(execution, action, call);
    const job: Job = {
      call,
      execution,
      action,
      attempt,
      region: action.region ?? call.region,
      principal,
      configuration,
    };
    const outcome = await provider[step]!(job);
    settle(execution, action, attempt, outcome, provider.poll !== undefined, call);
  } catch (error) {
    if (attempt.status !== 'InProgress') return;
    attempt.error = failureOf(error);
    attempt.summary = attempt.error.message;
    close(execution, attempt, 'Failed', call);
  }
}

function settle(
  execution: ExecutionRecord,
  { namespace }: ActionDeclaration,
  attempt: Attempt,
  outcome: Outcome,
  isPolled: boolean,
  call: Call,
): void {
  // It was abandoned meanwhile.
  if (attempt.status !== 'InProgress') return;
  attempt.externalExecutionId = outcome.externalExecutionId ?? attempt.externalExecutionId;
  if (outcome.status === 'InProgress') {
    attempt.state = outcome.state ?? attempt.state;
    attempt.token = outcome.token ?? attempt.token;
    const attemptAt: AttemptAt = { id: execution.id, attempt: attempt.id };
    if (isPolled) call.later(pollSeconds * 1000 * call.cloud.durations, 'poll', attemptAt);
    return;
  }
  attempt.variables = outcome.variables;
  attempt.summary = outcome.summary;
  if (namespace !== undefined) execution.namespaces[namespace] = outcome.variables ?? {};
  close(execution, attempt, 'Succeeded', call);
}

/** Ends a try at an action. */
export function close(execution: ExecutionRecord, attempt: Attempt, status: Attempt['status'], call: Call): void {
  const now = new Date(call.clock.now());
  Object.assign(attempt, { status, updated: now, token: undefined });
  execution.updated = now;
  publishActionState(execution, attempt, call);
}
