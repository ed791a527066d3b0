import type { Call } from '../../service.ts';
import { type ExecutionRecord, findExecution } from './records.ts';

/** What is scheduled for an execution; it counts only if nothing was scheduled since. */
export interface Turn {
  arn: string;
  turn: number;
}

/** Schedules what comes next, in place of whatever was. */
export function schedule({ arn, position }: ExecutionRecord, task: 'proceed' | 'look', ms: number, call: Call): Turn {
  position.turn += 1;
  const turn = { arn, turn: position.turn };
  call.later(ms, task, turn);
  return turn;
}

/** The execution whose turn it is, if it still runs. */
export function current({ arn, turn }: Turn, call: Call): ExecutionRecord | undefined {
  const execution = findExecution(call, arn);
  return execution?.status === 'RUNNING' && execution.position.turn === turn ? execution : undefined;
}
