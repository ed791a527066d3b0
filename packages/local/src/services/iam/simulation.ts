import type * as IAM from '@aws-sdk/client-iam';
import { AwsError } from '../../errors.ts';
import type { Context } from '../../iam/context.ts';
import { decide } from '../../iam/decide.ts';
import { type Identity, identityOf } from '../../iam/identity.ts';
import { readPolicy } from '../../iam/policy.ts';
import { checkPolicy } from '../../iam/policy-check.ts';
import { findRoleByArn, usersOf } from '../../iam/records.ts';
import type { Principal } from '../../principal.ts';
import type { Call, Definition } from '../../service.ts';
import { noSuchEntity } from './errors.ts';
import { page } from './lists.ts';

/** What an identity's policies say of actions that are not carried out, with condition keys as the caller gives them. */
export const simulationOperations = {
  SimulatePrincipalPolicy({ PolicySourceArn: source = '', ...request }, call) {
    const identity = sourceOf(source, call);
    for (const document of request.PolicyInputList ?? []) checkPolicy(document, 'identity');
    const policies = [...identity.policies, ...(request.PolicyInputList ?? []).map(readPolicy)];
    const context = { ...contextOf(identity), ...contextEntries(request.ContextEntries) };
    const requests = request.ActionNames!.flatMap((action) =>
      (request.ResourceArns ?? ['*']).map((resource) => ({ action, resource })),
    );
    const results = requests.map(({ action, resource }): IAM.EvaluationResult => {
      const refusal = decide({ ...identity, policies }, { action, resource, context }, undefined);
      const denied = refusal?.explicit ? 'explicitDeny' : 'implicitDeny';
      return {
        EvalActionName: action,
        EvalResourceName: resource,
        EvalDecision: refusal ? denied : 'allowed',
        MissingContextValues: missing(policies, context),
      };
    });
    const order = ({ EvalActionName, EvalResourceName }: IAM.EvaluationResult) =>
      `${EvalActionName} ${EvalResourceName}`;
    const { items, more } = page(results, order, request);
    return { EvaluationResults: items, ...more };
  },
} satisfies Definition<typeof IAM>['operations'];

/** The policies of a role or a user. Throws `InvalidInput` for another ARN, `NoSuchEntity` for one that is not there. */
function sourceOf(arn: string, { cloud, account }: Call): Identity {
  const [, kind] = /^arn:[^:]+:iam::\d{12}:(role|user)\/./.exec(arn) ?? [];
  if (!kind)
    throw new AwsError('InvalidInput', `Invalid Entity Arn: ${arn} does not clearly define entity type and name.`);
  const role = findRoleByArn(cloud.store, arn);
  const user = [...usersOf(cloud.store, account).values()].find((one) => one.arn === arn);
  const principal: Principal | undefined = role
    ? { kind: 'role', account, arn, roleName: role.name, sessionName: 'simulation' }
    : user && { kind: 'user', account, arn, userName: user.name };
  if (!principal) throw noSuchEntity(`The ${kind} with name ${arn.split('/').at(-1)} cannot be found.`);
  return identityOf(cloud.store, principal);
}

function contextOf({ principalArn, requester, userId, tags }: Identity): Context {
  return {
    'aws:PrincipalAccount': requester.account,
    'aws:PrincipalArn': principalArn,
    'aws:userid': userId,
    ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value])),
  };
}

/** A key without values is one that the request does not have. */
function contextEntries(entries: IAM.ContextEntry[] = []): Context {
  return Object.fromEntries(
    entries.flatMap(({ ContextKeyName: key, ContextKeyValues: values = [], ContextKeyType: type = 'string' }) => {
      if (!key || values.length === 0) return [];
      return [[key, type.endsWith('List') ? values : values[0]!]];
    }),
  );
}

function missing(policies: Identity['policies'], context: Context): string[] {
  const given = new Set(Object.keys(context).map((key) => key.toLowerCase()));
  const named = policies.flatMap(({ statements }) =>
    statements.flatMap(({ conditions }) => conditions.map(({ key }) => key)),
  );
  return [...new Set(named)].filter((key) => !given.has(key.toLowerCase())).sort();
}
