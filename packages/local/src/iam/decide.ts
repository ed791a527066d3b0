import type { DenialReason } from './denial.ts';
import { type AccessRequest, evaluate, evaluateResourcePolicy } from './evaluate.ts';
import type { Identity } from './identity.ts';
import { readPolicy } from './policy.ts';

/** The policy of a resource, as JSON, and the account that the resource belongs to. */
export interface ResourcePolicy {
  document: string;
  account: string;
}

/**
 * Whether an identity may do what it asks; undefined if it may.
 *
 * Within an account, the policies of the identity or the resource's policy must allow it; a boundary and session
 * policies limit the first. From another account, both must.
 */
export function decide(
  identity: Identity,
  request: AccessRequest,
  resourcePolicy: ResourcePolicy | undefined,
): DenialReason | undefined {
  const { requester, policies, boundary, session } = identity;
  const ofIdentity = evaluate(policies, request);
  const ofBoundary = boundary ? evaluate([boundary], request) : 'allow';
  const ofSession = session ? evaluate(session, request) : 'allow';
  const ofResource = resourcePolicy
    ? evaluateResourcePolicy(readPolicy(resourcePolicy.document), { ...request, principal: requester })
    : undefined;

  if (ofIdentity === 'explicit deny') return { explicit: true, by: 'identity-based policy' };
  if (ofBoundary === 'explicit deny') return { explicit: true, by: 'permissions boundary' };
  if (ofSession === 'explicit deny') return { explicit: true, by: 'session policy' };
  if (ofResource === 'explicit deny') return { explicit: true, by: 'resource-based policy' };

  const isForeign = resourcePolicy !== undefined && resourcePolicy.account !== requester.account;
  if (isForeign && ofResource === 'implicit deny') return { explicit: false, by: 'resource-based policy' };
  if (!isForeign && ofResource === 'direct') return undefined;
  // A role opens only to those that its trust policy names, whatever their own policies say; and so does a key of KMS.
  if (/^(sts|kms):/.test(request.action) && ofResource === 'implicit deny') {
    return { explicit: false, by: 'resource-based policy' };
  }
  const isGranted = !isForeign && ofResource === 'role';
  if (ofIdentity !== 'allow' && !isGranted) return { explicit: false, by: 'identity-based policy' };
  if (ofBoundary !== 'allow') return { explicit: false, by: 'permissions boundary' };
  if (ofSession !== 'allow') return { explicit: false, by: 'session policy' };
  return undefined;
}
