import { AwsError } from '../errors.ts';
import { writeJson } from './json.ts';
import type { Model } from './model.ts';

/** The HTTP status with which a service answers an error. */
export function statusOf(model: Model, error: AwsError): number {
  if (error.status !== undefined) return error.status;
  const known = model.errors.get(error.name);
  // AWS JSON tells only whose fault it is, whatever the shape says for other protocols.
  if (known && model.protocol === 'aws-json') return known.fault === 'server' ? 500 : 400;
  return known?.status ?? 400;
}

/** The error response for a bug in the local cloud itself; the cause goes to the error output. */
export function internalFailure(model: Model, during: string, cause: unknown): AwsError {
  console.error(`${during} failed unexpectedly:`, cause);
  const code = model.protocol === 'rest-xml' ? 'InternalError' : 'InternalFailure';
  const message = 'The request processing has failed because of an unknown error, exception or failure.';
  return Object.assign(new AwsError(code, message, { status: 500 }), { cause });
}

/** The members of an error's JSON body: its text, and what its shape has besides. */
export function errorBody(model: Model, error: AwsError): Record<string, unknown> {
  const known = model.errors.get(error.name);
  if (!known) return { [model.messageMember]: error.message, ...error.members };
  const members: Record<string, unknown> = {
    message: error.message,
    Message: error.message,
    // EFS repeats the code in the body; Lambda says whose fault it is.
    ErrorCode: known.code,
    Type: known.fault === 'server' ? 'Service' : 'User',
    ...error.members,
  };
  const body = writeJson(known.schema, members) as Record<string, unknown>;
  return 'message' in body || 'Message' in body ? body : { ...body, [model.messageMember]: error.message };
}
