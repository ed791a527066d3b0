import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { callVia, isCustomerKey } from '../kms/via.ts';

const service = 'elasticfilesystem';

/**
 * The ARN of the key that encrypts a new file system. "Key policies for EFS" in its user guide: the caller needs
 * `kms:DescribeKey`, `kms:GenerateDataKeyWithoutPlaintext`, `kms:Decrypt` and `kms:CreateGrant`.
 *
 * Throws BadRequest for a key that is not there or cannot be used.
 */
export async function keyFor(KeyId: string, fileSystemId: string, call: Call): Promise<string> {
  if (!isCustomerKey(KeyId)) return KeyId;
  const EncryptionContext = { 'aws:elasticfilesystem:filesystem:id': fileSystemId };
  try {
    const { KeyMetadata } = await callVia(call, service, 'DescribeKey', { KeyId });
    const input = { KeyId, KeySpec: 'AES_256' as const, EncryptionContext };
    const { CiphertextBlob } = await callVia(call, service, 'GenerateDataKeyWithoutPlaintext', input);
    await callVia(call, service, 'Decrypt', { CiphertextBlob, EncryptionContext });
    await callVia(call, service, 'CreateGrant', {
      KeyId: KeyMetadata!.Arn,
      GranteePrincipal: 'elasticfilesystem.amazonaws.com',
      RetiringPrincipal: 'elasticfilesystem.amazonaws.com',
      Operations: ['Decrypt', 'GenerateDataKeyWithoutPlaintext', 'RetireGrant'],
      Constraints: { EncryptionContextEquals: EncryptionContext },
    });
    return KeyMetadata!.Arn!;
  } catch (cause) {
    if (!(cause instanceof AwsError) || cause.name === 'AccessDeniedException') throw cause;
    throw Object.assign(new AwsError('BadRequest', `The KMS key cannot be used: ${cause.message}`), { cause });
  }
}
