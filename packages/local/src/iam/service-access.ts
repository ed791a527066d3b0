import type { Principal } from '../principal.ts';
import { evaluateResourcePolicy } from './evaluate.ts';
import { readPolicy } from './policy.ts';

/**
 * Does a resource's policy let a service of AWS's, on whose behalf nobody else answers, do this to the resource? The
 * policy is JSON; a resource without one lets no service in.
 */
export function allowsService(
  policy: string | undefined,
  action: string,
  resource: string,
  principal: Extract<Principal, { kind: 'service' }>,
): boolean {
  if (policy === undefined) return false;
  const { account, service: name, sourceArn } = principal;
  const decision = evaluateResourcePolicy(readPolicy(policy), {
    action,
    resource,
    context: {
      'aws:SourceAccount': account,
      'aws:PrincipalIsAWSService': 'true',
      ...(sourceArn !== undefined && { 'aws:SourceArn': sourceArn }),
    },
    principal: { account, name, isService: true },
  });
  return decision !== 'implicit deny' && decision !== 'explicit deny';
}
