import type { Request } from '../cloud.ts';
import type { Principal } from '../principal.ts';
import type { Call, Service } from '../service.ts';
import { decide } from './decide.ts';
import { denial } from './denial.ts';
import { type Identity, identityOf } from './identity.ts';
import { requestTagKeys, requestTags } from './request-tags.ts';
import { type Right, rightsOf } from './rights.ts';

/**
 * Checks that a request's principal has every right that it needs. The account itself and the services may do
 * everything; a user or a role's session what its policies allow, and those of the resource.
 *
 * Throws the service's own access denied error.
 */
export async function authorise(service: Service, request: Request, call: Call): Promise<void> {
  const { principal } = request;
  if (principal.kind === 'account' || principal.kind === 'service') return;
  const identity = identityOf(call.cloud.store, principal);
  const common = commonContext(principal, identity, request, call);
  for (const right of await rightsOf(service, request, call)) {
    const owner = right.action.startsWith(`${service.iamPrefix}:`) ? service : undefined;
    const context = { ...common, ...resourceContext(owner, right, call), ...right.context };
    const refusal = decide(
      identity,
      { action: right.action, resource: right.resource, context },
      owner?.resourcePolicy?.(right.resource, call),
    );
    if (refusal) throw denial(service, principal, right, refusal);
  }
}

/** The condition keys that every call of a user or a role has. */
function commonContext(
  principal: Extract<Principal, { kind: 'user' | 'role' }>,
  identity: Identity,
  { input, region }: Request,
  { clock }: Call,
): Record<string, string | string[]> {
  const now = clock.now();
  const keys = requestTagKeys(input);
  return {
    'aws:CurrentTime': new Date(now).toISOString(),
    'aws:EpochTime': String(Math.floor(now / 1000)),
    'aws:PrincipalAccount': principal.account,
    'aws:PrincipalArn': identity.principalArn,
    'aws:PrincipalIsAWSService': 'false',
    'aws:PrincipalType': principal.kind === 'role' ? 'AssumedRole' : 'User',
    'aws:RequestedRegion': region,
    // The local cloud stands for AWS's endpoints, which are reached over TLS.
    'aws:SecureTransport': 'true',
    'aws:ViaAWSService': 'false',
    'aws:userid': identity.userId,
    ...(principal.kind === 'user' && { 'aws:username': principal.userName }),
    ...prefixed('aws:PrincipalTag/', identity.tags),
    ...prefixed('aws:RequestTag/', requestTags(input)),
    ...(keys.length > 0 && { 'aws:TagKeys': keys }),
  };
}

/** The condition keys of what the call is about: whose it is, and its tags, under AWS's and the service's own name. */
function resourceContext(owner: Service | undefined, right: Right, call: Call): Record<string, string> {
  const account = right.resource.split(':')[4] || call.account;
  const tags = right.resource === '*' ? undefined : owner?.tagsOf?.(right.resource, call);
  return {
    'aws:ResourceAccount': account,
    ...prefixed('aws:ResourceTag/', tags),
    ...(owner && prefixed(`${owner.iamPrefix}:ResourceTag/`, tags)),
  };
}

function prefixed(prefix: string, tags: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [prefix + key, value]));
}
