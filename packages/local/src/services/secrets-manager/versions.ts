import { AwsError } from '../../errors.ts';
import { requestId } from '../../request-id.ts';
import type { Call } from '../../service.ts';
import { invalidParameter, type SecretRecord, type SecretVersion } from './records.ts';

/** A value as a request gives it: a text or bytes. */
export interface GivenValue {
  SecretString?: string;
  SecretBinary?: Uint8Array;
  ClientRequestToken?: string;
}

/** Bytes that a value may have. */
const longest = 65_536;

export function hasValue({ SecretString, SecretBinary }: GivenValue): boolean {
  return SecretString !== undefined || SecretBinary !== undefined;
}

/** Throws InvalidParameterException. */
export function checkValue({ SecretString, SecretBinary }: GivenValue): void {
  if (SecretString !== undefined && SecretBinary !== undefined) {
    throw invalidParameter(
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    );
  }
  const length = SecretBinary?.byteLength ?? Buffer.byteLength(SecretString ?? '');
  if (length > longest) {
    throw invalidParameter(`The value of the secret is longer than ${longest} bytes.`);
  }
}

/**
 * Adds a version, which takes the stages from those that have them. The same version again is no mistake; another
 * value under its id is a ResourceExistsException.
 */
export function addVersion(
  secret: SecretRecord,
  given: GivenValue,
  stages: readonly string[],
  call: Call,
): SecretVersion {
  const { SecretString: string, SecretBinary: binary, ClientRequestToken } = given;
  const id = ClientRequestToken ?? requestId(call.cloud.store);
  const present = secret.versions.find((version) => version.id === id);
  if (present) {
    const same = present.string === string && Buffer.compare(present.binary ?? noBytes, binary ?? noBytes) === 0;
    if (same) return present;
    const message = `You can't use ClientRequestToken ${id} because that value is already in use for a version of secret ${secret.arn}.`;
    throw new AwsError('ResourceExistsException', message);
  }
  const now = new Date(call.clock.now());
  const version: SecretVersion = { id, string, binary, stages: [], created: now };
  secret.versions.push(version);
  secret.changed = now;
  for (const stage of stages) moveStage(secret, stage, version);
  // AWS forgets versions without a stage, at the latest once there are a hundred.
  secret.versions = secret.versions.filter((one) => one.stages.length > 0);
  return version;
}

const noBytes = new Uint8Array();

/** What was current becomes previous. */
function moveStage(secret: SecretRecord, stage: string, to: SecretVersion): void {
  const from = secret.versions.find((version) => version !== to && version.stages.includes(stage));
  if (from) from.stages = from.stages.filter((one) => one !== stage);
  to.stages.push(stage);
  if (from && stage === 'AWSCURRENT') moveStage(secret, 'AWSPREVIOUS', from);
}

/** Throws InvalidParameterException, ResourceNotFoundException. */
export function getVersion(
  { versions }: SecretRecord,
  { VersionId, VersionStage = VersionId === undefined ? 'AWSCURRENT' : undefined }: VersionRequest,
): SecretVersion {
  const version = versions.find(
    ({ id, stages }) =>
      (VersionId === undefined || id === VersionId) && (VersionStage === undefined || stages.includes(VersionStage)),
  );
  if (version) return version;
  const missing = VersionId === undefined ? `staging label: ${VersionStage}` : `VersionId: ${VersionId}`;
  const message = `Secrets Manager can't find the specified secret value for ${missing}`;
  throw new AwsError('ResourceNotFoundException', message);
}

interface VersionRequest {
  VersionId?: string;
  VersionStage?: string;
}

/** The stages of each version, by its id. */
export function stagesByVersion({ versions }: SecretRecord): Record<string, string[]> {
  return Object.fromEntries(versions.map(({ id, stages }) => [id, stages]));
}
