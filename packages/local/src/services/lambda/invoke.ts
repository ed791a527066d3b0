import type * as Lambda from '@aws-sdk/client-lambda';
import { AwsError } from '../../errors.ts';
import type { Call, Input, Output } from '../../service.ts';
import { enqueue } from './asynchronous.ts';
import { resourceConflict } from './errors.ts';
import { checkResourcePolicy } from './permissions.ts';
import { type FunctionRecord, getFunction, getVersion } from './records.ts';
import { type Runtime, runFunction } from './run.ts';

/** Bytes that an event may have: with an answer at once, and through the queue. */
const maxPayload = { RequestResponse: 6 * 1024 * 1024, Event: 1024 * 1024 };

/** Bytes of the log that come with the answer. */
const maxTail = 4096;

export function invokeOperation(runtime: Runtime) {
  return async (input: Input<typeof Lambda, 'Invoke'>, call: Call): Promise<Output<typeof Lambda, 'Invoke'>> => {
    const { record, reference } = getFunction(call, input.FunctionName, input.Qualifier);
    checkResourcePolicy(reference, call);
    getVersion(record, reference);
    const type = input.InvocationType ?? 'RequestResponse';
    if (type === 'DryRun') return { StatusCode: 204 };
    const payload = eventOf(input.Payload as Uint8Array | undefined, type);
    checkRunnable(record);
    const event = { requestId: call.requestId, payload, clientContext: input.ClientContext };
    if (type === 'Event') {
      enqueue(reference, event, call);
      return { StatusCode: 202 };
    }
    const { result, executedVersion } = await runFunction(runtime, record, reference, event, call);
    return {
      StatusCode: 200,
      ExecutedVersion: executedVersion,
      FunctionError: result.errorType && 'Unhandled',
      LogResult: input.LogType === 'Tail' ? tailOf(result.lines) : undefined,
      Payload: result.payload,
    };
  };
}

/** Throws while the function is still being made. */
function checkRunnable({ latest }: FunctionRecord): void {
  if (latest.State !== 'Pending') return;
  throw resourceConflict(
    'The operation cannot be performed at this time. The function is currently in the following state: Pending',
  );
}

function eventOf(payload: Uint8Array | undefined, type: keyof typeof maxPayload): Uint8Array {
  const event = payload?.byteLength ? new Uint8Array(payload) : Buffer.from('{}');
  const limit = maxPayload[type];
  if (event.byteLength > limit) {
    const message =
      type === 'Event'
        ? `${event.byteLength} byte payload is too large for the Event invocation type (limit ${limit} bytes)`
        : `Request must be smaller than ${limit} bytes for the InvokeFunction operation`;
    throw new AwsError('RequestTooLargeException', message);
  }
  try {
    JSON.parse(Buffer.from(event).toString('utf8'));
  } catch (cause) {
    const message = `Could not parse request body into json: ${(cause as Error).message}`;
    throw new AwsError('InvalidRequestContentException', message);
  }
  return event;
}

/** The last 4 KB of the log, in base64. */
function tailOf(lines: string[]): string {
  const text = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  return text.subarray(-maxTail).toString('base64');
}
