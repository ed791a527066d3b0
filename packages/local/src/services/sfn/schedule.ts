import type { Call } from '../../service.ts';
import { type ExecutionRecord, findExecution } from './records.ts';

/** What is scheduled for an execution; it counts only if nothing was scheduled since. */
export interface ScheduledStep {
  arn: string;
  scheduleId: number;
}

/** Schedules what comes next, in place of whatever was. */
export function scheduleNext(
  { arn, position }: ExecutionRecord,
  task: 'proceed' | 'poll',
  ms: number,
  call: Call,
): ScheduledStep {
  position.scheduleId += 1;
  const scheduled = { arn, scheduleId: position.scheduleId };
  call.later(ms, task, scheduled);
  return scheduled;
}

/** The execution, if it still runs and nothing else was scheduled for it since. */
export function current({ arn, scheduleId }: ScheduledStep, call: Call): ExecutionRecord | undefined {
  const execution = findExecution(call, arn);
  return execution?.status === 'RUNNING' && execution.position.scheduleId === scheduleId ? execution : undefined;
}
