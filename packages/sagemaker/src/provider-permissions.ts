import type { Permission } from '@studio-resources/core';
import { actionsOn } from './client/permissions.ts';
import { providerTag } from './provider.ts';

type Condition = NonNullable<Permission['condition']>;

const resourceTag = `aws:ResourceTag/${providerTag}`;

/** Where a condition has `*` here, the role has a parameter of the provider: here its NamePrefix. */
const own: Condition = { StringEquals: { [resourceTag]: '*' } };
const notOfOthers: Condition = { StringEqualsIfExists: { [resourceTag]: '*' } };
/** Domains are listed without their Region, because `Fn::Join` takes no other delimiter than a constant one. */
const listed: Condition = { StringEquals: { 'aws:RequestedRegion': '*' } };
const tagged: Condition = { StringEquals: { 'aws:ResourceTag/*': '*' } };

/** A condition that leaves the tag of the provider alone: who may write it on something could make that its own. */
function withoutProviderTag(condition: Condition): Condition {
  return { ...condition, 'ForAllValues:StringNotEqualsIgnoreCase': { 'aws:TagKeys': providerTag } };
}

/** Creating such a resource with the tag of the provider. SageMaker asks for AddTags as well, and says for what. */
export function creating(kind: string, action: string): Permission[] {
  return [
    ...on(kind, { StringEquals: { [`aws:RequestTag/${providerTag}`]: '*' } }, action),
    ...on(kind, { StringEquals: { 'sagemaker:TaggingAction': action } }, 'AddTags'),
  ];
}

/** Actions on what this provider's resources have created. */
export function onOwn(kind: string, ...actions: string[]): Permission[] {
  return on(kind, own, ...actions);
}

/**
 * Actions on what no other provider's resources have created: also on what people make in domains, on native domains, and on
 * what is in those. It has no tag by which IAM could tell its owner, so the handler decides.
 */
export function onAllButOthers(kind: string, ...actions: string[]): Permission[] {
  return on(kind, notOfOthers, ...actions);
}

/** Actions on the domains that AllowedDomains lists, or on what is in them: no condition can name the domain of a profile. */
export function inListedDomains(kind: string, ...actions: string[]): Permission[] {
  return on(inDomain(kind), listed, ...actions);
}

/** Actions on the domains with the tag of AllowedDomainTag. What is in them does not have it. */
export function onTaggedDomains(...actions: string[]): Permission[] {
  return on('domain', tagged, ...actions);
}

/** Changing the tags of a domain that is adopted. */
export function taggingAdoptedDomains(): Permission[] {
  return [listed, tagged].flatMap((each) => on('domain', withoutProviderTag(each), 'AddTags', 'DeleteTags'));
}

/**
 * Changing what is adopted in a domain, and its tags: in one that AllowedDomains lists, or, where AllowedDomainTag is set,
 * wherever no other provider's resource has created it.
 */
export function adopting(kind: string, action: string): Permission[] {
  return [
    ...onAllButOthers(kind, action),
    ...inListedDomains(kind, action),
    ...on(kind, withoutProviderTag(notOfOthers), 'AddTags', 'DeleteTags'),
    ...on(inDomain(kind), withoutProviderTag(listed), 'AddTags', 'DeleteTags'),
  ];
}

function on(kind: string, condition: Condition, ...actions: string[]): Permission[] {
  return actionsOn(kind, ...actions).map((each) => ({ ...each, condition }));
}

/** The ARNs of what is in domains have their ids: `user-profile/d-1/ada`. */
function inDomain(kind: string): string {
  return kind === 'domain' ? kind : `${kind}/*`;
}
