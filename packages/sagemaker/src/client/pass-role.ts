import { advice } from './advice.ts';

const cure = "; let the provider pass it: parameter ExecutionRoleArns of the provider's stack";

/**
 * Says in the error of a call that may not pass a role what to do about it. An explicit deny is someone's decision, which
 * the parameter does not change.
 */
export const passRoleAdvice = advice('passRoleAdvice', (message) =>
  isUnpassable(message) ? `${message}${cure}` : message,
);

function isUnpassable(message: string): boolean {
  return /not authorized to perform: iam:PassRole\b/.test(message) && !/explicit deny/.test(message);
}
