import { AwsError } from '../../errors.ts';

export function invalidArn(arn: string): AwsError {
  return new AwsError('InvalidArn', `Invalid Arn: '${arn}'`);
}

export function invalidName(name: string): AwsError {
  return new AwsError('InvalidName', `Invalid Name: '${name}'`);
}

export function invalidDefinition(problem: string): AwsError {
  return new AwsError('InvalidDefinition', `Invalid State Machine Definition: '${problem}'`);
}

export function invalidToken(): AwsError {
  return new AwsError('InvalidToken', 'Invalid Token');
}

/** A member whose value is outside what the API's model allows. `path` is spelled as AWS does: `maxResults`. */
export function constraintViolation(path: string, constraint: string): AwsError {
  const message = `1 validation error detected: Value at '${path}' failed to satisfy constraint: ${constraint}`;
  return new AwsError('ValidationException', message);
}
