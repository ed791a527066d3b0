import type { Request } from '../cloud-events.ts';
import type { Principal } from '../principal.ts';
import { type Call, type Service, scopeOf } from '../service.ts';
import { decide } from './decide.ts';
import { type DenialReason, denial } from './denial.ts';
import { type Identity, type IdentityPrincipal, identityOf } from './identity.ts';
import { homeRegionOf } from './partition.ts';
import { requestTagKeys, requestTags } from './request-tags.ts';
import type { Requester } from './requester.ts';
import type { Right } from './right.ts';
import { rightsOf } from './rights.ts';
import { allowsService } from './service-access.ts';
import { accountOf } from './trust.ts';

interface Owner {
  service: Service;
  call: Call;
}

/**
 * Checks that a request's principal has every right that it needs. The services may do everything; the account itself
 * as well with what is its own; a user or a role's session what its policies allow. What belongs to another account is
 * open to all of them only as far as its own policy allows.
 *
 * Throws the service's own access denied error.
 */
export async function authorise(service: Service, request: Request, call: Call): Promise<void> {
  const { principal } = request;
  if (principal.kind === 'service') {
    if (service.bindsEveryone) await authoriseService(service, principal, request, call);
    return;
  }
  if (principal.kind === 'account' && !service.bindsEveryone && !namesOtherAccount(request.input, principal.account)) {
    if (!service.accountOf || !(await usesOtherAccount(service, request, call))) return;
  }
  const identity = identityOf(call.cloud.store, principal);
  const common = commonContext(service, principal, identity, request, call);
  for (const right of await rightsOf(service, request, call)) {
    const owner = ownerOf(right, service, call);
    const context = { ...common, ...resourceContext(owner, right), ...right.context };
    const resourcePolicy = owner?.service.resourcePolicy?.(right.resource, owner.call);
    const refusal = decide(identity, { action: right.action, resource: right.resource, context }, resourcePolicy);
    if (refusal && !allowedOtherwise(owner, refusal, { ...right, context }, namesOf(identity.requester))) {
      throw denial(service, principal, right, refusal);
    }
    call.cloud.events.emit('right', { principal: principal.arn, action: right.action, resource: right.resource });
  }
}

/** The service itself has only the rights that the policies of the resources give it. */
async function authoriseService(
  service: Service,
  principal: Extract<Principal, { kind: 'service' }>,
  request: Request,
  call: Call,
): Promise<void> {
  for (const right of await rightsOf(service, request, call)) {
    const policy = service.resourcePolicy?.(right.resource, call)?.document;
    if (policy === undefined || allowsService(policy, right, principal)) continue;
    const refusal: DenialReason = { explicit: false, by: 'resource-based policy' };
    if (!allowedOtherwise({ service, call }, refusal, right, [principal.service])) {
      throw denial(service, { ...principal, arn: principal.service }, right, refusal);
    }
  }
}

/** What no policy allows, and none denies, may be allowed otherwise. */
function allowedOtherwise(
  owner: Owner | undefined,
  { explicit }: DenialReason,
  right: Right,
  names: readonly string[],
): boolean {
  return !explicit && (owner?.service.allowsOtherwise?.(right, names, owner.call) ?? false);
}

function namesOf({ name, roleArn }: Requester): string[] {
  return roleArn === undefined ? [name] : [name, roleArn];
}

/** Whether an ARN in the input is another account's. */
function namesOtherAccount(input: Record<string, unknown>, account: string): boolean {
  return Object.values(input)
    .flat()
    .some(
      (value) =>
        typeof value === 'string' && /^arn:[^:]*:[^:]*:[^:]*:\d{12}:/.test(value) && accountOf(value) !== account,
    );
}

/** Whether a resource whose ARN has no account is another account's: a bucket. */
async function usesOtherAccount(service: Service, request: Request, call: Call): Promise<boolean> {
  const rights = await rightsOf(service, request, call);
  return rights.some(({ resource }) => (service.accountOf?.(resource, call) ?? call.account) !== call.account);
}

const types = { account: 'Account', role: 'AssumedRole', user: 'User' };

/** The condition keys that every call has that is not a service's. */
function commonContext(
  service: Service,
  principal: IdentityPrincipal,
  identity: Identity,
  { input, region, via }: Request,
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
    'aws:PrincipalType': types[principal.kind],
    'aws:RequestedRegion': service.iamPrefix === 'iam' ? homeRegionOf(region) : region,
    // The local cloud stands for AWS's endpoints, which are reached over TLS.
    'aws:SecureTransport': 'true',
    'aws:ViaAWSService': String(via !== undefined),
    'aws:userid': identity.userId,
    ...(principal.kind === 'user' && { 'aws:username': principal.userName }),
    ...(principal.kind === 'role' && principal.session?.context),
    ...prefixed('aws:PrincipalTag/', identity.tags),
    ...prefixed('aws:RequestTag/', requestTags(input)),
    ...(keys.length > 0 && { 'aws:TagKeys': keys }),
  };
}

/** The service that a right is about, which need not be the one that is called, and the call as it would see it. */
function ownerOf({ action }: Right, called: Service, call: Call): Owner | undefined {
  const prefix = action.slice(0, action.indexOf(':'));
  if (prefix === called.iamPrefix) return { service: called, call };
  const service = [...call.cloud.services.values()].find(({ iamPrefix }) => iamPrefix === prefix);
  if (!service) return undefined;
  const { account, region, cloud } = call;
  const table: Call['table'] = (name, of) =>
    cloud.store.table(service.id, scopeOf(service, { account, region, ...of }), name);
  return { service, call: { ...call, service: service.id, table } };
}

/** The condition keys of the resource of a call: its account, and its tags, under AWS's and the service's own name. */
function resourceContext(owner: Owner | undefined, right: Right): Record<string, string> {
  if (right.resource === '*' || !owner) return {};
  const { service, call } = owner;
  const tags = service.tagsOf?.(right.resource, call);
  const account = right.resource.split(':')[4] || service.accountOf?.(right.resource, call) || call.account;
  return {
    'aws:ResourceAccount': account,
    // S3 has a key of its own besides, which is the older one.
    ...(service.iamPrefix === 's3' && { 's3:ResourceAccount': account }),
    ...prefixed('aws:ResourceTag/', tags),
    ...prefixed(`${service.iamPrefix}:ResourceTag/`, tags),
  };
}

function prefixed(prefix: string, tags: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [prefix + key, value]));
}
