import type * as SecretsManager from '@aws-sdk/client-secrets-manager';
import { AwsError } from '../../errors.ts';
import type { Call, Definition } from '../../service.ts';

export type Operations = Definition<typeof SecretsManager>['operations'];

export interface SecretVersion {
  id: string;
  string?: string;
  binary?: Uint8Array;
  /** Encrypted with the secret's key, where that is a customer's. */
  dataKey?: Uint8Array;
  /** `AWSCURRENT`, `AWSPREVIOUS` and the caller's own. One that has none is deprecated, and removed in time. */
  stages: string[];
  created: Date;
}

export interface SecretRecord {
  arn: string;
  name: string;
  description?: string;
  kmsKeyId?: string;
  type?: string;
  tags: Record<string, string>;
  versions: SecretVersion[];
  created: Date;
  changed: Date;
  accessed?: Date;
  /** While it waits for its deletion: when that was asked for, and when it happens. */
  deletion?: { asked: Date; due: Date };
}

/** By name. */
export function secrets(call: Call): Map<string, SecretRecord> {
  return call.table('secrets');
}

/** The secret of that name, ARN, or ARN without the six characters at its end. */
export function findSecret(call: Call, id = ''): SecretRecord | undefined {
  const name = /^arn:[^:]+:secretsmanager:[^:]*:\d{12}:secret:(.+)$/.exec(id)?.[1];
  if (name === undefined) return secrets(call).get(id);
  return [...secrets(call).values()].find(({ arn }) => arn === id || arn.slice(0, -7) === id);
}

/** Throws ResourceNotFoundException. */
export function getSecret(call: Call, id?: string): SecretRecord {
  const secret = findSecret(call, id);
  if (secret) return secret;
  throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
}

/** Throws ResourceNotFoundException, InvalidRequestException where the secret is to be deleted. */
export function getLiveSecret(call: Call, id?: string): SecretRecord {
  const secret = getSecret(call, id);
  if (!secret.deletion) return secret;
  throw invalidRequest("You can't perform this operation on the secret because it was marked for deletion.");
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}

export function invalidRequest(message: string): AwsError {
  return new AwsError('InvalidRequestException', message);
}

export function invalidToken(): AwsError {
  return new AwsError('InvalidNextTokenException', 'The NextToken value is invalid.');
}
