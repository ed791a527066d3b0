import type { SageMakerClient } from '@aws-sdk/client-sagemaker';

const advice = "; let the provider pass it: parameter ExecutionRoleArns of the provider's stack";

/**
 * Says in the error of a call that may not pass a role what to do about it. An explicit deny is someone's decision, which
 * the parameter does not change.
 */
export const passRoleAdvice: Parameters<SageMakerClient['middlewareStack']['use']>[0] = {
  applyToStack: (stack) =>
    stack.add(
      (next) => async (request) => {
        try {
          return await next(request);
        } catch (error) {
          if (error instanceof Error && isUnpassable(error)) error.message += advice;
          throw error;
        }
      },
      { step: 'initialize', name: 'passRoleAdvice' },
    ),
};

function isUnpassable({ message }: Error): boolean {
  return /not authorized to perform: iam:PassRole\b/.test(message) && !/explicit deny/.test(message);
}
