import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { callVia, isCustomerKey } from '../kms/via.ts';
import { invalidParameter } from './errors.ts';
import type { FunctionRecord } from './records.ts';

/** What binds the variables to their function, as Lambda's developer guide has it. */
function contextOf({ FunctionArn = '' }: FunctionConfiguration): Record<string, string> {
  return { 'aws:lambda:FunctionArn': FunctionArn };
}

/**
 * Encrypts a function's variables with its own key, where it has both. "Securing environment variables" in Lambda's
 * developer guide: the caller needs `kms:CreateGrant` and `kms:Encrypt`; the grant lets the function's role decrypt.
 *
 * Throws InvalidParameterValueException, with KMS's own error in it.
 */
export async function encryptVariables(
  { encrypted = {} }: Pick<FunctionRecord, 'encrypted'>,
  configuration: FunctionConfiguration,
  call: Call,
): Promise<FunctionRecord['encrypted']> {
  const { KMSKeyArn: KeyId, Environment, Role: GranteePrincipal } = configuration;
  const variables = Environment?.Variables ?? {};
  if (!isCustomerKey(KeyId) || Object.keys(variables).length === 0) return encrypted;
  const EncryptionContext = contextOf(configuration);
  let step = 'CreateGrant';
  try {
    await callVia(call, 'lambda', 'CreateGrant', {
      KeyId,
      GranteePrincipal,
      Name: `lambda-${configuration.FunctionName}`,
      Operations: ['Decrypt', 'RetireGrant'],
      Constraints: { EncryptionContextEquals: EncryptionContext },
    });
    step = 'Encrypt';
    // The variables may be longer than what KMS encrypts itself; what is sealed here stands for them.
    const Plaintext = Buffer.from(Object.keys(variables).sort().join(' ').slice(0, 4096));
    const { CiphertextBlob } = await callVia(call, 'lambda', 'Encrypt', { KeyId, Plaintext, EncryptionContext });
    return { ...encrypted, [KeyId]: CiphertextBlob! };
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause;
    const message = `Lambda was unable to configure access to your environment variables because the KMS key is invalid for ${step}. Please check your KMS key settings. KMS Exception: ${cause.name} KMS Message: ${cause.message}`;
    throw Object.assign(invalidParameter(message), { cause });
  }
}
