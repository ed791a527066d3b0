import { AwsError } from '../../errors.ts';
import type { ExecutionResult } from '../../lambda/execution.ts';
import { ExecutorClosed } from '../../lambda/executor.ts';
import type { Call } from '../../service.ts';
import { assumeAsService } from '../sts.ts';
import { eventInvokeSettings } from './event-invoke-config.ts';
import { deliveryFaults } from './faults.ts';
import { arnOf, type Reference } from './names.ts';
import { type FunctionRecord, functionsOf } from './records.ts';
import { type FunctionEvent, type Runtime, runFunction } from './run.ts';

/** An event that waits in the queue of asynchronous invocations, or that its function works on. */
interface QueuedEvent extends FunctionEvent {
  /** Its own; a duplicate has the same request id. */
  id: string;
  reference: Reference;
  received: number;
  /** How often the function ran on it; how often in a row it could not even start. */
  attempts: number;
  throttles: number;
  /** Only the delivery that was scheduled last counts. */
  delivery: number;
  /** It waits for another event of its function to overtake it. */
  held?: boolean;
}

const minute = 60_000;

/** Virtual milliseconds until the second and the third attempt at an event on which the function failed. */
const retryDelays = [minute, 2 * minute];

/** How the wait grows while there is no room to run. */
const backoff = { first: 1000, longest: 5 * minute };

/** How long after the function's own timeout an event whose delivery was interrupted is delivered again. */
const grace = minute;

/** Takes an event into the queue; it is delivered at once, if there is room. */
export function enqueue(reference: Reference, event: FunctionEvent, call: Call): void {
  const { delay, held, duplicate } = deliveryFaults(reference, call);
  add({ id: event.requestId, held }, delay, reference, event, call);
  if (duplicate !== undefined) add({ id: `${event.requestId}/duplicate` }, delay + duplicate, reference, event, call);
  if (delay > 0) return;
  for (const overtaken of queueOf(call).values()) {
    if (!overtaken.held || !isSame(overtaken.reference, reference)) continue;
    overtaken.held = false;
    // Of two deliveries at the same time, the one that was scheduled first comes first.
    schedule(overtaken, 0, call);
  }
}

function add(
  own: Pick<QueuedEvent, 'id' | 'held'>,
  delay: number,
  reference: Reference,
  event: FunctionEvent,
  call: Call,
): void {
  const received = call.clock.now();
  const queued = { ...event, ...own, reference, received, attempts: 0, throttles: 0, delivery: 0 };
  queueOf(call).set(queued.id, queued);
  schedule(queued, delay, call);
}

function isSame(one: Reference, other: Reference): boolean {
  return one.name === other.name && one.account === other.account && one.region === other.region;
}

function queueOf(call: Call): Map<string, QueuedEvent> {
  return call.table('events');
}

function schedule(event: QueuedEvent, ms: number, call: Call): void {
  event.delivery += 1;
  call.later(ms, 'deliver', { id: event.id, delivery: event.delivery });
}

/** Delivers an event to its function; retries it, or sends it to the destination, if the function fails. */
export function deliverTask(runtime: Runtime) {
  const delivering = new Set<string>();

  return async ({ id, delivery }: { id: string; delivery: number }, call: Call): Promise<void> => {
    const event = queueOf(call).get(id);
    if (!event || event.delivery !== delivery) return;
    const record = functionsOf(call, event.reference).get(event.reference.name);
    if (!record) {
      queueOf(call).delete(id);
      return;
    }
    // Should the local cloud end meanwhile, the event is delivered again once its kept state is loaded.
    schedule(event, record.latest.Timeout! * 1000 + grace, call);
    if (delivering.has(id)) return;
    delivering.add(id);
    try {
      await deliver(runtime, record, event, call);
    } catch (cause) {
      if (!(cause instanceof ExecutorClosed)) throw cause;
    } finally {
      delivering.delete(id);
    }
  };
}

async function deliver(runtime: Runtime, record: FunctionRecord, event: QueuedEvent, call: Call): Promise<void> {
  const { maximumAge, retries } = eventInvokeSettings(record, event.reference.qualifier);
  const tooOld = event.received + maximumAge * 1000 <= call.clock.now();
  if (tooOld) return finish(runtime, record, event, { condition: 'EventAgeExceeded' }, call);
  // A function that may never run is not waited for.
  if (record.reservedConcurrency === 0) {
    return finish(runtime, record, event, { condition: 'ZeroReservedConcurrency' }, call);
  }
  const attempt = await run(runtime, record, event, call);
  if (!attempt) {
    const wait = Math.min(backoff.first * 2 ** event.throttles, backoff.longest);
    event.throttles += 1;
    return schedule(event, wait, call);
  }
  event.throttles = 0;
  event.attempts += 1;
  if (!attempt.result.errorType) return finish(runtime, record, event, { condition: 'Success', ...attempt }, call);
  if (event.attempts > retries)
    return finish(runtime, record, event, { condition: 'RetriesExhausted', ...attempt }, call);
  schedule(event, retryDelays[event.attempts - 1]!, call);
}

interface Attempt {
  result: ExecutionResult;
  executedVersion: string;
}

/** Undefined when the function could not be run at all: there was no room, or its role could not be assumed. */
async function run(
  runtime: Runtime,
  record: FunctionRecord,
  event: QueuedEvent,
  call: Call,
): Promise<Attempt | undefined> {
  try {
    return await runFunction(runtime, record, event.reference, event, call);
  } catch (cause) {
    if (cause instanceof AwsError && !(cause instanceof ExecutorClosed)) return undefined;
    throw cause;
  }
}

interface End extends Partial<Attempt> {
  condition: 'Success' | 'RetriesExhausted' | 'EventAgeExceeded' | 'ZeroReservedConcurrency';
}

/** Takes the event out of the queue, and tells the destination of its success or failure, if there is one. */
async function finish(
  { onFailure }: Runtime,
  record: FunctionRecord,
  event: QueuedEvent,
  end: End,
  call: Call,
): Promise<void> {
  queueOf(call).delete(event.id);
  const { OnSuccess, OnFailure } = eventInvokeSettings(record, event.reference.qualifier).destinations;
  const destination = (end.condition === 'Success' ? OnSuccess : OnFailure)?.Destination;
  if (!destination) return;
  try {
    await sendTo(destination, record, destinationRecord(event, end, call.clock.now()), call);
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause;
    const lines = [`Sending the record of a finished event to ${destination}: ${cause.message}`];
    const functionArn = record.latest.FunctionArn!;
    onFailure({ functionArn, requestId: event.requestId, errorType: 'DestinationDeliveryFailure', lines });
  }
}

/** Sends to a destination with the rights of the function whose event it was. */
async function sendTo(destination: string, { latest }: FunctionRecord, sent: unknown, call: Call): Promise<void> {
  const { cloud, region } = call;
  const { principal } = assumeAsService(cloud, latest.Role!, 'lambda.amazonaws.com', latest.FunctionName!);
  const Payload = Buffer.from(JSON.stringify(sent));
  const input = { FunctionName: destination, InvocationType: 'Event', Payload };
  await cloud.call({ service: 'lambda', operation: 'Invoke', input, principal, region });
}

/** What a destination gets, in Lambda's own format. */
function destinationRecord(event: QueuedEvent, { condition, result, executedVersion }: End, now: number) {
  return {
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    requestContext: {
      requestId: event.requestId,
      functionArn: arnOf({ ...event.reference, qualifier: event.reference.qualifier ?? '$LATEST' }),
      condition,
      approximateInvokeCount: event.attempts,
    },
    requestPayload: parse(event.payload),
    ...(result && {
      responseContext: {
        statusCode: 200,
        executedVersion,
        ...(result.errorType && { functionError: 'Unhandled' }),
      },
      responsePayload: parse(result.payload),
    }),
  };
}

function parse(json: Uint8Array): unknown {
  return JSON.parse(Buffer.from(json).toString('utf8'));
}
