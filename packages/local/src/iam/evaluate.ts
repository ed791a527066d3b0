import { holds } from './conditions.ts';
import type { Context } from './context.ts';
import { matchesAction, matchesArn, type Variables } from './match.ts';
import type { Elements, Policy, Statement } from './policy.ts';
import { type Grant, grantOf, type Requester, strongest } from './requester.ts';

/** What a principal asks to do. */
export interface AccessRequest {
  /** `sagemaker:CreateDomain`. */
  action: string;
  /** An ARN, or `*` for an action that is about no resource. */
  resource: string;
  context: Context;
  /** Needed where policies of a resource are among those evaluated. */
  principal?: Requester;
}

export type Decision = 'allow' | 'explicit deny' | 'implicit deny';

/** Whether these policies, taken together, allow the request: a deny wins, and what nothing allows is denied. */
export function evaluate(policies: Iterable<Policy>, request: AccessRequest): Decision {
  let decision: Decision = 'implicit deny';
  for (const { statement } of applicable(policies, request)) {
    if (statement.effect === 'Deny') return 'explicit deny';
    decision = 'allow';
  }
  return decision;
}

/** What the policy of a resource says: whether it denies, or else allows, and then whom its allow names. */
export function evaluateResourcePolicy(
  policy: Policy,
  request: AccessRequest & { principal: Requester },
): 'explicit deny' | 'implicit deny' | Grant {
  let decision: Grant | undefined;
  for (const { statement, grant } of applicable([policy], request)) {
    if (statement.effect === 'Deny') return 'explicit deny';
    decision = strongest([decision, grant])!;
  }
  return decision ?? 'implicit deny';
}

function* applicable(
  policies: Iterable<Policy>,
  request: AccessRequest,
): Generator<{ statement: Statement; grant: Grant }> {
  for (const policy of policies) {
    const variables = policy.variables ? request.context : undefined;
    for (const statement of policy.statements) {
      const grant = principalGrant(statement, request.principal);
      if (grant && applies(statement, request, variables)) yield { statement, grant };
    }
  }
}

/** A statement that names no principal is a policy of the principal itself. */
function principalGrant({ principals }: Statement, requester: Requester | undefined): Grant | undefined {
  if (!principals) return 'direct';
  return requester && grantOf(principals, requester);
}

function applies(statement: Statement, request: AccessRequest, variables: Variables): boolean {
  const { actions, resources, conditions } = statement;
  return (
    includes(actions, (pattern) => matchesAction(pattern, request.action)) &&
    includes(resources, (pattern) => matchesArn(pattern, request.resource, variables)) &&
    conditions.every((condition) => holds(condition, request.context, variables))
  );
}

/** A statement without resources, as a trust policy's, is about the resource that it belongs to. */
function includes(elements: Elements | undefined, matches: (pattern: string) => boolean): boolean {
  return !elements || elements.values.some(matches) !== elements.not;
}
