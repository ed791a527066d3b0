import { checkPolicy } from '../../iam/policy-check.ts';
import type { IdentityRecord } from '../../iam/records.ts';
import { limitExceeded, noSuchEntity } from './errors.ts';
import { page } from './lists.ts';

/** How much the inline policies of one identity may hold together, white space not counted. */
const largest = { role: 10_240, user: 2_048 };

export type IdentityKind = keyof typeof largest;

export function putInlinePolicy(kind: IdentityKind, identity: IdentityRecord, name: string, document: string): void {
  checkPolicy(document, 'identity');
  const all = Object.values({ ...identity.inlinePolicies, [name]: document });
  if (all.reduce((sum, text) => sum + sizeOf(text), 0) > largest[kind]) {
    throw limitExceeded(`Maximum policy size of ${largest[kind]} bytes exceeded for ${kind} ${identity.name}`);
  }
  identity.inlinePolicies[name] = document;
}

/** The policy, encoded as IAM gives it. */
export function getInlinePolicy(kind: IdentityKind, identity: IdentityRecord, name: string): string {
  return encodeURIComponent(findOrThrow(kind, identity, name));
}

export function deleteInlinePolicy(kind: IdentityKind, identity: IdentityRecord, name: string): void {
  findOrThrow(kind, identity, name);
  delete identity.inlinePolicies[name];
}

export function listInlinePolicies(identity: IdentityRecord, input: { Marker?: string; MaxItems?: number }) {
  const { items, more } = page(Object.keys(identity.inlinePolicies), (name) => name, input);
  return { PolicyNames: items, ...more };
}

/** The size of a policy as IAM counts it. */
export function sizeOf(document: string): number {
  return document.replace(/\s/g, '').length;
}

function findOrThrow(kind: IdentityKind, identity: IdentityRecord, name: string): string {
  const document = Object.hasOwn(identity.inlinePolicies, name) ? identity.inlinePolicies[name] : undefined;
  if (document === undefined) throw noSuchEntity(`The ${kind} policy with name ${name} cannot be found.`);
  return document;
}
