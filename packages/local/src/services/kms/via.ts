import type * as KMS from '@aws-sdk/client-kms';
import type { Principal } from '../../principal.ts';
import type { Call, Input, Output } from '../../service.ts';
import { kms } from './index.ts';

/** What services do with a key on behalf of those who call them. */
type KeyOperation =
  | 'CreateGrant'
  | 'Decrypt'
  | 'DescribeKey'
  | 'Encrypt'
  | 'GenerateDataKey'
  | 'GenerateDataKeyWithoutPlaintext'
  | 'RetireGrant';

/**
 * Calls KMS as a service does, with the rights of the principal that called the service, or of another one. `service`
 * is its name in the condition key `kms:ViaService`: `secretsmanager`.
 */
export function callVia<Name extends KeyOperation>(
  call: Call,
  service: string,
  operation: Name,
  input: Input<typeof KMS, Name>,
  principal: Principal = call.principal,
): Promise<Output<typeof KMS, Name>> {
  const { cloud, region } = call;
  return cloud.invoke(kms, operation, input, { principal, region, via: `${service}.${region}.amazonaws.com` });
}

/** Whether a key is a customer's own. AWS's keys are open to all in the account, through the service. */
export function isCustomerKey(key: string | undefined): key is string {
  return key !== undefined && key !== '' && !/(^|:)alias\/aws\//.test(key);
}
