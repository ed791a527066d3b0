import { AwsError } from '../../errors.ts';

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message);
}

export function resourceConflict(message: string): AwsError {
  return new AwsError('ResourceConflictException', message);
}

export function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message);
}

export function functionNotFound(arn: string): AwsError {
  return notFound(`Function not found: ${arn}`);
}

export function preconditionFailed(): AwsError {
  const message =
    'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id';
  return new AwsError('PreconditionFailedException', message);
}

/** A member whose value is outside what the API's model allows. `path` is spelled as AWS does: `memorySize`. */
export function constraintViolation(value: unknown, path: string, constraint: string): AwsError {
  const message = `1 validation error detected: Value '${value}' at '${path}' failed to satisfy constraint: ${constraint}`;
  return new AwsError('ValidationException', message);
}

/** Throws unless the number, if there is one, is at most what Lambda documents. */
export function checkMost(value: number | undefined, path: string, to: number): void {
  if (value !== undefined && value > to)
    throw constraintViolation(value, path, `Member must have value less than or equal to ${to}`);
}
