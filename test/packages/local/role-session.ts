import { accountPrincipal, type Principal } from '../../../packages/local/src/principal.ts';
import type { Cloud } from '../../../packages/local/src/service.ts';
import { iam } from '../../../packages/local/src/services/iam/index.ts';

/** Makes a role that may do this, in a cloud that has IAM; returns a session of it. */
export async function roleSession(cloud: Cloud, account: string, ...statements: object[]): Promise<Principal> {
  const as = { principal: accountPrincipal(account), region: 'us-east-1' };
  const RoleName = 'r';
  await cloud.invoke(iam, 'CreateRole', { RoleName, AssumeRolePolicyDocument: policy(trust) }, as);
  const PolicyDocument = policy(...statements);
  await cloud.invoke(iam, 'PutRolePolicy', { RoleName, PolicyName: 'p', PolicyDocument }, as);
  const arn = `arn:aws:sts::${account}:assumed-role/r/s`;
  return { kind: 'role', account, arn, roleName: RoleName, sessionName: 's' };
}

const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };

export function policy(...Statement: object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

export function allow(Action: string | string[], Resource: string | string[], Condition?: object): object {
  return { Effect: 'Allow', Action, Resource, Condition };
}
