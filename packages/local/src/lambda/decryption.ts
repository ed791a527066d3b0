import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { AwsError } from '../errors.ts';
import type { Principal } from '../principal.ts';
import type { Cloud } from '../service.ts';

/** Lambda's names for what KMS refuses: the errors of Invoke. */
const codes: Record<string, { code: string; what: string }> = {
  AccessDeniedException: { code: 'KMSAccessDeniedException', what: 'KMS access was denied' },
  DisabledException: { code: 'KMSDisabledException', what: 'the KMS key used is disabled' },
  KMSInvalidStateException: {
    code: 'KMSInvalidStateException',
    what: 'the state of the KMS key used is not valid for Decrypt',
  },
  NotFoundException: { code: 'KMSNotFoundException', what: 'the KMS key was not found' },
};

/**
 * Decrypts the variables of a function before its environment is started, with the rights of its role.
 *
 * Throws KMSAccessDeniedException, KMSDisabledException, KMSInvalidStateException, KMSNotFoundException.
 */
export async function decryptVariables(
  cloud: Cloud,
  { FunctionArn = '' }: FunctionConfiguration,
  CiphertextBlob: Uint8Array,
  { principal, region }: { principal: Principal; region: string },
): Promise<void> {
  const input = { CiphertextBlob, EncryptionContext: { 'aws:lambda:FunctionArn': FunctionArn } };
  try {
    const via = `lambda.${region}.amazonaws.com`;
    await cloud.call({ service: 'kms', operation: 'Decrypt', input, principal, region, via });
  } catch (cause) {
    const known = cause instanceof AwsError ? codes[cause.name] : undefined;
    if (!known || !(cause instanceof AwsError)) throw cause;
    const message = `Lambda was unable to decrypt the environment variables because ${known.what}. Please check the function's KMS key settings. KMS Exception: ${cause.name} KMS Message: ${cause.message}`;
    throw Object.assign(new AwsError(known.code, message, { status: 502 }), { cause });
  }
}
