import type * as SSM from '@aws-sdk/client-ssm';
import { AwsError } from '../../errors.ts';
import type { Call, Definition } from '../../service.ts';

export type Operations = Definition<typeof SSM>['operations'];

/** A parameter's versions, the newest last. */
export interface StoredParameter {
  name: string;
  versions: StoredVersion[];
  tags: Record<string, string>;
}

export interface StoredVersion {
  version: number;
  value: string;
  type: SSM.ParameterType;
  modified: Date;
  modifiedBy: string;
  tier: SSM.ParameterTier;
  dataType: string;
  description?: string;
  allowedPattern?: string;
  keyId?: string;
}

export function parameters(call: Call): Map<string, StoredParameter> {
  return call.table('parameters');
}

export function arnOf(call: Call, name: string): string {
  return `arn:aws:ssm:${call.region}:${call.account}:parameter/${name.replace(/^\//, '')}`;
}

/** The parameter of that name or ARN, if there is one. */
export function findParameter(call: Call, nameOrArn: string): StoredParameter | undefined {
  const path = /^arn:[^:]+:ssm:[^:]*:[^:]*:parameter\/(.+)$/.exec(nameOrArn)?.[1];
  const table = parameters(call);
  return path === undefined ? table.get(nameOrArn) : (table.get(`/${path}`) ?? table.get(path));
}

/** Throws `ParameterNotFound`. */
export function getParameter(call: Call, name: string): StoredParameter {
  const parameter = findParameter(call, name);
  if (!parameter) throw notFound(name);
  return parameter;
}

export function invalidToken(): AwsError {
  return new AwsError('InvalidNextToken', 'The specified token is not valid.');
}

export function notFound(name: string): AwsError {
  // AWS gives this error no text.
  return new AwsError('ParameterNotFound', '', { members: { Name: name } });
}
