import type { SageMakerClient } from '@aws-sdk/client-sagemaker';

/** What `SageMakerClient.middlewareStack.use` takes. */
type Plugin = Parameters<SageMakerClient['middlewareStack']['use']>[0];

/** Makes the message of each error of a call the one that `told` gives. It gets the message, and the call's input. */
export function advice(name: string, told: (message: string, input: unknown) => string): Plugin {
  return {
    applyToStack: (stack) =>
      stack.add(
        (next) => async (request) => {
          try {
            return await next(request);
          } catch (error) {
            if (error instanceof Error) error.message = told(error.message, request.input);
            throw error;
          }
        },
        { step: 'initialize', name },
      ),
  };
}
