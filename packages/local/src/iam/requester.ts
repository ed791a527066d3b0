import type { PrincipalElement } from './policy.ts';

/** A principal as the policies of resources name it. */
export interface Requester {
  account: string;
  /** A user's or a session's ARN, or a service's name such as `lambda.amazonaws.com`. */
  name: string;
  /** For a session: the ARN of its role. */
  roleArn?: string;
  isService?: boolean;
}

/**
 * How an allow came about: it names the principal itself, or its role, or only its account. The first is good for
 * itself; a role's sessions stay within the role's boundary; an account decides by its own policies.
 */
export type Grant = 'direct' | 'role' | 'account';

const strongestFirst: Grant[] = ['direct', 'role', 'account'];

/** The better of two grants. */
export function strongest(grants: readonly (Grant | undefined)[]): Grant | undefined {
  return strongestFirst.find((grant) => grants.includes(grant));
}

/** What a statement's principals mean for the requester; undefined if it is not among them. */
export function grantOf(element: PrincipalElement, requester: Requester): Grant | undefined {
  const grant = strongest(element.values.map(([type, value]) => grantOfOne(type, value, requester)));
  if (element.not) return grant ? undefined : 'direct';
  return grant;
}

function grantOfOne(type: string, value: string, { account, name, roleArn, isService }: Requester): Grant | undefined {
  if (type === 'Service') return isService && (value === name || value === '*') ? 'direct' : undefined;
  if (type !== 'AWS') return undefined;
  if (value === '*') return 'direct';
  if (isService) return undefined;
  if (value === name) return 'direct';
  if (value === roleArn) return 'role';
  return value === account || value.endsWith(`:iam::${account}:root`) ? 'account' : undefined;
}
