import type * as Lambda from '@aws-sdk/client-lambda';
import { AwsError } from '../../errors.ts';
import { evaluateResourcePolicy } from '../../iam/evaluate.ts';
import { readPolicy } from '../../iam/policy.ts';
import { requestId } from '../../request-id.ts';
import type { Call, Input } from '../../service.ts';
import { notFound, preconditionFailed, resourceConflict } from './errors.ts';
import { arnOf, parseReference, type Reference } from './names.ts';
import {
  type FunctionRecord,
  functionsOf,
  getFunction,
  getVersion,
  type Operations,
  type Statement,
} from './records.ts';

export const permissionOperations: Operations = {
  AddPermission(input, call) {
    const { record, reference } = getFunction(call, input.FunctionName, input.Qualifier);
    getVersion(record, reference);
    const policy = policyOf(record, reference);
    if (input.RevisionId && input.RevisionId !== policy?.revisionId) throw preconditionFailed();
    const statements = policy?.statements ?? [];
    if (statements.some(({ Sid }) => Sid === input.StatementId)) {
      throw resourceConflict(
        `The statement id (${input.StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
      );
    }
    const statement = statementOf(input, arnOf(reference));
    record.policies[reference.qualifier ?? ''] = {
      revisionId: requestId(call.cloud.store),
      statements: [...statements, statement],
    };
    return { Statement: JSON.stringify(statement) };
  },

  RemovePermission({ FunctionName, StatementId, Qualifier, RevisionId }, call) {
    const { record, reference } = getFunction(call, FunctionName, Qualifier);
    const policy = policyOf(record, reference);
    const statements = policy?.statements.filter(({ Sid }) => Sid !== StatementId) ?? [];
    if (!policy || statements.length === policy.statements.length) {
      throw notFound(`Statement ${StatementId} is not found in resource policy.`);
    }
    if (RevisionId && RevisionId !== policy.revisionId) throw preconditionFailed();
    const key = reference.qualifier ?? '';
    if (statements.length > 0) record.policies[key] = { revisionId: requestId(call.cloud.store), statements };
    else delete record.policies[key];
    return {};
  },

  GetPolicy({ FunctionName, Qualifier }, call) {
    const { record, reference } = getFunction(call, FunctionName, Qualifier);
    const policy = policyOf(record, reference);
    if (!policy) throw notFound('The resource you requested does not exist.');
    return { Policy: JSON.stringify(documentOf(policy.statements)), RevisionId: policy.revisionId };
  },
};

/** A function's policy as IAM evaluates it; without one, no principal is allowed. */
export function resourcePolicy(arn: string, call: Call): { document: string; account: string } {
  const reference = parseReference(arn, call);
  const record = functionsOf(call, reference).get(reference.name);
  const statements = (record && policyOf(record, reference)?.statements) ?? [];
  return { document: JSON.stringify(documentOf(statements)), account: reference.account };
}

/**
 * Throws AccessDeniedException where a service or another account calls and the function's policy does not let it.
 * (Users and roles are authorised already, by their own policies and this one.)
 */
export function checkResourcePolicy(reference: Reference, call: Call): void {
  const { principal } = call;
  const isService = principal.kind === 'service';
  const isForeignAccount = principal.kind === 'account' && principal.account !== reference.account;
  if (!isService && !isForeignAccount) return;
  const action = 'lambda:InvokeFunction';
  const resource = arnOf(reference);
  const name = isService ? principal.service : principal.arn;
  const decision = evaluateResourcePolicy(readPolicy(resourcePolicy(resource, call).document), {
    action,
    resource,
    context: {
      'aws:SourceAccount': principal.account,
      'aws:PrincipalArn': principal.arn,
      ...(isService && principal.sourceArn !== undefined && { 'aws:SourceArn': principal.sourceArn }),
    },
    principal: { account: principal.account, name, isService },
  });
  if (decision !== 'implicit deny' && decision !== 'explicit deny') return;
  const message = `User: ${name} is not authorized to perform: ${action} on resource: ${resource} because no resource-based policy allows the ${action} action`;
  throw new AwsError('AccessDeniedException', message, { status: 403 });
}

function policyOf(record: FunctionRecord, { qualifier }: Reference): FunctionRecord['policies'][string] | undefined {
  return record.policies[qualifier ?? ''];
}

function documentOf(statements: Statement[]) {
  return { Version: '2012-10-17', Id: 'default', Statement: statements };
}

function statementOf(input: Input<typeof Lambda, 'AddPermission'>, Resource: string): Statement {
  const { Principal = '', SourceArn, SourceAccount, PrincipalOrgID } = input;
  const stringEquals = {
    ...(SourceAccount && { 'AWS:SourceAccount': SourceAccount }),
    ...(PrincipalOrgID && { 'aws:PrincipalOrgID': PrincipalOrgID }),
  };
  const condition = {
    ...(Object.keys(stringEquals).length > 0 && { StringEquals: stringEquals }),
    ...(SourceArn && { ArnLike: { 'AWS:SourceArn': SourceArn } }),
  };
  return {
    Sid: input.StatementId!,
    Effect: 'Allow',
    Principal: principalElement(Principal),
    Action: input.Action!,
    Resource,
    ...(Object.keys(condition).length > 0 && { Condition: condition }),
  };
}

function principalElement(principal: string): Statement['Principal'] {
  if (principal === '*') return '*';
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:aws:iam::${principal}:root` };
  return principal.startsWith('arn:') ? { AWS: principal } : { Service: principal };
}
