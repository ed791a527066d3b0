import { regionalArn } from '../../arn.ts';
import { AwsError } from '../../errors.ts';
import { evaluateResourcePolicy } from '../../iam/evaluate.ts';
import { identityOf } from '../../iam/identity.ts';
import { partitionOf } from '../../iam/partition.ts';
import { readPolicy } from '../../iam/policy.ts';
import { checkPolicy } from '../../iam/policy-check.ts';
import { missingPrincipal } from '../../iam/principals.ts';
import type { Call } from '../../service.ts';
import { getChangeableKey, getKeyById } from './find-key.ts';
import type { Operations } from './records.ts';

export const policyOperations: Operations = {
  GetKeyPolicy: ({ KeyId, PolicyName = 'default' }, call) => {
    const { policy } = getKeyById(KeyId, call);
    checkPolicyName(PolicyName);
    return { Policy: policy, PolicyName };
  },

  PutKeyPolicy({ KeyId, PolicyName = 'default', Policy = '', BypassPolicyLockoutSafetyCheck }, call) {
    const key = getChangeableKey(KeyId, call);
    checkPolicyName(PolicyName);
    checkKeyPolicy(Policy, key.id, BypassPolicyLockoutSafetyCheck, call);
    key.policy = Policy;
    return {};
  },

  ListKeyPolicies({ KeyId }, call) {
    getKeyById(KeyId, call);
    return { PolicyNames: ['default'], Truncated: false };
  },
};

/** What a key has that is made without a policy: the account decides by its own policies. */
export function defaultPolicy(account: string, region: string): string {
  const statement = {
    Sid: 'Enable IAM User Permissions',
    Effect: 'Allow',
    Principal: { AWS: `arn:${partitionOf(region)}:iam::${account}:root` },
    Action: 'kms:*',
    Resource: '*',
  };
  return JSON.stringify({ Version: '2012-10-17', Id: 'key-default-1', Statement: [statement] });
}

/**
 * Throws MalformedPolicyDocumentException for a key policy that is none, that names principals which do not exist, or,
 * unless told otherwise, by which its author could not put another one.
 */
export function checkKeyPolicy(document: string, keyId: string, bypasses: boolean | undefined, call: Call): void {
  if (Buffer.byteLength(document) > 32_768)
    throw new AwsError('LimitExceededException', 'The key policy is longer than 32 KB.');
  try {
    checkPolicy(document, 'resource');
  } catch (cause) {
    if (cause instanceof AwsError) throw malformed(cause.message);
    throw cause;
  }
  if (missingPrincipal(document, call.cloud.store)) {
    throw malformed('Policy contains a statement with one or more invalid principals.');
  }
  if (!bypasses && !canPutPolicy(document, keyId, call)) {
    throw malformed('The new key policy will not allow you to update the key policy in the future.');
  }
}

/** PutKeyPolicy's reference: the policy must let the calling principal make a subsequent PutKeyPolicy request. */
function canPutPolicy(document: string, keyId: string, { account, region, principal, cloud }: Call): boolean {
  if (principal.kind === 'service') return true;
  const { requester, principalArn } = identityOf(cloud.store, principal);
  const decision = evaluateResourcePolicy(readPolicy(document), {
    action: 'kms:PutKeyPolicy',
    resource: regionalArn('kms', `key/${keyId}`, { account, region }),
    context: { 'aws:PrincipalArn': principalArn, 'aws:PrincipalAccount': account, 'kms:CallerAccount': account },
    principal: requester,
  });
  return decision !== 'explicit deny' && decision !== 'implicit deny';
}

function checkPolicyName(name: string): void {
  if (name !== 'default') throw new AwsError('NotFoundException', 'No such policy exists');
}

function malformed(message: string): AwsError {
  return new AwsError('MalformedPolicyDocumentException', message);
}
