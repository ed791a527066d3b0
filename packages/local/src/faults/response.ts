import { sleep } from '../clock.ts';
import type { Request } from '../cloud-events.ts';
import { AwsError } from '../errors.ts';
import type { HttpResponse } from '../protocols/adapter.ts';
import type { Cloud } from '../service.ts';
import { ConnectionFault } from './connection-fault.ts';

/** Is this an answer of a custom resource, on its way to CloudFormation? */
export function isResponse({ service, operation, input }: Request): boolean {
  const { Bucket } = input;
  return (
    service === 's3' &&
    operation === 'PutObject' &&
    typeof Bucket === 'string' &&
    Bucket.startsWith('cloudformation-custom-resource-response-')
  );
}

const failures = {
  '500': () => new AwsError('InternalError', 'We encountered an internal error. Please try again.', { status: 500 }),
  '503': () => new AwsError('SlowDown', 'Please reduce your request rate.', { status: 503 }),
  '403': () => new AwsError('AccessDenied', 'Request has expired', { status: 403 }),
  reset: () => new ConnectionFault('ECONNRESET'),
  dns: () => new ConnectionFault('ENOTFOUND'),
} as const;

const failing = Object.keys(failures) as (keyof typeof failures)[];

/** Puts an answer with the faults that are injected into it. Throws an `AwsError` or a `ConnectionFault`. */
export async function takeResponse(
  { faults, clock }: Cloud,
  request: Request,
  put: (request: Request) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  const [stack = '', resource] = String(request.input.Key).split('|');
  const where = { account: stack.split(':')[4] ?? '', resource };
  const failure = faults.inject('response', failing, where);
  if (failure) {
    if ('carriedOut' in failure && failure.carriedOut) await put(request);
    throw failures[failure.fault]();
  }
  const isTruncated = faults.inject('response', ['truncated'], where) !== undefined;
  const slow = faults.inject('response', ['slow'], where);
  const response = await put(isTruncated ? truncated(request) : request);
  if (slow) await sleep(clock, slow.ms);
  return response;
}

/** Half of a body. */
function truncated(request: Request): Request {
  const body = request.input.Body as Uint8Array;
  return { ...request, input: { ...request.input, Body: body.subarray(0, body.length / 2) } };
}
