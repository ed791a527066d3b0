import { type Context, errorMessage, isTransient, type Permission } from '@studio-resources/core';
import { actionsOn } from './client/permissions.ts';
import { isDomainId } from './domain/domain-id.ts';
import { ownProvider, providerIn } from './provider.ts';
import { listTags } from './tags.ts';

/** What it takes to tell whether a request may use a domain. The runtime has the right to describe stacks. */
export const allowedDomainsPermissions: readonly Permission[] = [
  ...actionsOn('domain', 'ListTags'),
  { action: 'cloudformation:ListStackResources', resource: 'arn:*:cloudformation:*:*:stack/*' },
];

type Asking = Pick<Context, 'partition' | 'region' | 'account' | 'stackId' | 'requestType'>;

/**
 * Why a request must not use one of these domains; undefined where it may use them all. A Delete may: it deletes only
 * what its own stack and logical id hold, and takes only that out of the settings of others.
 */
export async function refusalOfDomains(ids: Iterable<string>, ctx: Asking): Promise<string | undefined> {
  if (ctx.requestType === 'Delete') return undefined;
  for (const id of new Set(ids)) {
    const refusal = await refusalOf(id, ctx, { countsCreated: true });
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** The domains that a property such as AttachTo names. A Delete's properties are unchecked. */
export function domainsIn(attachments: unknown): string[] {
  const all: unknown[] = Array.isArray(attachments) ? attachments : [];
  return all.flatMap((each) => {
    const { DomainId }: { DomainId?: unknown } = Object(each);
    return typeof DomainId === 'string' ? [DomainId] : [];
  });
}

/**
 * The same of a domain whose contents are to be deleted, in a Delete as well. That this provider created the domain is
 * not enough: Custom::StudioDomain deletes its own contents. In a Delete, what CloudFormation does not say is a refusal.
 */
export async function refusalOfContents(DomainId: string, ctx: Asking): Promise<string | undefined> {
  try {
    return await refusalOf(DomainId, ctx, { countsCreated: false });
  } catch (error) {
    if (ctx.requestType !== 'Delete' || isTransient(error)) throw error;
    return errorMessage(error);
  }
}

/**
 * Why something in a domain that no resource of this provider created must not be adopted; undefined where it may be.
 * The provider's parameters have to open the domain: its role can change nothing else in it.
 */
export async function refusalOfAdoption(DomainId: string, ctx: Asking): Promise<string | undefined> {
  if (isListed(DomainId)) return undefined;
  if (isTagged((await listTags(arnOf(DomainId, ctx))) ?? new Map())) return undefined;
  return `no resource of provider ${ownProvider()} created it. To let resources adopt what is in domain ${DomainId}, ${remedy(DomainId)}`;
}

/** By request: a resource may ask again. */
const answers = new WeakMap<Asking, Map<string, Promise<string | undefined>>>();

function refusalOf(DomainId: string, ctx: Asking, how: { countsCreated: boolean }): Promise<string | undefined> {
  const known = answers.get(ctx) ?? new Map<string, Promise<string | undefined>>();
  answers.set(ctx, known);
  const answer = known.get(DomainId) ?? decide(DomainId, ctx, how);
  known.set(DomainId, answer);
  return answer;
}

/**
 * Why a domain itself must not be changed; undefined where it may be: a resource of this provider created it, or the
 * provider's parameters open it.
 */
export async function refusalOfChange(DomainId: string, ctx: Asking): Promise<string | undefined> {
  const tags = isListed(DomainId) ? undefined : await listTags(arnOf(DomainId, ctx));
  return !tags || providerIn(tags) === ownProvider() ? undefined : refusalOfAdoption(DomainId, ctx);
}

async function decide(
  DomainId: string,
  ctx: Asking,
  { countsCreated }: { countsCreated: boolean },
): Promise<string | undefined> {
  if (isListed(DomainId)) return undefined;
  const tags = isDomainId(DomainId) ? await listTags(arnOf(DomainId, ctx)) : undefined;
  if (!tags) {
    const given = isDomainId(DomainId) ? 'of one that exists' : 'of a domain, such as d-abcdefghijkl';
    return `there is no domain ${DomainId} in this account and Region; give the id ${given}, as DomainId`;
  }
  const creator = providerIn(tags);
  if ((countsCreated && creator === ownProvider()) || isTagged(tags)) return undefined;
  if (await isOfSameTree(DomainId, ctx)) return undefined;
  const why = [
    areNativeAllowed() ? 'this stack does not declare it' : "the provider's parameter NativeDomains is false",
    ...(countsCreated ? [creator ? `provider ${creator} created it` : 'no resource of a provider created it'] : []),
  ].join(', and ');
  return `domain ${DomainId} is not open to this resource: ${why}. To open it, ${remedy(DomainId)}`;
}

/** What the platform team does to open a domain. */
function remedy(DomainId: string): string {
  const { ALLOWED_DOMAIN_TAG: tag } = process.env;
  const byTag = tag ? `, or give the domain the tag ${tag}` : ', or set AllowedDomainTag, and give the domain that tag';
  return `add ${DomainId} to the parameter AllowedDomains of provider ${ownProvider()}${byTag}`;
}

function isListed(DomainId: string): boolean {
  const listed = (process.env.ALLOWED_DOMAINS ?? '').split(',').map((each) => each.trim());
  return listed.includes('*') || listed.includes(DomainId);
}

function isTagged(tags: ReadonlyMap<string, string>): boolean {
  const { ALLOWED_DOMAIN_TAG: tag = '' } = process.env;
  const at = tag.indexOf('=');
  return at > 0 && tags.get(tag.slice(0, at)) === tag.slice(at + 1);
}

/** Whether a stack may use the domains of AWS's own type that its tree declares. */
function areNativeAllowed(): boolean {
  return process.env.NATIVE_DOMAINS !== 'false';
}

async function isOfSameTree(DomainId: string, { stackId }: Asking): Promise<boolean> {
  if (!areNativeAllowed()) return false;
  // An event of EventBridge belongs to no stack.
  if (stackId.split(':')[2] !== 'cloudformation') return false;
  const { isCreatedInTree } = await import('@studio-resources/core/stack-tree');
  return isCreatedInTree(stackId, { type: 'AWS::SageMaker::Domain', id: DomainId });
}

function arnOf(DomainId: string, { partition, region, account }: Asking): string {
  return `arn:${partition}:sagemaker:${region}:${account}:domain/${DomainId}`;
}
