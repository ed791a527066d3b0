import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { callVia, isCustomerKey } from '../kms/via.ts';
import { invalid } from './records.ts';

/**
 * Lets SageMaker use the customer's key of a domain. "Data protection for Studio" in the developer guide of SageMaker: the
 * caller needs `kms:DescribeKey` and `kms:CreateGrant`; SageMaker creates the home file system by that grant.
 */
export async function grantDomainKey(KeyId: string | undefined, domainId: string, call: Call): Promise<void> {
  if (!isCustomerKey(KeyId)) return;
  try {
    const { KeyMetadata } = await callVia(call, 'sagemaker', 'DescribeKey', { KeyId });
    await callVia(call, 'sagemaker', 'CreateGrant', {
      KeyId: KeyMetadata!.Arn,
      Name: `sagemaker-${domainId}`,
      GranteePrincipal: 'sagemaker.amazonaws.com',
      RetiringPrincipal: 'sagemaker.amazonaws.com',
      Operations: ['CreateGrant', 'Decrypt', 'DescribeKey', 'GenerateDataKeyWithoutPlaintext', 'RetireGrant'],
    });
  } catch (cause) {
    if (!(cause instanceof AwsError) || cause.name === 'AccessDeniedException') throw cause;
    throw Object.assign(invalid(`The KMS key ${KeyId} cannot be used: ${cause.message}`), { cause });
  }
}
