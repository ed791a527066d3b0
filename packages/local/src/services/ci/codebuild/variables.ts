import type * as SecretsManager from '@aws-sdk/client-secrets-manager';
import type * as SSM from '@aws-sdk/client-ssm';
import type { Credentials } from '../../../iam/credentials.ts';
import type { Principal } from '../../../principal.ts';
import type { Call, Output } from '../../../service.ts';
import type { Buildspec } from './buildspec.ts';
import { PhaseFailure } from './phases.ts';
import type { BuildRecord } from './records.ts';

/** What a build's commands find in their environment, and what of it is never shown. */
export interface Variables {
  values: Record<string, string>;
  secrets: string[];
}

interface VariableRequest {
  name: string;
  value: string;
  type: string;
}

/** The variables that the buildspec and the build ask for; those of the build win. */
export async function variablesOf(
  build: BuildRecord,
  spec: Buildspec,
  role: Principal,
  call: Call,
): Promise<Variables> {
  const listed = (names: Record<string, string>, type: string) =>
    Object.entries(names).map(([name, value]): VariableRequest => ({ name, value, type }));
  const own = (build.environment.environmentVariables ?? []).map(
    ({ name = '', value = '', type = 'PLAINTEXT' }): VariableRequest => ({ name, value, type }),
  );
  const all = [
    ...listed(spec.variables, 'PLAINTEXT'),
    ...listed(spec.parameters, 'PARAMETER_STORE'),
    ...listed(spec.secrets, 'SECRETS_MANAGER'),
    ...own,
  ];
  const values: Record<string, string> = {};
  const secrets: string[] = [];
  for (const { name, value, type } of all) {
    if (type === 'PLAINTEXT') values[name] = value;
    else {
      values[name] = await (type === 'PARAMETER_STORE' ? parameter : secret)(value, role, call);
      if (values[name] !== '') secrets.push(values[name]);
    }
  }
  return { values, secrets };
}

async function parameter(Name: string, principal: Principal, { cloud, region }: Call): Promise<string> {
  const input = { Names: [Name], WithDecryption: true };
  const answer = await cloud.call({ service: 'ssm', operation: 'GetParameters', input, principal, region });
  const [found] = (answer as Output<typeof SSM, 'GetParameters'>).Parameters ?? [];
  if (found?.Value !== undefined) return found.Value;
  throw new PhaseFailure('Parameter Store request error', `Invalid parameter(s): ${Name}`);
}

/** `secret-id:json-key:version-stage:version-id`, of which all but the first may be left out; an id may be an ARN. */
async function secret(reference: string, principal: Principal, { cloud, region }: Call): Promise<string> {
  const parts = reference.split(':');
  const SecretId = parts.splice(0, reference.startsWith('arn:') ? 7 : 1).join(':');
  const [key = '', VersionStage, VersionId] = parts;
  const input = { SecretId, VersionStage: VersionStage || undefined, VersionId: VersionId || undefined };
  const answer = await cloud.call({
    service: 'secrets-manager',
    operation: 'GetSecretValue',
    input,
    principal,
    region,
  });
  const { SecretString = '' } = answer as Output<typeof SecretsManager, 'GetSecretValue'>;
  if (key === '') return SecretString;
  const value = memberOf(SecretString, key);
  if (value !== undefined) return value;
  throw new PhaseFailure('Secrets Manager Error Message', `The secret ${SecretId} is no JSON with the key ${key}`);
}

function memberOf(text: string, key: string): string | undefined {
  try {
    const value = (JSON.parse(text) as Record<string, unknown>)[key];
    return value === undefined ? undefined : String(value);
  } catch {
    return undefined;
  }
}

/** Where a build's sources are, by identifier; the primary's has none. */
export interface Directories {
  home: string;
  source: string;
  secondary: Record<string, string>;
}

/** What CodeBuild sets itself, and the one variable that sends AWS clients to the local cloud. */
export function inheritedVariables(
  build: BuildRecord,
  { home, source, secondary }: Directories,
  { accessKeyId, secretAccessKey, sessionToken }: Credentials,
  call: Call,
): Record<string, string> {
  const sources = Object.entries(secondary).map(([name, path]) => [`CODEBUILD_SRC_DIR_${name}`, path]);
  return {
    // The commands are those of this machine: nothing here runs the project's image.
    PATH: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
    HOME: home,
    TMPDIR: home,
    LANG: 'C.UTF-8',
    AWS_ENDPOINT_URL: call.cloud.endpoint,
    AWS_REGION: call.region,
    AWS_DEFAULT_REGION: call.region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_EC2_METADATA_DISABLED: 'true',
    CODEBUILD_BUILD_ARN: build.arn,
    CODEBUILD_BUILD_ID: build.id,
    CODEBUILD_BUILD_IMAGE: build.environment.image!,
    CODEBUILD_BUILD_NUMBER: String(build.buildNumber),
    CODEBUILD_BUILD_SUCCEEDING: '1',
    CODEBUILD_CI: 'true',
    CODEBUILD_INITIATOR: build.initiator ?? '',
    CODEBUILD_KMS_KEY_ID: build.encryptionKey ?? '',
    CODEBUILD_LOG_PATH: build.logs?.streamName ?? '',
    CODEBUILD_SOURCE_VERSION: build.sourceVersion ?? '',
    CODEBUILD_RESOLVED_SOURCE_VERSION: build.resolvedSourceVersion ?? '',
    CODEBUILD_SRC_DIR: source,
    CODEBUILD_START_TIME: String(build.startTime!.getTime()),
    ...Object.fromEntries(sources),
  };
}
