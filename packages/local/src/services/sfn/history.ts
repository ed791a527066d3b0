import type * as SFN from '@aws-sdk/client-sfn';
import { pageOf } from '../../pages.ts';
import type { Call } from '../../service.ts';
import { decryptWith } from './encryption.ts';
import { invalidToken } from './errors.ts';
import { type ExecutionRecord, getExecution, type Operations } from './records.ts';

/** How many events an execution may have. */
export const mostEvents = 25_000;

type Details = Omit<SFN.HistoryEvent, 'id' | 'previousEventId' | 'timestamp' | 'type'>;

/** The event that a state is entered, or left. */
export function stateEvent(type: string, change: 'Entered' | 'Exited'): SFN.HistoryEventType {
  return `${type}State${change}` as SFN.HistoryEventType;
}

/** Adds an event to an execution's history, after the one before. */
export function addEvent(
  { history }: ExecutionRecord,
  type: SFN.HistoryEventType,
  details: Details,
  { clock }: Pick<Call, 'clock'>,
): void {
  const id = history.length + 1;
  history.push({ id, previousEventId: id - 1, timestamp: new Date(clock.now()), type, ...details });
}

export const historyOperations: Operations = {
  async GetExecutionHistory(input, call) {
    const { executionArn, maxResults, reverseOrder = false, nextToken, includeExecutionData = true } = input;
    const { history, stateMachineArn } = getExecution(call, executionArn);
    if (includeExecutionData) await decryptWith(stateMachineArn, call);
    const keyOf = ({ id = 0 }: SFN.HistoryEvent) => String(id).padStart(6, '0');
    const request = { token: nextToken, size: pageSize(maxResults), descending: reverseOrder };
    const { items, token } = pageOf(history, keyOf, request, invalidToken);
    return { events: includeExecutionData ? items : items.map(withoutData), nextToken: token };
  },
};

/** Zero, as nothing, means a hundred. */
export function pageSize(maxResults: number | undefined): number {
  return maxResults || 100;
}

/** The members that hold what an execution works on. */
const data = new Set(['input', 'output', 'parameters', 'cause', 'error']);

function withoutData(event: SFN.HistoryEvent): SFN.HistoryEvent {
  const { timestamp, type, id, previousEventId, ...all } = event;
  const details = Object.entries(all).map(([name, members]) => {
    const kept = Object.entries((members ?? {}) as Record<string, unknown>).filter(([key]) => !data.has(key));
    return [name, Object.fromEntries(kept)];
  });
  return { timestamp, type, id, previousEventId, ...Object.fromEntries(details) };
}
