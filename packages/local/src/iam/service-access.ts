import type { Principal } from '../principal.ts';
import { evaluateResourcePolicy } from './evaluate.ts';
import { readPolicy } from './policy.ts';
import type { Right } from './right.ts';

/**
 * Does a resource's policy allow an AWS service, which acts on behalf of no other principal, to do this? The
 * policy is JSON; a resource without one allows no service.
 */
export function allowsService(
  policy: string | undefined,
  { action, resource, context }: Pick<Right, 'action' | 'resource'> & Partial<Right>,
  principal: Extract<Principal, { kind: 'service' }>,
): boolean {
  if (policy === undefined) return false;
  const { account, service: name, sourceArn } = principal;
  const decision = evaluateResourcePolicy(readPolicy(policy), {
    action,
    resource,
    context: {
      ...context,
      'aws:SourceAccount': account,
      'aws:PrincipalIsAWSService': 'true',
      ...(sourceArn !== undefined && { 'aws:SourceArn': sourceArn }),
    },
    principal: { account, name, isService: true },
  });
  return decision !== 'implicit deny' && decision !== 'explicit deny';
}
