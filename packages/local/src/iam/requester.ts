import type { PrincipalElement } from './policy.ts';

/** A principal as the policies of resources name it. */
export interface Requester {
  account: string;
  /** What names it alone: a user's ARN; a session's, and its role's; a service's name such as `lambda.amazonaws.com`. */
  names: readonly string[];
  isService: boolean;
}

/** How an allow came about: it names the principal itself, or only its account. */
export type Grant = 'direct' | 'account';

/** What a statement's principals mean for the requester; undefined if it is not among them. */
export function grantOf(element: PrincipalElement, requester: Requester): Grant | undefined {
  const grants = element.values.map(([type, value]) => grantOfOne(type, value, requester));
  if (element.not) return grants.some((grant) => grant !== undefined) ? undefined : 'direct';
  return grants.includes('direct') ? 'direct' : grants.find((grant) => grant !== undefined);
}

function grantOfOne(type: string, value: string, requester: Requester): Grant | undefined {
  if (value === '*') return type === 'AWS' || requester.isService ? 'direct' : undefined;
  if (type === 'Service') return requester.isService && requester.names.includes(value) ? 'direct' : undefined;
  if (type !== 'AWS' || requester.isService) return undefined;
  if (value === requester.account || value.endsWith(`:iam::${requester.account}:root`)) return 'account';
  return requester.names.includes(value) ? 'direct' : undefined;
}
