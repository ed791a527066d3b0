import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { callVia, isCustomerKey } from '../kms/via.ts';
import type { TopicRecord } from './records.ts';

/** SNS's names for what KMS refuses: the errors of Publish. */
const codes: Record<string, string> = {
  AccessDeniedException: 'KMSAccessDenied',
  DisabledException: 'KMSDisabled',
  KMSInvalidStateException: 'KMSInvalidState',
  NotFoundException: 'KMSNotFound',
};

/**
 * Checks that the publisher may encrypt with the topic's key. "Key management" in SNS's developer guide: a publisher, a
 * service of AWS's too, needs `kms:GenerateDataKey*` and `kms:Decrypt`.
 */
export async function encryptFor({ arn, attributes }: TopicRecord, call: Call): Promise<void> {
  const { KmsMasterKeyId: KeyId } = attributes;
  if (!isCustomerKey(KeyId)) return;
  const EncryptionContext = { 'aws:sns:topicArn': arn };
  try {
    const input = { KeyId, KeySpec: 'AES_256' as const, EncryptionContext };
    const { CiphertextBlob } = await callVia(call, 'sns', 'GenerateDataKey', input);
    await callVia(call, 'sns', 'Decrypt', { CiphertextBlob, EncryptionContext });
  } catch (cause) {
    const code = cause instanceof AwsError ? codes[cause.name] : undefined;
    if (code === undefined || !(cause instanceof AwsError)) throw cause;
    const message = `${cause.message} (Service: AWSKMS; Status Code: 400; Error Code: ${cause.name})`;
    throw Object.assign(new AwsError(code, message, { status: 400 }), { cause });
  }
}
