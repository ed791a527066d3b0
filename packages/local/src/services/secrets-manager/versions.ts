import { AwsError } from '../../errors.ts';
import { requestId } from '../../request-id.ts';
import type { Call } from '../../service.ts';
import { encryptVersion } from './encryption.ts';
import { invalidParameter, invalidRequest, type SecretRecord, type SecretVersion } from './records.ts';

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
export async function addVersion(
  secret: SecretRecord,
  given: GivenValue,
  stages: readonly string[],
  call: Call,
): Promise<SecretVersion> {
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
  await encryptVersion(secret, version, call);
  secret.versions.push(version);
  secret.changed = now;
  for (const stage of stages) moveStage(secret, stage, version);
  removeOutdated(secret, now);
  return version;
}

const mostVersions = 100;
const day = 86_400_000;

/**
 * PutSecretValue's reference: "Secrets Manager removes outdated versions when there are more than 100, but it does not
 * remove versions created less than 24 hours ago." Outdated is what has no staging label.
 */
function removeOutdated(secret: SecretRecord, now: Date): void {
  let surplus = secret.versions.length - mostVersions;
  secret.versions = secret.versions.filter(({ stages, created }) => {
    const isOutdated = stages.length === 0 && now.getTime() - created.getTime() >= day;
    if (!isOutdated || surplus <= 0) return true;
    surplus -= 1;
    return false;
  });
}

const noBytes = new Uint8Array();

/** Gives a label to a version, and takes it from the one that had it. What was current becomes previous. */
export function moveStage(secret: SecretRecord, stage: string, to: SecretVersion): void {
  const from = secret.versions.find((version) => version !== to && version.stages.includes(stage));
  if (from) from.stages = from.stages.filter((one) => one !== stage);
  if (!to.stages.includes(stage)) to.stages.push(stage);
  if (from && stage === 'AWSCURRENT') moveStage(secret, 'AWSPREVIOUS', from);
}

/** Throws InvalidRequestException, ResourceNotFoundException. */
export function getVersion(
  { versions }: SecretRecord,
  { VersionId, VersionStage = VersionId === undefined ? 'AWSCURRENT' : undefined }: VersionRequest,
): SecretVersion {
  const version = versions.find(({ id, stages }) =>
    VersionId === undefined ? stages.includes(VersionStage ?? '') : id === VersionId,
  );
  if (version && VersionStage !== undefined && !version.stages.includes(VersionStage)) {
    throw invalidRequest('You provided a VersionStage that is not associated to the provided VersionId.');
  }
  if (version) return version;
  const missing = VersionId === undefined ? `staging label: ${VersionStage}` : `VersionId: ${VersionId}`;
  const message = `Secrets Manager can't find the specified secret value for ${missing}`;
  throw new AwsError('ResourceNotFoundException', message);
}

interface VersionRequest {
  VersionId?: string;
  VersionStage?: string;
}

/** The staging labels of each version, by its id. Versions without a label are left out. */
export function stagesByVersion({ versions }: SecretRecord): Record<string, string[]> {
  return Object.fromEntries(versions.filter(({ stages }) => stages.length > 0).map(({ id, stages }) => [id, stages]));
}
