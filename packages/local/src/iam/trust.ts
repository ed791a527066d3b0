import type { Store } from '../store.ts';
import type { Context } from './context.ts';
import { evaluateResourcePolicy } from './evaluate.ts';
import { readPolicy } from './policy.ts';
import { findRoleByArn, type RoleRecord } from './records.ts';
import type { Requester } from './requester.ts';

/** Does the role's trust policy let the requester assume it? */
export function trusts(role: RoleRecord, principal: Requester, context: Context): boolean {
  const request = { action: 'sts:AssumeRole', resource: role.arn, context, principal };
  const decision = evaluateResourcePolicy(readPolicy(role.assumeRolePolicyDocument), request);
  return decision === 'direct' || decision === 'account';
}

/** The role of that ARN if it exists and trusts the service, such as `lambda.amazonaws.com`. */
export function findRoleTrusting(store: Store, roleArn: string, service: string): RoleRecord | undefined {
  const role = findRoleByArn(store, roleArn);
  if (!role) return undefined;
  const account = accountOf(role.arn);
  const context = { 'aws:SourceAccount': account, 'aws:PrincipalIsAWSService': 'true' };
  return trusts(role, { account, names: [service], isService: true }, context) ? role : undefined;
}

/** The account in an ARN. */
export function accountOf(arn: string): string {
  return arn.split(':')[4] ?? '';
}
