import type * as SFN from '@aws-sdk/client-sfn';
import { AwsError } from '../../errors.ts';
import type { Principal } from '../../principal.ts';
import type { Call } from '../../service.ts';
import { kms } from '../kms/index.ts';
import { callVia } from '../kms/via.ts';
import { type StateMachineRecord, stateMachines } from './records.ts';

const service = 'states';

function contextOf(arn: string): Record<string, string> {
  return { 'aws:states:stateMachineArn': arn };
}

/**
 * A data key of the customer's key for a state machine: "Data at rest encryption" in the developer guide of Step Functions.
 * The caller needs `kms:DescribeKey` and `kms:GenerateDataKey`. Undefined for AWS's own key.
 *
 * Throws KmsAccessDeniedException; InvalidEncryptionConfiguration for a key that is not there or cannot be used.
 */
export async function newDataKey(
  encryption: SFN.EncryptionConfiguration | undefined,
  arn: string,
  call: Call,
): Promise<Uint8Array | undefined> {
  if (encryption?.type !== 'CUSTOMER_MANAGED_KMS_KEY') return undefined;
  const KeyId = encryption.kmsKeyId;
  try {
    await callVia(call, service, 'DescribeKey', { KeyId });
    const input = { KeyId, KeySpec: 'AES_256' as const, EncryptionContext: contextOf(arn) };
    return (await callVia(call, service, 'GenerateDataKey', input)).CiphertextBlob;
  } catch (cause) {
    throw refusal(cause, 'InvalidEncryptionConfiguration');
  }
}

/** Checks that the caller may read what is encrypted of a state machine: `kms:Decrypt`. */
export async function decryptWith(machineArn: string, call: Call): Promise<void> {
  const { arn, dataKey } = stateMachines(call).get(machineArn) ?? {};
  if (arn === undefined || dataKey === undefined) return;
  try {
    await callVia(call, service, 'Decrypt', { CiphertextBlob: dataKey, EncryptionContext: contextOf(arn) });
  } catch (cause) {
    throw refusal(cause, 'KmsInvalidStateException');
  }
}

/**
 * Checks that the role of an execution may encrypt and decrypt what it works with. The role calls KMS itself, so that
 * `kms:ViaService` is not there; who starts the execution needs no right to use the key.
 *
 * Throws KmsAccessDeniedException, KmsInvalidStateException.
 */
export async function useWith({ arn, encryption, dataKey }: StateMachineRecord, role: Principal, call: Call) {
  if (dataKey === undefined) return;
  const EncryptionContext = contextOf(arn);
  const as = { principal: role, region: call.region };
  try {
    const input = { KeyId: encryption.kmsKeyId, KeySpec: 'AES_256' as const, EncryptionContext };
    const { CiphertextBlob } = await call.cloud.invoke(kms, 'GenerateDataKey', input, as);
    await call.cloud.invoke(kms, 'Decrypt', { CiphertextBlob, EncryptionContext }, as);
  } catch (cause) {
    throw refusal(cause, 'KmsInvalidStateException');
  }
}

function refusal(cause: unknown, invalidState: string): unknown {
  if (!(cause instanceof AwsError)) return cause;
  const code = cause.name === 'AccessDeniedException' ? 'KmsAccessDeniedException' : invalidState;
  return Object.assign(new AwsError(code, `${cause.message} (KMS: ${cause.name})`), { cause });
}
