import { SageMakerClient } from '@aws-sdk/client-sagemaker';

/**
 * How every client calls: many stacks at once share an account's control plane, so throttling is normal and is
 * answered by slowing down; a connection that hangs is given up long before the function's own end.
 */
export const calls = {
  retryMode: 'adaptive',
  maxAttempts: 8,
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 30_000, throwOnRequestTimeout: true },
};

let client: SageMakerClient | undefined;
let creator: SageMakerClient | undefined;

/** SageMaker's client, made at the first call: the environment decides where it points. */
export function sagemaker(): SageMakerClient {
  client ??= new SageMakerClient(calls);
  return client;
}

/**
 * A client that calls once. SageMaker's create operations take no token that would make a repeated call harmless: after
 * an answer that was lost, only the ownership tags tell whether something was made.
 */
export function sagemakerOnce(): SageMakerClient {
  creator ??= new SageMakerClient({ ...calls, maxAttempts: 1 });
  return creator;
}
