import { AwsError } from '../../errors.ts';
import { servicePrincipal } from '../../principal.ts';
import type { Call } from '../../service.ts';
import { kms } from '../kms/index.ts';
import { invalid } from './state.ts';

/**
 * Checks that CloudWatch Logs can use a key for a log group. "Encrypt log data" in its user guide: the key policy lets the
 * service's principal of the Region use it, and may require this encryption context.
 *
 * Throws InvalidParameterException for a key that does not exist or is disabled, AccessDeniedException for one whose policy
 * does not allow it.
 */
export async function checkKey(KeyId: string, groupArn: string, { cloud, account, region }: Call): Promise<void> {
  if (!/^arn:[^:]+:kms:[^:]+:\d{12}:key\//.test(KeyId)) {
    throw invalid(`The specified KMS key must be the ARN of a key, not ${KeyId}`);
  }
  const as = { principal: servicePrincipal(`logs.${region}.amazonaws.com`, account, groupArn), region };
  const EncryptionContext = { 'aws:logs:arn': groupArn };
  try {
    const input = { KeyId, KeySpec: 'AES_256' as const, EncryptionContext };
    const { CiphertextBlob } = await cloud.invoke(kms, 'GenerateDataKey', input, as);
    await cloud.invoke(kms, 'Decrypt', { CiphertextBlob, EncryptionContext }, as);
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause;
    throw Object.assign(refusal(cause, groupArn), { cause });
  }
}

function refusal({ name, message }: AwsError, groupArn: string): AwsError {
  if (name === 'NotFoundException') return invalid('The specified KMS Key Id could not be found.');
  if (name !== 'AccessDeniedException') return invalid(`The specified KMS key cannot be used: ${message}`);
  const text = `The specified KMS key does not exist or is not allowed to be used with LogGroup '${groupArn}'`;
  return new AwsError('AccessDeniedException', text);
}
