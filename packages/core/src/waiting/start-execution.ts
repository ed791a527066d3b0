import { SFNClient, StartExecutionCommand, type StartExecutionInput } from '@aws-sdk/client-sfn';

let client: SFNClient | undefined;

/** How long a call may take with all its attempts, in milliseconds. */
const LONGEST_START = 125_000;

/** Starts an execution; patient, since many stacks at once share an account's quota. Throws the service's errors. */
export async function startExecution(input: StartExecutionInput): Promise<void> {
  client ??= new SFNClient({
    retryMode: 'adaptive',
    maxAttempts: 8,
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 15_000, throwOnRequestTimeout: true },
  });
  await client.send(new StartExecutionCommand(input), { abortSignal: AbortSignal.timeout(LONGEST_START) });
}
