import type { AwsError } from '../errors.ts';
import { writeJson } from './json.ts';
import type { Model } from './model.ts';

/** The HTTP status with which a service answers an error. */
export function statusOf(model: Model, error: AwsError): number {
  return error.status ?? model.errors.get(error.name)?.status ?? 400;
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
