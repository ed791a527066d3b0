import { AwsError } from '../../errors.ts';
import type { LookupCaller } from './lookup-caller.ts';

/**
 * The value of `{{resolve:secretsmanager:secret-id:SecretString:json-key:version-stage:version-id}}`, of which `key` is
 * all after the service. What is left out or empty from the json-key on: the whole text, of the current version.
 */
export async function secretValue({ cloud, principal, region }: LookupCaller, key: string): Promise<string> {
  const { SecretId, jsonKey, VersionStage, VersionId } = parse(key);
  const input = { SecretId, VersionStage, VersionId };
  const service = 'secrets-manager';
  const found = await cloud.call({ service, operation: 'GetSecretValue', input, principal, region });
  const text = found.SecretString as string | undefined;
  if (text === undefined) {
    throw refusal(`Secrets Manager reference ${SecretId} names a binary secret; only a SecretString can be resolved`);
  }
  return jsonKey === undefined ? text : memberOf(text, jsonKey, SecretId);
}

function parse(key: string) {
  const parts = key.split(':');
  const SecretId = parts.splice(0, key.startsWith('arn:') ? 7 : 1).join(':');
  const [kind = 'SecretString', jsonKey, stage, version, ...more] = parts;
  if (kind !== 'SecretString' || more.length > 0 || (stage && version)) {
    const reference = `{{resolve:secretsmanager:${key}}}`;
    throw refusal(`Incorrect format is used in the following Secrets Manager reference: [${reference}]`);
  }
  return {
    SecretId,
    jsonKey: jsonKey || undefined,
    VersionStage: stage || undefined,
    VersionId: version || undefined,
  };
}

function memberOf(text: string, jsonKey: string, secretId: string): string {
  const members = parseMembers(text, secretId);
  const value = Object.hasOwn(members, jsonKey) ? members[jsonKey] : undefined;
  if (value === undefined) throw refusal('Could not find a value associated with JSONKey in SecretString');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The text itself is in no error. */
function parseMembers(text: string, secretId: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw refusal(`Could not parse SecretString JSON of ${secretId}`);
}

function refusal(message: string): AwsError {
  return new AwsError('ValidationError', message);
}
