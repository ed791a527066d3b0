import type { Store } from '../store.ts';
import { readPolicy } from './policy.ts';
import { findRoleByArn, findUser } from './records.ts';

/** The first principal of a resource's policy that does not exist, a user or a role, as the policy names it. */
export function missingPrincipal(document: string, store: Store): [type: string, value: string] | undefined {
  const principals = readPolicy(document).statements.flatMap((statement) => statement.principals?.values ?? []);
  return principals.find(([, value]) => {
    const [, account = '', kind, name = ''] =
      /^arn:[^:]+:iam::(\d{12}):(user|role)\/(?:.*\/)?([^/]+)$/.exec(value) ?? [];
    return (
      (kind === 'role' && !findRoleByArn(store, value)) ||
      (kind === 'user' && findUser(store, account, name)?.arn !== value)
    );
  });
}
