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
  return decision !== 'explicit deny' && decision !== 'implicit deny';
}

/**
 * The services that document `aws:SourceAccount` for the roles that they assume, on pages about the confused deputy: SageMaker,
 * CodeBuild, CodePipeline, EventBridge, Step Functions and CloudTrail. Of CloudFormation, Lambda and Service Catalog it is not known, so
 * that a trust policy which depends on it fails here rather than in an account.
 */
const sendSourceAccount: ReadonlySet<string> = new Set(
  ['sagemaker', 'codebuild', 'codepipeline', 'events', 'states', 'cloudtrail'].map((name) => `${name}.amazonaws.com`),
);

/**
 * The role of that ARN if it exists and trusts the service, such as `lambda.amazonaws.com`, when it acts for the
 * role's own account and, where given, for the resource `sourceArn`.
 */
export function findRoleTrusting(
  store: Store,
  roleArn: string,
  service: string,
  sourceArn?: string,
): RoleRecord | undefined {
  const role = findRoleByArn(store, roleArn);
  if (!role) return undefined;
  const account = accountOf(role.arn);
  const context = {
    ...(sendSourceAccount.has(service) && { 'aws:SourceAccount': account }),
    'aws:PrincipalIsAWSService': 'true',
    ...(sourceArn !== undefined && { 'aws:SourceArn': sourceArn }),
  };
  return trusts(role, { account, name: service, isService: true }, context) ? role : undefined;
}

/** The account in an ARN. */
export function accountOf(arn: string): string {
  return arn.split(':')[4] ?? '';
}
