import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

let client: SecretsManagerClient | undefined;

/** A version of a secret: its id, its text and its staging labels. */
export interface SecretVersion {
  readonly id: string;
  readonly text: string;
  readonly stages: readonly string[];
}

/** How long a call may take with all its attempts, in milliseconds: a function without a way to the service goes on. */
const LONGEST = 10_000;

/** Reads a version of a secret; the current one where none is named. Throws the service's errors. */
export async function readSecret(SecretId: string, VersionId?: string): Promise<SecretVersion> {
  client ??= new SecretsManagerClient({
    maxAttempts: 6,
    requestHandler: { connectionTimeout: 2_000, requestTimeout: 4_000, throwOnRequestTimeout: true },
  });
  const command = new GetSecretValueCommand({ SecretId, VersionId });
  const {
    SecretString: text,
    VersionId: id,
    VersionStages: stages = [],
  } = await client.send(command, { abortSignal: AbortSignal.timeout(LONGEST) });
  if (!text || !id) throw new Error(`Reading secret ${SecretId}: it has no text`);
  return { id, text, stages };
}
