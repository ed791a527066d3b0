import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { callVia, isCustomerKey } from '../kms/via.ts';
import type { SecretRecord, SecretVersion } from './records.ts';

const service = 'secretsmanager';

/**
 * Encrypts a version with the secret's key. Security in the user guide of Secrets Manager: it asks KMS for a data key
 * (`kms:GenerateDataKey`, and `kms:Decrypt`) with the caller's rights, and with this encryption context.
 */
export async function encryptVersion(
  { arn, kmsKeyId }: SecretRecord,
  version: SecretVersion,
  call: Call,
): Promise<void> {
  version.dataKey = undefined;
  if (!isCustomerKey(kmsKeyId)) return;
  const EncryptionContext = contextOf(arn, version);
  await refused('EncryptionFailure', "can't encrypt", async () => {
    const input = { KeyId: kmsKeyId, KeySpec: 'AES_256' as const, EncryptionContext };
    const { CiphertextBlob } = await callVia(call, service, 'GenerateDataKey', input);
    await callVia(call, service, 'Decrypt', { CiphertextBlob, EncryptionContext });
    version.dataKey = CiphertextBlob;
  });
}

/** Checks that the caller may decrypt a version. Throws AccessDeniedException, DecryptionFailure. */
export async function decryptVersion({ arn }: SecretRecord, version: SecretVersion, call: Call): Promise<void> {
  const { dataKey } = version;
  if (!dataKey) return;
  const EncryptionContext = contextOf(arn, version);
  await refused('DecryptionFailure', "can't decrypt", async () => {
    await callVia(call, service, 'Decrypt', { CiphertextBlob: dataKey, EncryptionContext });
  });
}

function contextOf(SecretARN: string, { id }: SecretVersion): Record<string, string> {
  return { SecretARN, SecretVersionId: id };
}

async function refused(code: string, what: string, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause;
    if (cause.name === 'AccessDeniedException') {
      throw Object.assign(new AwsError('AccessDeniedException', 'Access to KMS is not allowed'), { cause });
    }
    const check = 'Check that the KMS key is available, enabled, and not in an invalid state.';
    const message = `Secrets Manager ${what} the protected secret text using the provided KMS key. ${check} (KMS: ${cause.name}: ${cause.message})`;
    throw Object.assign(new AwsError(code, message), { cause });
  }
}
