import { decryptVersion } from './encryption.ts';
import { getLiveSecret, invalidParameter, type Operations } from './records.ts';
import { addVersion, checkValue, getVersion, hasValue, moveStage } from './versions.ts';

/** What is read and written of secrets' values. */
export const valueOperations: Operations = {
  async GetSecretValue({ SecretId, VersionId, VersionStage }, call) {
    const secret = getLiveSecret(call, SecretId);
    const version = getVersion(secret, { VersionId, VersionStage });
    await decryptVersion(secret, version, call);
    // AWS tells only the day.
    secret.accessed = new Date(Math.floor(call.clock.now() / 86_400_000) * 86_400_000);
    return {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: version.id,
      SecretString: version.string,
      SecretBinary: version.binary,
      VersionStages: version.stages,
      CreatedDate: version.created,
    };
  },

  async PutSecretValue({ SecretId, VersionStages = ['AWSCURRENT'], ...given }, call) {
    const secret = getLiveSecret(call, SecretId);
    if (!hasValue(given)) {
      throw invalidParameter('You must provide either SecretString or SecretBinary.');
    }
    checkValue(given);
    // What comes first is current in any case.
    const isFirst = secret.versions.length === 0;
    const stages = isFirst ? [...new Set([...VersionStages, 'AWSCURRENT'])] : VersionStages;
    const version = await addVersion(secret, given, stages, call);
    return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: version.stages };
  },

  UpdateSecretVersionStage({ SecretId, VersionStage = '', MoveToVersionId, RemoveFromVersionId }, call) {
    const secret = getLiveSecret(call, SecretId);
    const versionOf = (VersionId?: string) => (VersionId === undefined ? undefined : getVersion(secret, { VersionId }));
    const [to, from] = [versionOf(MoveToVersionId), versionOf(RemoveFromVersionId)];
    if (!to && !from) throw invalidParameter('You must specify MoveToVersionId, RemoveFromVersionId or both.');
    const holder = secret.versions.find(({ stages }) => stages.includes(VersionStage));
    // The reference: "If the staging label is already attached to a different version, you must specify it in
    // RemoveFromVersionId", and one that has not the label is an error.
    if (holder && holder !== to && holder !== from) {
      const what = `The parameter RemoveFromVersionId can't be empty. Staging label ${VersionStage} is currently attached to version ${holder.id}, so you must explicitly reference that version in RemoveFromVersionId.`;
      throw invalidParameter(what);
    }
    if (from && from !== holder) {
      throw invalidParameter(`Staging label ${VersionStage} is not attached to version ${from.id}.`);
    }
    if (!to && VersionStage === 'AWSCURRENT') {
      throw invalidParameter(
        'You can only move staging label AWSCURRENT to a different secret version. It can’t be completely removed.',
      );
    }
    if (to) moveStage(secret, VersionStage, to);
    else if (from) from.stages = from.stages.filter((stage) => stage !== VersionStage);
    secret.changed = new Date(call.clock.now());
    return { ARN: secret.arn, Name: secret.name };
  },

  ListSecretVersionIds({ SecretId, IncludeDeprecated }, call) {
    const { arn, name, versions, kmsKeyId } = getLiveSecret(call, SecretId);
    return {
      ARN: arn,
      Name: name,
      Versions: versions
        .filter(({ stages }) => IncludeDeprecated || stages.length > 0)
        .map(({ id, stages, created }) => ({
          VersionId: id,
          VersionStages: stages,
          CreatedDate: created,
          KmsKeyIds: [kmsKeyId ?? 'DefaultEncryptionKey'],
        })),
    };
  },
};
