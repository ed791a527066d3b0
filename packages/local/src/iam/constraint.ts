import { AwsError } from '../errors.ts';

/** IAM's and STS's error for a member that breaks a constraint: `roleName`, its value, and what it must be. */
export function invalidMember(member: string, value: string, constraint: string): AwsError {
  const message = `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${constraint}`;
  return new AwsError('ValidationError', message);
}
