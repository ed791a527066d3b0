import { RuntimeError } from './errors.ts';
import { explain } from './explain.ts';
import { jsonLog } from './log.ts';
import { untilNextLook, usualPace } from './pace.ts';
import { redactor } from './redact.ts';
import type { LambdaContext } from './request.ts';
import type { Log, Pace, Status } from './resource.ts';
import { isTransient } from './transient.ts';
import { beforeTimeRunsOut, sleep, withoutMargin } from './wait.ts';

/** An event of EventBridge, as a rule brings it. Whoever may invoke the function may send one: only its form is known. */
export interface BusEvent {
  readonly id: string;
  readonly source: string;
  readonly detailType: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/**
 * Deals with an event as far as is possible now, and says whether that was all: `ready`, or what is awaited. Called again
 * and again at the resource's pace of creation, while the invocation lasts; so it is idempotent.
 */
export type OnEvent = (event: BusEvent, log: Log) => Promise<Status>;

/** The event that a payload is; undefined where it is none. A request of CloudFormation has a response URL. */
export function busEventOf(payload: unknown): BusEvent | undefined {
  const fields: Readonly<Record<string, unknown>> = Object(payload);
  const { id, source, 'detail-type': detailType, detail, ResponseURL, waiter } = fields;
  const isEvent = typeof source === 'string' && typeof detailType === 'string' && typeof detail === 'object';
  if (!isEvent || detail === null || ResponseURL !== undefined || waiter !== undefined) return undefined;
  return { id: String(id ?? ''), source, detailType, detail: { ...detail } };
}

/**
 * Serves an event to its end. Throws when it could not be dealt with: nobody waits for an answer, so Lambda's log and
 * metrics are where that shows.
 */
export async function serveBusEvent(
  event: BusEvent,
  onEvent: OnEvent,
  { pace = usualPace, context }: { pace?: Pace; context: LambdaContext },
): Promise<void> {
  const log = jsonLog({ eventId: event.id }, redactor(''));
  const began = Date.now();
  let awaiting = 'the first look';
  const done = await beforeTimeRunsOut(withoutMargin(context.getRemainingTimeInMillis()), async (stop) => {
    while (!stop.aborted) {
      const status = await onEvent(event, log).catch((error: unknown): Status => {
        if (!isTransient(error)) throw error;
        log.warn('A call failed, trying again', { error });
        return { pending: explain(error) };
      });
      if (status === 'ready') return true;
      if (typeof status === 'object' && 'failed' in status) throw new RuntimeError(status.failed);
      awaiting = typeof status === 'object' ? status.pending : 'its end';
      await sleep(1000 * untilNextLook(pace, (Date.now() - began) / 1000), stop);
    }
    return undefined;
  });
  if (!done) throw new RuntimeError(`Serving the event ${event.id}: time has run out; still awaited: ${awaiting}`);
}
